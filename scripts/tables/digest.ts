/** What a set of rows is, whatever their order: their number, and the sum of their hashes. */
import { createHash } from 'node:crypto';

export class Digest {
  rows = 0;
  readonly #sum = Buffer.alloc(32);

  add(line: string): void {
    this.rows += 1;
    const hash = createHash('sha256').update(line).digest();
    for (const [index, byte] of hash.entries()) this.#sum[index] = this.#sum[index]! ^ byte;
  }

  equals(other: Digest): boolean {
    return this.rows === other.rows && this.#sum.equals(other.#sum);
  }
}
