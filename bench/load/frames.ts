/**
 * Walks the frames of a WebSocket without reading them: what a server sends is counted by its headers, so that the
 * load client stays small beside the servers that it measures.
 */

/** Shorter frames are answers and greetings, not messages. */
const shortest = 100;

export interface FrameEvents {
  /** A message has arrived whole. */
  message(): void;
  /** Something that is not of the protocol itself begins. */
  frame(): void;
  ping(payload: Buffer): void;
  closed(): void;
  /** The number that a reliable connection puts in front of each frame. */
  numbered(sequenceId: number): void;
}

export class FrameWalker {
  readonly #events: FrameEvents;
  /** Bytes of a payload that are still to come. */
  #rest = 0;
  #isMessage = false;
  #carry: Buffer | undefined;

  constructor(events: FrameEvents) {
    this.#events = events;
  }

  push(arrived: Buffer): void {
    const chunk = this.#carry ? Buffer.concat([this.#carry, arrived]) : arrived;
    this.#carry = undefined;
    let at = 0;
    for (;;) {
      const skipped = Math.min(this.#rest, chunk.length - at);
      at += skipped;
      this.#rest -= skipped;
      if (this.#rest > 0) return;
      if (this.#isMessage) this.#events.message();
      this.#isMessage = false;
      if (at === chunk.length) return;
      const read = this.#header(chunk, at);
      if (read === undefined) {
        this.#carry = chunk.subarray(at);
        return;
      }
      at = read;
    }
  }

  /** Where the payload begins; undefined while header (or, of a control frame, payload) is not all there. */
  #header(chunk: Buffer, at: number): number | undefined {
    if (chunk.length < at + 2) return undefined;
    const opcode = chunk[at]! & 0x0f;
    const short = chunk[at + 1]! & 0x7f;
    const begin = at + (short === 127 ? 10 : short === 126 ? 4 : 2);
    if (chunk.length < begin) return undefined;
    const length =
      short === 127 ? chunk.readUIntBE(at + 4, 6) : short === 126 ? chunk.readUInt16BE(at + 2) : short;
    if (opcode >= 0x8) {
      if (chunk.length < begin + length) return undefined;
      if (opcode === 0x8) this.#events.closed();
      if (opcode === 0x9) this.#events.ping(chunk.subarray(begin, begin + length));
      return begin + length;
    }
    this.#events.frame();
    this.#rest = length;
    this.#isMessage = length >= shortest;
    const sequenceId = readSequenceId(chunk, begin);
    if (sequenceId > 0) this.#events.numbered(sequenceId);
    return begin;
  }
}

const opening = Buffer.from('{"sequenceId":');

/** 0 where the frame has none, or where it is cut: a later number says the same and more. */
function readSequenceId(chunk: Buffer, begin: number): number {
  // The third character decides for nearly all frames without one.
  if (chunk[begin + 2] !== opening[2] || chunk[begin + 12] !== opening[12]) return 0;
  let number = 0;
  for (let at = begin + opening.length; at < chunk.length; at += 1) {
    const digit = chunk[at]! - 48;
    if (digit < 0 || digit > 9) return number;
    number = number * 10 + digit;
  }
  return 0;
}
