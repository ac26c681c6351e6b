/** So much a second, and what is left of it: fills up to one second's worth, and may be overdrawn once. Pure. */
export class Budget {
  readonly #perSecond: number;
  #left: number;
  #at = -Infinity;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  /** Milliseconds from `now` until something may be spent again; 0 for at once. */
  wait(now: number): number {
    const income = ((now - this.#at) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond, this.#left + income);
    this.#at = now;
    return this.#left > 0 ? 0 : (-this.#left / this.#perSecond) * 1_000 + 1;
  }

  spend(amount: number): void {
    this.#left -= amount;
  }
}
