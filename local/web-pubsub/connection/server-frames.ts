/** Frames for clients of a subprotocol that are not messages: most answer one of theirs. */
import { toDataField, type Payload } from '../payload.ts';
import type { ClientFrame } from './client-frames.ts';

/** Why something was not done: a name of the protocol, and words for people. */
export interface Failure {
  name: string;
  message: string;
}

/** Every frame that is not a message. */
export type FrameFields =
  | {
      type: 'system';
      event: 'connected';
      userId: string | undefined;
      connectionId: string;
      reconnectionToken: string | undefined;
    }
  | { type: 'system'; event: 'disconnected'; message: string }
  | { type: 'pong' }
  | { type: 'ack'; ackId: number; success: boolean; error?: Failure }
  | { type: 'invokeResponse'; invocationId: string; success: boolean; error?: Failure }
  | { type: 'streamAck'; streamId: string; expectedSequenceId: number }
  | { type: 'streamNack'; streamId: string; name: string; message: string; expectedSequenceId: number }
  | { type: 'streamClosed'; streamId: string; error?: Failure };

/** A frame for a client of a subprotocol, or its text where that is written already. */
export type ServerFrame = FrameFields | string;

export const ack = (ackId: number, error?: Failure): FrameFields => ({
  type: 'ack',
  ackId,
  success: error === undefined,
  ...(error && { error }),
});

/** What the handler answered; undefined for nothing. Its JSON goes on as it was written. */
export function invokeResponse(invocationId: string, payload: Payload | undefined): ServerFrame {
  const head: FrameFields = { type: 'invokeResponse', invocationId, success: true };
  if (!payload) return head;
  const text = JSON.stringify({ ...head, dataType: payload.dataType });
  return `${text.slice(0, -1)},"data":${toDataField(payload)}}`;
}

export const failedInvocation = (invocationId: string, error: Failure): FrameFields => ({
  type: 'invokeResponse',
  invocationId,
  success: false,
  error,
});

/** All before `expectedSequenceId` has arrived. */
export const streamAck = (streamId: string, expectedSequenceId: number): FrameFields => ({
  type: 'streamAck',
  streamId,
  expectedSequenceId,
});

/** A message of the stream came before its time. */
export const streamNack = (streamId: string, expectedSequenceId: number): FrameFields => ({
  type: 'streamNack',
  streamId,
  name: 'InvalidSequenceId',
  message: `The next message of this stream is number ${expectedSequenceId}.`,
  expectedSequenceId,
});

export const streamClosed = (streamId: string, error?: Failure): FrameFields => ({
  type: 'streamClosed',
  streamId,
  ...(error && { error }),
});

/** What tells a client that its frame was not acted on; undefined where the protocol has no word for it. */
export function failureOf(frame: ClientFrame, error: Failure): FrameFields | undefined {
  if (frame.type === 'invoke') return failedInvocation(frame.invocationId, error);
  if ('streamId' in frame) return streamClosed(frame.streamId, error);
  return 'ackId' in frame && frame.ackId !== undefined ? ack(frame.ackId, error) : undefined;
}
