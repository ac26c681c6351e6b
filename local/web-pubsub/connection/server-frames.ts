/** Frames for JSON clients that answer one of theirs. */
import type { ClientFrame } from './client-frames.ts';

/** Why something was not done: a name of the protocol, and words for people. */
export interface Failure {
  name: string;
  message: string;
}

export const ack = (ackId: number, error?: Failure): object => ({
  type: 'ack',
  ackId,
  success: error === undefined,
  ...(error && { error }),
});

export const failedInvocation = (invocationId: string, error: Failure): object => ({
  type: 'invokeResponse',
  invocationId,
  success: false,
  error,
});

export const streamClosed = (streamId: string, error?: Failure): object => ({
  type: 'streamClosed',
  streamId,
  ...(error && { error }),
});

/** What tells a client that its frame was not acted on; undefined where the protocol has no word for it. */
export function failureOf(frame: ClientFrame, error: Failure): object | undefined {
  if (frame.type === 'invoke') return failedInvocation(frame.invocationId, error);
  if (frame.type === 'stream') return streamClosed(frame.streamId, error);
  return 'ackId' in frame && frame.ackId !== undefined ? ack(frame.ackId, error) : undefined;
}
