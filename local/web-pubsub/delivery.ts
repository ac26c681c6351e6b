/**
 * A message on its way to any number of connections. It is written as JSON once, and its frames are shared by all who
 * get the same.
 */
import { toFrame, type Frame } from './connection/frame.ts';
import { toBytes, toDataField, type Metadata, type Payload } from './payload.ts';
import { writeData, writeDataMessage } from './protobuf/server-messages.ts';
import type { Reply } from './upstream/event-sequence.ts';

export type Source = { from: 'server' } | { from: 'group'; group: string; fromUserId: string | undefined };

/** Where in a stream a message is, as its receivers are told. */
export interface StreamInfo {
  streamId: string;
  streamSequenceId: number;
  endOfStream?: true;
  error?: { name: string; message?: string; userErrorCode?: string };
}

interface Extras {
  metadata?: Metadata | undefined;
  ttlSeconds?: number | undefined;
  stream?: StreamInfo;
}

export class Delivery {
  readonly payload: Payload;
  /** Epoch milliseconds after which it is not replayed; undefined lives as long as the buffer. */
  readonly expiresAt: number | undefined;
  readonly #source: Source;
  readonly #extras: Extras;
  #madeTail: Buffer | undefined;
  #jsonFrame: Frame | undefined;
  #numbered: { sequenceId: number; frame: Frame } | undefined;
  #protobufData: Buffer | undefined;
  #protobuf: { sequenceId: number | undefined; frame: Frame } | undefined;
  #rawFrame: Frame | undefined;

  constructor(source: Source, payload: Payload, extras: Extras = {}) {
    this.#source = source;
    this.payload = payload;
    this.#extras = extras;
    // 0 is the documented default and means that the message does not expire.
    this.expiresAt = extras.ttlSeconds ? Date.now() + extras.ttlSeconds * 1000 : undefined;
  }

  /** In bytes, of the JSON frame but for its first brace. */
  get length(): number {
    return this.#tail.length;
  }

  /** For JSON clients without a number. */
  get jsonFrame(): Frame {
    return (this.#jsonFrame ??= toFrame('text', '{', this.#tail));
  }

  /** For reliable JSON clients: made once for all who are at the same number when it is sent. */
  numberedFrame(sequenceId: number): Frame {
    if (this.#numbered?.sequenceId !== sequenceId) {
      const frame = toFrame('text', `{"sequenceId":${sequenceId},`, this.#tail);
      this.#numbered = { sequenceId, frame };
    }
    return this.#numbered.frame;
  }

  /** For clients of the protobuf subprotocols, which is made anew only for another number. */
  protobufFrame(sequenceId: number | undefined): Frame {
    if (!this.#protobuf || this.#protobuf.sequenceId !== sequenceId) {
      this.#protobufData ??= writeData(this.#source, this.payload, this.#extras.stream);
      const frame = toFrame('binary', '', writeDataMessage(this.#protobufData, sequenceId));
      this.#protobuf = { sequenceId, frame };
    }
    return this.#protobuf.frame;
  }

  /** For clients without a subprotocol: the bare payload. */
  get rawFrame(): Frame {
    const { dataType } = this.payload;
    const kind = dataType === 'binary' || dataType === 'protobuf' ? 'binary' : 'text';
    return (this.#rawFrame ??= toFrame(kind, '', toBytes(this.payload)));
  }

  /** A JSON frame without its first brace, so that a number can be put in front. */
  get #tail(): Buffer {
    return (this.#madeTail ??= Buffer.from(this.#writeTail()));
  }

  #writeTail(): string {
    const { dataType } = this.payload;
    const { metadata, stream } = this.#extras;
    const head = JSON.stringify({ type: 'message', ...this.#source, dataType, metadata, stream });
    return `${head.slice(1, -1)},"data":${toDataField(this.payload)}}`;
  }
}

/** What an event handler says back to the one client that raised the event. */
export const toDelivery = ({ payload, metadata }: Reply): Delivery =>
  new Delivery({ from: 'server' }, payload, { metadata });
