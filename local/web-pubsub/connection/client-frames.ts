/**
 * What clients of a subprotocol send: a closed union, and the parser that admits nothing else. A fault here is the client's
 * and closes its connection with 1007.
 */
import type { Metadata, Payload } from '../payload.ts';
import {
  BadFrame,
  readAckId,
  readCount,
  readGroup,
  readMetadata,
  readObject,
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
  | StreamStart
  | { type: 'streamData'; streamId: string; part: StreamPart | undefined }
  | { type: 'streamEnd'; streamId: string; error: StreamEndError | undefined }
  /** A part of the protocol that this service knows but does not serve. */
  | { type: 'groupState'; ackId: number | undefined };

/** `sendToGroup` without data: opens a stream of messages to the group. */
export interface StreamStart {
  type: 'streamStart';
  streamId: string;
  group: string;
  noEcho: boolean;
  idleTimeoutMs: number;
  ttlSeconds: number | undefined;
  metadata: Metadata | undefined;
  ackId: number | undefined;
}

/** A message of a stream; absent from a frame that only keeps the stream open. */
export interface StreamPart {
  /** Counts from 1. */
  sequenceId: number;
  payload: Payload;
}

/** Why a client breaks its stream off, for the members of the group. */
export interface StreamEndError {
  message?: string;
  userErrorCode?: string;
}

/** Parses one text frame. Throws `BadFrame`. */
export function parseClientFrame(text: string): ClientFrame {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    throw new BadFrame('The frame is not JSON.');
  }
  if (typeof fields !== 'object' || fields === null) throw new BadFrame('The frame is not a JSON object.');
  return parseFields(fields as Fields);
}

/** Reads a frame whose encoding has been undone; bytes of its data may be a `Buffer`. Throws `BadFrame`. */
export function parseFields(fields: Fields): ClientFrame {
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
      return { type: 'streamData', streamId: readText(fields, 'streamId'), part: readPart(fields) };
    case 'streamend':
      return { type: 'streamEnd', streamId: readText(fields, 'streamId'), error: readEndError(fields) };
    case 'setgroupstate':
    case 'subscribegroupstate':
    case 'unsubscribegroupstate':
      return { type: 'groupState', ackId: readAckId(fields) };
    default:
      throw new BadFrame(`Unknown type '${type.slice(0, 64)}'.`);
  }
}

function readSendToGroup(fields: Fields): ClientFrame {
  const ttlSeconds = fields['ttlSeconds'] === undefined ? undefined : readCount(fields, 'ttlSeconds');
  if (ttlSeconds !== undefined && ttlSeconds > 300) throw new BadFrame('ttlSeconds is at most 300.');
  const noEcho = fields['noEcho'] ?? false;
  if (typeof noEcho !== 'boolean') throw new BadFrame('noEcho must be true or false.');
  const common = {
    group: readGroup(fields),
    noEcho,
    ttlSeconds,
    metadata: readMetadata(fields),
    ackId: readAckId(fields),
  };
  const stream = readObject(fields, 'stream');
  if (!stream) return { type: 'sendToGroup', payload: readPayload(fields), ...common };
  if (fields['data'] !== undefined) throw new BadFrame('A frame that opens a stream has no data.');
  return {
    type: 'streamStart',
    streamId: readText(stream, 'streamId'),
    idleTimeoutMs: readIdleTimeout(stream),
    ...common,
  };
}

const defaultIdleTimeoutMs = 300_000;
/** What a timer can hold. */
const longestIdleTimeoutMs = 2 ** 31 - 1;

function readIdleTimeout(stream: Fields): number {
  if (stream['idleTimeoutMs'] === undefined || stream['idleTimeoutMs'] === null) return defaultIdleTimeoutMs;
  const given = readCount(stream, 'idleTimeoutMs');
  if (given < 1 || given > longestIdleTimeoutMs) throw new BadFrame('idleTimeoutMs is out of range.');
  return given;
}

function readPart(fields: Fields): StreamPart | undefined {
  if (fields['streamSequenceId'] === undefined && fields['data'] === undefined) return undefined;
  const sequenceId = readCount(fields, 'streamSequenceId');
  if (sequenceId < 1) throw new BadFrame('streamSequenceId counts from 1.');
  return { sequenceId, payload: readPayload(fields) };
}

function readEndError(fields: Fields): StreamEndError | undefined {
  const error = readObject(fields, 'error');
  if (!error) return undefined;
  const { message, userErrorCode } = error;
  return {
    ...(typeof message === 'string' && { message }),
    ...(typeof userErrorCode === 'string' && { userErrorCode }),
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
