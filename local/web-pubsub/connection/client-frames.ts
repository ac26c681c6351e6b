/**
 * What JSON clients send: a closed union, and the parser that admits nothing else. A fault here is the client's
 * and closes its connection with 1007.
 */
import { isGroupName } from '../names.ts';
import { faultOfMetadata, type Metadata, type Payload } from '../payload.ts';

export type ClientFrame =
  | { type: 'joinGroup' | 'leaveGroup'; group: string; ackId: number | undefined }
  | {
      type: 'sendToGroup';
      group: string;
      payload: Payload;
      noEcho: boolean;
      ttlSeconds: number | undefined;
      metadata: Metadata | undefined;
      ackId: number | undefined;
    }
  | {
      type: 'event';
      event: string;
      payload: Payload;
      metadata: Metadata | undefined;
      ackId: number | undefined;
    }
  | { type: 'sequenceAck'; sequenceId: number }
  | { type: 'ping' }
  /** Parts of the protocol that this service knows but does not serve. */
  | { type: 'invoke'; invocationId: string }
  | { type: 'cancelInvocation' }
  | { type: 'stream'; streamId: string }
  | { type: 'groupState'; ackId: number | undefined };

/** A frame that no client may send. */
export class BadFrame extends Error {}

type Fields = Record<string, unknown>;

/** Parses one text frame. Throws `BadFrame`. */
export function parseClientFrame(text: string): ClientFrame {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    throw new BadFrame('The frame is not JSON.');
  }
  if (typeof fields !== 'object' || fields === null) throw new BadFrame('The frame is not a JSON object.');
  return toFrame(fields as Fields);
}

function toFrame(fields: Fields): ClientFrame {
  const type = readText(fields, 'type');
  switch (type.toLowerCase()) {
    case 'joingroup':
      return { type: 'joinGroup', group: readGroup(fields), ackId: readAckId(fields) };
    case 'leavegroup':
      return { type: 'leaveGroup', group: readGroup(fields), ackId: readAckId(fields) };
    case 'sendtogroup':
      return readSendToGroup(fields);
    case 'event':
      return {
        type: 'event',
        event: readText(fields, 'event'),
        payload: readPayload(fields),
        metadata: readMetadata(fields),
        ackId: readAckId(fields),
      };
    case 'sequenceack':
      return { type: 'sequenceAck', sequenceId: readCount(fields, 'sequenceId') };
    case 'ping':
      return { type: 'ping' };
    case 'invoke':
      return { type: 'invoke', invocationId: readText(fields, 'invocationId') };
    case 'cancelinvocation':
      return { type: 'cancelInvocation' };
    case 'streamdata':
    case 'streamend':
      return { type: 'stream', streamId: readText(fields, 'streamId') };
    case 'setgroupstate':
    case 'subscribegroupstate':
    case 'unsubscribegroupstate':
      return { type: 'groupState', ackId: readAckId(fields) };
    default:
      throw new BadFrame(`Unknown type '${type.slice(0, 64)}'.`);
  }
}

function readSendToGroup(fields: Fields): ClientFrame {
  const group = readGroup(fields);
  const { stream } = fields;
  if (typeof stream === 'object' && stream !== null) {
    return { type: 'stream', streamId: readText(stream as Fields, 'streamId') };
  }
  const ttlSeconds = fields['ttlSeconds'] === undefined ? undefined : readCount(fields, 'ttlSeconds');
  if (ttlSeconds !== undefined && ttlSeconds > 300) throw new BadFrame('ttlSeconds is at most 300.');
  const noEcho = fields['noEcho'] ?? false;
  if (typeof noEcho !== 'boolean') throw new BadFrame('noEcho must be true or false.');
  return {
    type: 'sendToGroup',
    group,
    payload: readPayload(fields),
    noEcho,
    ttlSeconds,
    metadata: readMetadata(fields),
    ackId: readAckId(fields),
  };
}

function readPayload(fields: Fields): Payload {
  const { data } = fields;
  const dataType = fields['dataType'] ?? 'json';
  if (typeof dataType !== 'string') throw new BadFrame('dataType must be text.');
  if (data === undefined || data === null) throw new BadFrame('data is missing.');
  const name = dataType.toLowerCase();
  if (name === 'json') return { dataType: 'json', json: JSON.stringify(data) };
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

function readText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new BadFrame(`${name} must be a text.`);
  return value;
}

function readCount(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new BadFrame(`${name} must be a whole number.`);
  }
  return value;
}

function readGroup(fields: Fields): string {
  const group = readText(fields, 'group');
  if (!isGroupName(group)) throw new BadFrame('group must have 1 to 1024 characters, not only blanks.');
  return group;
}

function readAckId(fields: Fields): number | undefined {
  return fields['ackId'] === undefined || fields['ackId'] === null ? undefined : readCount(fields, 'ackId');
}

function readMetadata(fields: Fields): Metadata | undefined {
  const { metadata } = fields;
  if (metadata === undefined || metadata === null) return undefined;
  if (typeof metadata !== 'object' || Object.values(metadata).some((value) => typeof value !== 'string')) {
    throw new BadFrame('metadata must be an object of texts.');
  }
  const fault = faultOfMetadata(metadata as Metadata);
  if (fault) throw new BadFrame(`metadata: ${fault}.`);
  return metadata as Metadata;
}
