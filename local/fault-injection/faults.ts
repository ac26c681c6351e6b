/**
 * The faults in force in one program. The program asks before and after each operation what is to become of it; this
 * class knows nothing of protocols.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './fault.ts';

/** What the program has to do. A delay or a hold is over by the time it hears of one. */
export type Verdict =
  | { kind: 'pass' | 'drop' | 'disconnect' }
  | { kind: 'error'; error: number | string | undefined; retryAfter: number | undefined };

export interface FaultState extends Fault {
  /** Operations that it matched, and those that it struck. */
  matched: number;
  struck: number;
}

const pass: Verdict = { kind: 'pass' };

export class Faults {
  #states: FaultState[] = [];
  #changed = Promise.withResolvers<void>();

  /** Puts these in force in place of all others, and lets go what was held. */
  set(faults: Fault[]): void {
    this.#states = faults.map((fault) => ({ ...fault, matched: 0, struck: 0 }));
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  list(): readonly FaultState[] {
    return this.#states;
  }

  /** Whether there is any: a program with a fast path may ask before it makes an operation's name. */
  get any(): boolean {
    return this.#states.length > 0;
  }

  /**
   * What becomes of an operation. The first fault that matches and is not spent strikes.
   *
   * @param operation its name and what it is about, as the program's README lists them
   */
  async meet(operation: string, when: Fault['when'] = 'before'): Promise<Verdict> {
    const fault = this.#find(operation, when);
    if (!fault) return pass;
    switch (fault.action) {
      case 'delay':
        await wait(fault.milliseconds);
        return pass;
      case 'hold':
        await this.#changed.promise;
        return pass;
      case 'error':
        return { kind: 'error', error: fault.error, retryAfter: fault.retryAfter };
      case 'drop':
      case 'disconnect':
        return { kind: fault.action };
    }
  }

  #find(operation: string, when: Fault['when']): FaultState | undefined {
    for (const state of this.#states) {
      if (state.when !== when || !matches(state.on, operation)) continue;
      state.matched += 1;
      if (state.matched <= state.skip || state.struck >= (state.times ?? Infinity)) continue;
      state.struck += 1;
      return state;
    }
    return undefined;
  }
}

function matches(pattern: string, operation: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'iu').test(operation);
}
