/**
 * `UpstreamMessage` of the protobuf subprotocols, read as the frames that JSON clients send:
 * https://learn.microsoft.com/azure/azure-web-pubsub/reference-protobuf-reliable-webpubsub-subprotocol.
 */
import { parseFields, type ClientFrame } from '../connection/client-frames.ts';
import { BadFrame } from '../connection/frame-fields.ts';
import { Fields, MalformedMessage } from './wire-format.ts';

/** Numbers of the fields of `UpstreamMessage`, and how each message reads. */
const messages: [number: number, read: (fields: Fields) => Record<string, unknown>][] = [
  [
    1,
    (fields) => ({
      type: 'sendToGroup',
      group: fields.text(1),
      ackId: fields.count(2),
      ...data(fields.message(3)),
      noEcho: fields.count(4) === 1,
      stream: stream(fields.message(7)),
    }),
  ],
  [
    5,
    (fields) => ({
      type: 'event',
      event: fields.text(1),
      ...data(fields.message(2)),
      ackId: fields.count(3),
    }),
  ],
  [6, (fields) => ({ type: 'joinGroup', group: fields.text(1), ackId: fields.count(2) })],
  [7, (fields) => ({ type: 'leaveGroup', group: fields.text(1), ackId: fields.count(2) })],
  [8, (fields) => ({ type: 'sequenceAck', sequenceId: fields.count(1) ?? 0 })],
  [9, () => ({ type: 'ping' })],
  [
    13,
    (fields) => ({
      type: 'streamData',
      streamId: fields.text(1),
      streamSequenceId: fields.count(2),
      ...data(fields.message(3)),
    }),
  ],
  [14, (fields) => ({ type: 'streamEnd', streamId: fields.text(1), error: endError(fields.message(2)) })],
];

/** Parses one binary frame. Throws `BadFrame`. */
export function parseClientMessage(bytes: Buffer): ClientFrame {
  try {
    const upstream = new Fields(bytes);
    const found = messages.find(([number]) => upstream.has(number));
    if (!found) throw new BadFrame('The frame holds no message that is known.');
    const [number, read] = found;
    return parseFields(read(upstream.message(number)!));
  } catch (error) {
    if (error instanceof MalformedMessage) throw new BadFrame(error.message);
    throw error;
  }
}

/** `MessageData`, as the fields of a JSON frame; bytes stay as they are. */
function data(given: Fields | undefined): Record<string, unknown> {
  if (given?.has(1)) return { dataType: 'text', data: given.text(1) };
  if (given?.has(2)) return { dataType: 'binary', data: given.bytes(2) };
  if (given?.has(3)) return { dataType: 'protobuf', data: given.bytes(3) };
  return {};
}

const stream = (given: Fields | undefined): Record<string, unknown> | undefined =>
  given && { streamId: given.text(1), idleTimeoutMs: given.count(2) };

const endError = (given: Fields | undefined): Record<string, unknown> | undefined =>
  given && { message: given.text(1), userErrorCode: given.text(2) };
