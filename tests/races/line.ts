/**
 * The line from one instance of the app to every service: each request waits until the scheduler lets it through.
 * An instance dies at one of its requests; from then on nothing of it is answered and nothing more is sent.
 */
import type { Scheduler } from 'fast-check';

/**
 * Where an instance dies: at its `at`-th request (from 0), which `arrives` and is not answered, or is lost. It lives
 * through what `spares` matches.
 */
export interface Death {
  at: number;
  arrives: boolean;
  spares?: RegExp;
}

/** What becomes of an instance. */
export interface Fate {
  death?: Death | undefined;
  /** It sleeps before its `sleepsAt`-th request until nobody else has anything to do; of several, the last wakes first. */
  sleepsAt?: number;
}

export class Line {
  readonly #scheduler: Scheduler;
  readonly #name: string;
  readonly #death: Death | undefined;
  readonly #sleepsAt: number | undefined;
  #wake: (() => void) | undefined;
  slept = false;
  #requests = 0;
  #isDead = false;
  #bury: (error: Error) => void = () => {};
  readonly #buried = new Promise<never>((_, reject) => (this.#bury = reject));

  constructor(scheduler: Scheduler, name: string, { death, sleepsAt }: Fate) {
    this.#scheduler = scheduler;
    this.#name = name;
    this.#death = death;
    this.#sleepsAt = sleepsAt;
    this.#buried.catch(() => {});
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Does what a request asks for when its time comes, and answers it, unless the instance has died. */
  async ask<T>(what: string, effect: () => T): Promise<T> {
    if (this.#isDead) return this.#buried;
    const number = this.#requests;
    this.#requests += 1;
    if (number === this.#sleepsAt) await new Promise<void>((wake) => (this.#wake = wake));
    await this.#scheduler.schedule(Promise.resolve(), `${this.#name} ${number} ${what}`);
    const isLast = number === this.#death?.at && this.#death.spares?.test(what) !== true;
    const isLost = isLast && this.#death?.arrives === false;
    this.#isDead ||= isLast;
    if (isLost) return this.#buried;
    const outcome = attempt(effect);
    if (this.#isDead) return this.#buried;
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  /** Whether it was asleep, and goes on now. */
  wake(): boolean {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    this.slept ||= wake !== undefined;
    return wake !== undefined;
  }

  /** A pause is a request to nobody: an instance may die in it, and others go on meanwhile. */
  async wait(effect: () => void): Promise<void> {
    await this.ask('wait', effect).catch(() => {});
  }

  /** Ends what a dead instance waits for, so that nothing of it is left when the next run begins. */
  bury(): void {
    this.#isDead = true;
    this.#bury(new Error('The instance has died'));
  }
}

function attempt<T>(effect: () => T): { value: T } | { error: unknown } {
  try {
    return { value: effect() };
  } catch (error) {
    return { error };
  }
}
