/**
 * The messages of one reliable connection that its client has not acknowledged: numbered 1, 2, 3 …, bounded,
 * and there to be sent again. Knows no socket.
 */
import type { Delivery } from '../delivery.ts';

export interface Numbered {
  sequenceId: number;
  delivery: Delivery;
}

export class ReliableBuffer {
  readonly #bounds: { messages: number; bytes: number };
  #waiting: Delivery[] = [];
  /** Where the first unacknowledged one is in `#waiting`: cheaper than moving the array at each acknowledgement. */
  #first = 0;
  #bytes = 0;
  /** Of the last one in `#waiting`, from which all others follow. */
  #lastId = 0;

  constructor(bounds: { messages: number; bytes: number }) {
    this.#bounds = bounds;
  }

  get size(): { messages: number; bytes: number } {
    return { messages: this.#waiting.length - this.#first, bytes: this.#bytes };
  }

  /** Gives the next number; undefined when the bounds are exceeded, which ends the connection. */
  add(delivery: Delivery): number | undefined {
    this.#lastId += 1;
    this.#waiting.push(delivery);
    this.#bytes += delivery.length;
    const full =
      this.#waiting.length - this.#first > this.#bounds.messages || this.#bytes > this.#bounds.bytes;
    return full ? undefined : this.#lastId;
  }

  /** The client has everything up to this number. */
  acknowledge(sequenceId: number): void {
    const kept = Math.max(0, this.#lastId - sequenceId);
    while (this.#waiting.length - this.#first > kept) {
      this.#bytes -= this.#waiting[this.#first]!.length;
      this.#first += 1;
    }
    if (this.#first * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
  }

  /** What a recovered client must get again, in order; what has expired is left out. */
  *unacknowledged(now: number): Generator<Numbered> {
    const waiting = this.#waiting.slice(this.#first);
    let sequenceId = this.#lastId - waiting.length;
    for (const delivery of waiting) {
      sequenceId += 1;
      if (delivery.expiresAt === undefined || delivery.expiresAt > now) yield { sequenceId, delivery };
    }
  }
}
