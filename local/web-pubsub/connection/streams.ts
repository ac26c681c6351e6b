/**
 * The streams that one client has open: numbered messages to a group, each taken once and in order, until the client
 * ends them or falls silent. Knows no socket: a stream goes on over a recovery, and ends with its connection.
 */
import { Delivery, type StreamInfo } from '../delivery.ts';
import type { Payload } from '../payload.ts';
import type { StreamEndError, StreamPart, StreamStart } from './client-frames.ts';
import type { Connection } from './connection.ts';
import { streamAck, streamClosed, streamNack, type Failure, type FrameFields } from './server-frames.ts';

interface Stream {
  start: StreamStart;
  /** The number of the next message. */
  expected: number;
  idle: NodeJS.Timeout;
}

/** The last message of a stream has no content; text is what every reader of JSON frames takes. */
const nothing: Payload = { dataType: 'text', text: '' };

export class Streams {
  readonly #connection: Connection;
  readonly #open = new Map<string, Stream>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Opens a stream. Answers the frame that says so, or why not; a repeat is told how far the stream is. */
  start(start: StreamStart): FrameFields {
    const { streamId, group } = start;
    if (!this.#connection.roles.allows('sendToGroup', group)) return streamClosed(streamId, forbidden);
    const known = this.#open.get(streamId);
    if (known && known.start.group !== group) {
      return streamClosed(streamId, {
        name: 'BadRequest',
        message: `Stream '${streamId}' is open to another group.`,
      });
    }
    if (known) return streamAck(streamId, known.expected);
    const idle = setTimeout(() => this.#onIdle(streamId), start.idleTimeoutMs);
    this.#open.set(streamId, { start, expected: 1, idle });
    return streamAck(streamId, 1);
  }

  /** Takes a message, or a sign of life, which is not answered. */
  data(streamId: string, part: StreamPart | undefined): FrameFields | undefined {
    const stream = this.#open.get(streamId);
    if (!stream) return notFound(streamId);
    stream.idle.refresh();
    if (!part) return undefined;
    if (part.sequenceId > stream.expected) return streamNack(streamId, stream.expected);
    if (part.sequenceId === stream.expected) {
      // The right may have been taken back since the stream began.
      if (!this.#connection.roles.allows('sendToGroup', stream.start.group)) {
        this.#finish(stream, forbidden);
        return streamClosed(streamId, forbidden);
      }
      this.#publish(stream, part.payload, { streamId, streamSequenceId: part.sequenceId });
      stream.expected += 1;
    }
    return streamAck(streamId, stream.expected);
  }

  /** Ends a stream by its client's wish, for a reason or in good order. */
  end(streamId: string, error: StreamEndError | undefined): FrameFields {
    const stream = this.#open.get(streamId);
    if (!stream) return notFound(streamId);
    this.#finish(stream, error && { name: 'UserError', ...error });
    return streamClosed(streamId);
  }

  /** The connection is gone: the receivers hear that no more will come. */
  abandon(): void {
    for (const stream of this.#open.values()) {
      this.#finish(stream, { name: 'ConnectionClosed', message: 'The sender of the stream has gone.' });
    }
  }

  #onIdle(streamId: string): void {
    const stream = this.#open.get(streamId);
    if (!stream) return;
    const error: Failure = {
      name: 'IdleTimeout',
      message: `Nothing has come for ${stream.start.idleTimeoutMs} ms.`,
    };
    this.#finish(stream, error);
    this.#connection.send(streamClosed(streamId, error));
  }

  #finish(stream: Stream, error: StreamInfo['error']): void {
    const { streamId } = stream.start;
    clearTimeout(stream.idle);
    this.#open.delete(streamId);
    const info: StreamInfo = { streamId, streamSequenceId: stream.expected, endOfStream: true };
    this.#publish(stream, nothing, error ? { ...info, error } : info);
  }

  #publish({ start }: Stream, payload: Payload, stream: StreamInfo): void {
    const { group, noEcho, metadata, ttlSeconds } = start;
    const sender = this.#connection;
    const source = { from: 'group', group, fromUserId: sender.userId } as const;
    const delivery = new Delivery(source, payload, { metadata, ttlSeconds, stream });
    sender.hub.publish(group, delivery, (target) => {
      // A client without a subprotocol would see an empty message.
      if (stream.endOfStream && target.protocol.format === 'raw') return false;
      return !noEcho || target !== sender;
    });
  }
}

const forbidden: Failure = {
  name: 'Forbidden',
  message: 'The connection has no sendToGroup right for this group.',
};

const notFound = (streamId: string): FrameFields =>
  streamClosed(streamId, { name: 'StreamNotFound', message: `There is no open stream '${streamId}'.` });
