/**
 * Which ackIds of a connection were carried out, so that a repeat is not. Clients count up, so runs of ids are
 * kept as ranges: a connection that sends for days needs no more memory than one that failed as often.
 */
interface Range {
  first: number;
  last: number;
}

export class AckIds {
  /** Ascending, with a gap between neighbours. */
  readonly #ranges: Range[] = [];

  has(id: number): boolean {
    const range = this.#ranges[this.#indexAtOrBelow(id)];
    return range !== undefined && id <= range.last;
  }

  add(id: number): void {
    if (this.has(id)) return;
    const below = this.#indexAtOrBelow(id);
    const before = this.#ranges[below];
    const after = this.#ranges[below + 1];
    const joinsBefore = before?.last === id - 1;
    const joinsAfter = after?.first === id + 1;
    if (joinsBefore && joinsAfter) {
      before.last = after.last;
      this.#ranges.splice(below + 1, 1);
    } else if (joinsBefore) before.last = id;
    else if (joinsAfter) after.first = id;
    else this.#ranges.splice(below + 1, 0, { first: id, last: id });
  }

  /** Index of the last range that begins at or below `id`; -1 where none does. */
  #indexAtOrBelow(id: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranges[middle]!.first <= id) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
