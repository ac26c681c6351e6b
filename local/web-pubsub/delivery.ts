/**
 * A message on its way to any number of connections. Its frames are made once, whatever the number, and shared:
 * nothing here is copied for a receiver.
 */
import { toBytes, toDataField, type Metadata, type Payload } from './payload.ts';
import type { Reply } from './upstream/event-sequence.ts';

export type Source = { from: 'server' } | { from: 'group'; group: string; fromUserId: string | undefined };

export class Delivery {
  readonly payload: Payload;
  /** Epoch milliseconds after which it is not replayed; undefined lives as long as the buffer. */
  readonly expiresAt: number | undefined;
  readonly #source: Source;
  readonly #metadata: Metadata | undefined;
  #jsonTail: Buffer | undefined;
  #bytes: Buffer | undefined;

  constructor(
    source: Source,
    payload: Payload,
    more: { metadata?: Metadata | undefined; ttlSeconds?: number | undefined } = {},
  ) {
    this.#source = source;
    this.payload = payload;
    this.#metadata = more.metadata;
    // 0 is the documented default and means that the message does not expire.
    this.expiresAt = more.ttlSeconds ? Date.now() + more.ttlSeconds * 1000 : undefined;
  }

  /** The JSON frame without its first brace, so that a reliable connection can put its number in front. */
  get jsonTail(): Buffer {
    this.#jsonTail ??= Buffer.from(this.#writeTail());
    return this.#jsonTail;
  }

  /** The frame of a raw client. */
  get bytes(): Buffer {
    this.#bytes ??= toBytes(this.payload);
    return this.#bytes;
  }

  get isBinary(): boolean {
    return this.payload.dataType === 'binary' || this.payload.dataType === 'protobuf';
  }

  #writeTail(): string {
    const { dataType } = this.payload;
    const head = JSON.stringify({ type: 'message', ...this.#source, dataType, metadata: this.#metadata });
    return `${head.slice(1, -1)},"data":${toDataField(this.payload)}}`;
  }
}

/** What an event handler says back to the one client that raised the event. */
export const toDelivery = ({ payload, metadata }: Reply): Delivery =>
  new Delivery({ from: 'server' }, payload, { metadata });
