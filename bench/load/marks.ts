/**
 * Messages that can be found in a stream of bytes without parsing it, however they are wrapped and wherever they are
 * cut: each text holds a mark with the message's number.
 */

const opening = '~mark-';
const numberLength = 8;
const openingBytes = Buffer.from(opening);
const markLength = opening.length + numberLength;

/** A text of `length` characters that holds the mark of message `number`. */
export const markedText = (number: number, length: number): string =>
  `${opening}${String(number).padStart(numberLength, '0')}`.padEnd(length, '.');

/** Finds the marks in the chunks of one stream. */
export class MarkFinder {
  #carry: Buffer | undefined;
  readonly #found: (number: number) => void;

  constructor(found: (number: number) => void) {
    this.#found = found;
  }

  push(arrived: Buffer): void {
    const chunk = this.#carry ? Buffer.concat([this.#carry, arrived]) : arrived;
    let from = 0;
    for (;;) {
      const at = chunk.indexOf(openingBytes, from);
      if (at === -1 || at + markLength > chunk.length) {
        // What may be the beginning of a mark waits for the rest.
        const keep = at === -1 ? Math.max(from, chunk.length - markLength + 1) : at;
        this.#carry = keep < chunk.length ? Buffer.from(chunk.subarray(keep)) : undefined;
        return;
      }
      from = at + markLength;
      this.#found(Number(chunk.toString('latin1', at + opening.length, from)));
    }
  }
}
