/** Reading the fields of a client's frame. What is not as the protocol says is a `BadFrame`. */
import { isGroupName } from '../names.ts';
import { faultOfMetadata, type Metadata, type Payload } from '../payload.ts';

/** A frame that no client may send. */
export class BadFrame extends Error {}

export type Fields = Record<string, unknown>;

export function readPayload(fields: Fields): Payload {
  const { data } = fields;
  const dataType = fields['dataType'] ?? 'json';
  if (typeof dataType !== 'string') throw new BadFrame('dataType must be text.');
  if (data === undefined || data === null) throw new BadFrame('data is missing.');
  const name = dataType.toLowerCase();
  if (name === 'json') return { dataType: 'json', json: JSON.stringify(data) };
  if (data instanceof Buffer && (name === 'binary' || name === 'protobuf')) {
    return { dataType: name, bytes: data };
  }
  if (typeof data !== 'string') throw new BadFrame(`data of type ${dataType} must be a string.`);
  switch (name) {
    case 'text':
      return { dataType: 'text', text: data };
    case 'binary':
    case 'protobuf':
      return { dataType: name, bytes: readBase64(data) };
    default:
      throw new BadFrame(`Unknown dataType '${dataType.slice(0, 64)}'.`);
  }
}

function readBase64(text: string): Buffer {
  // Node skips what is not base64, which would deliver other bytes than were meant.
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new BadFrame('data is not base64.');
  return Buffer.from(text, 'base64');
}

export function readText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new BadFrame(`${name} must be a text.`);
  return value;
}

export function readCount(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new BadFrame(`${name} must be a whole number.`);
  }
  return value;
}

export function readGroup(fields: Fields): string {
  const group = readText(fields, 'group');
  if (!isGroupName(group)) throw new BadFrame('group must have 1 to 1024 characters, not only blanks.');
  return group;
}

export function readAckId(fields: Fields): number | undefined {
  return fields['ackId'] === undefined || fields['ackId'] === null ? undefined : readCount(fields, 'ackId');
}

export function readMetadata(fields: Fields): Metadata | undefined {
  const { metadata } = fields;
  if (metadata === undefined || metadata === null) return undefined;
  if (typeof metadata !== 'object' || Object.values(metadata).some((value) => typeof value !== 'string')) {
    throw new BadFrame('metadata must be an object of texts.');
  }
  const fault = faultOfMetadata(metadata as Metadata);
  if (fault) throw new BadFrame(`metadata: ${fault}.`);
  return metadata as Metadata;
}

/** A field that is absent, or an object. */
export function readObject(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new BadFrame(`${name} must be an object.`);
  return value as Fields;
}
