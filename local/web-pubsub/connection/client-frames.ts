/**
 * What JSON clients send: a closed union, and the parser that admits nothing else. A fault here is the client's
 * and closes its connection with 1007.
 */
import type { Metadata, Payload } from '../payload.ts';
import {
  BadFrame,
  readAckId,
  readCount,
  readGroup,
  readMetadata,
  readPayload,
  readText,
  type Fields,
} from './frame-fields.ts';

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
  | {
      type: 'invoke';
      invocationId: string;
      event: string;
      /** A client may invoke an event without data. */
      payload: Payload;
      metadata: Metadata | undefined;
    }
  | { type: 'cancelInvocation'; invocationId: string }
  /** Parts of the protocol that this service knows but does not serve. */
  | { type: 'stream'; streamId: string }
  | { type: 'groupState'; ackId: number | undefined };

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
      return readInvoke(fields);
    case 'cancelinvocation':
      return { type: 'cancelInvocation', invocationId: readText(fields, 'invocationId') };
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

const noPayload: Payload = { dataType: 'text', text: '' };

function readInvoke(fields: Fields): ClientFrame {
  const target = fields['target'] ?? 'event';
  if (target !== 'event') throw new BadFrame("target must be 'event'.");
  const { data } = fields;
  return {
    type: 'invoke',
    invocationId: readText(fields, 'invocationId'),
    event: readText(fields, 'event'),
    payload: data === undefined || data === null ? noPayload : readPayload(fields),
    metadata: readMetadata(fields),
  };
}
