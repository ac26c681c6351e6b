/** Messages that wait, in the order of their numbers. */
import TinyQueue from 'tinyqueue';

export class Line {
  /** Numbers in order; one that is not in `#waiting` any more is skipped. */
  readonly #order = new TinyQueue<number>();
  readonly #waiting = new Set<number>();

  get size(): number {
    return this.#waiting.size;
  }

  add(sequence: number): void {
    this.#waiting.add(sequence);
    this.#order.push(sequence);
  }

  /** Takes a message out; answers whether it was waiting. */
  remove(sequence: number): boolean {
    return this.#waiting.delete(sequence);
  }

  /** Takes out the first. */
  next(): number | undefined {
    for (;;) {
      const sequence = this.#order.pop();
      if (sequence === undefined || this.#waiting.delete(sequence)) return sequence;
    }
  }
}
