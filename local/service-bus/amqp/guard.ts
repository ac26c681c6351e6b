/**
 * What stands beside the operations of one client: the faults on request that strike them, and the list of the latest.
 * It says what a fault is on the wire; what is left undone then, each operation knows itself.
 */
import type { Faults } from '../../fault-injection/faults.ts';
import type { Activity } from '../activity.ts';
import { requestedError, type WireError } from './errors.ts';

/** An error to answer, or the reason why nothing is answered. */
export type Struck = WireError | 'drop' | 'disconnect';

export interface GuardParts {
  faults: Faults;
  activity: Activity;
  /** Ends the client's connection without a goodbye. */
  disconnect: () => void;
}

export class Guard {
  readonly #parts: GuardParts;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** Whether there are faults: without any, nobody need wait for `meet`. */
  get any(): boolean {
    return this.#parts.faults.any;
  }

  /** What strikes an operation, after any delay; `undefined` where nothing does. A disconnection is done already. */
  async meet(operation: string, when: 'before' | 'after' = 'before'): Promise<Struck | undefined> {
    const verdict = await this.#parts.faults.meet(operation, when);
    switch (verdict.kind) {
      case 'pass':
        return undefined;
      case 'drop':
        return 'drop';
      case 'disconnect':
        this.#parts.disconnect();
        return 'disconnect';
      case 'error':
        return requestedError(verdict.error);
    }
  }

  /** Adds an operation that was done to the latest. */
  note(operation: string, entity: string, detail?: string): void {
    this.#parts.activity.note(operation, entity, detail);
  }
}
