/**
 * Things that must keep their order while a fault on request delays or holds one of them. Without faults they pass
 * at once, in the turn of the event loop in which they come.
 */
import type { Faults, Verdict } from '../fault-injection/faults.ts';

const passed: Verdict = { kind: 'pass' };

export class FaultLine {
  readonly #faults: Faults;
  /** The end of the line; undefined when nobody stands in it. */
  #last: Promise<void> | undefined;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /**
   * Acts when all earlier ones have.
   *
   * @param name makes the operation's name as faults know it: asked for only when there are faults
   */
  pass(name: () => string, act: (verdict: Verdict) => void | Promise<void>): void {
    if (!this.#faults.any && !this.#last) return void act(passed);
    const mine = (this.#last ?? Promise.resolve())
      .then(() => this.#faults.meet(name()))
      .then(act)
      .catch((error: unknown) => console.error(`${name()} failed:`, error))
      .finally(() => {
        if (this.#last === mine) this.#last = undefined;
      });
    this.#last = mine;
  }
}
