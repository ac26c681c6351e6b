/**
 * What a message carries, in the forms that it takes: the `data` field of a JSON frame, the whole frame of a
 * raw client, the body of a request. Knows no protocol.
 */
export type DataType = 'json' | 'text' | 'binary' | 'protobuf';

/** `json` holds JSON text that is known to parse. */
export type Payload =
  | { dataType: 'json'; json: string }
  | { dataType: 'text'; text: string }
  | { dataType: 'binary' | 'protobuf'; bytes: Buffer };

/** Extra fields of a message, from `X-WebPubSub-Metadata-*` or a frame's `metadata`. */
export type Metadata = Record<string, string>;

/** The JSON text of a frame's `data`. */
export function toDataField(payload: Payload): string {
  switch (payload.dataType) {
    case 'json':
      return payload.json;
    case 'text':
      return JSON.stringify(payload.text);
    case 'binary':
    case 'protobuf':
      return `"${payload.bytes.toString('base64')}"`;
  }
}

/** The bare bytes: a raw client's frame, an event's body. */
export function toBytes(payload: Payload): Buffer {
  switch (payload.dataType) {
    case 'json':
      return Buffer.from(payload.json);
    case 'text':
      return Buffer.from(payload.text);
    case 'binary':
    case 'protobuf':
      return payload.bytes;
  }
}

const contentTypes: Record<DataType, string> = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  binary: 'application/octet-stream',
  protobuf: 'application/x-protobuf',
};

export const toContentType = (payload: Payload): string => contentTypes[payload.dataType];

/** A body as a payload; undefined for a content type that messages cannot have. Throws a `SyntaxError` for bad JSON. */
export function fromBody(body: Buffer, contentType: string): Payload | undefined {
  switch (contentType.replace(/;.*/s, '').trim().toLowerCase()) {
    case 'application/json': {
      const json = body.toString();
      JSON.parse(json);
      return { dataType: 'json', json };
    }
    case 'text/plain':
      return { dataType: 'text', text: body.toString() };
    case 'application/octet-stream':
      return { dataType: 'binary', bytes: body };
    default:
      return undefined;
  }
}

/** What is wrong with metadata, or undefined. Keys: token characters, 256 bytes; values 1 KiB; 8 KiB together. */
export function faultOfMetadata(metadata: Metadata): string | undefined {
  let total = 0;
  for (const [key, value] of Object.entries(metadata)) {
    if (!/^[\w!#$%&'*+.^`|~-]{1,256}$/.test(key)) return `the key '${key.slice(0, 64)}' is not valid`;
    const size = Buffer.byteLength(value);
    if (size > 1024) return `the value of '${key}' is longer than 1 KiB`;
    total += key.length + size;
  }
  return total > 8192 ? 'all of it is longer than 8 KiB' : undefined;
}
