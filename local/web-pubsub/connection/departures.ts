/**
 * When frames leave: at the end of the turn of the event loop that wrote them, all of a socket's together. A socket that
 * has only just been written to waits a few turns more, so that under load many frames leave in one system call; one
 * that was idle gets its frame at once.
 */
import { Sheaf } from './sheaf.ts';

/** What waits for the end of a turn. */
export interface Departing {
  /** The turn in which it departed last. */
  departedIn: number;
  depart(): void;
}

/** In turns of the event loop: fewer cost more system calls, more have not been seen to save any. */
const apart = 3;

export class Departures {
  #waiting: Departing[] = [];
  #empty = new Sheaf();
  /** Counted only for a few turns after the last departure; an idle time counts as long enough. */
  #turn = 0;
  #isCounting = false;
  #lastDeparture = 0;

  /** Whether it may depart at once: it has not for a while. It is taken to do so, then. */
  mayGo(departing: Departing): boolean {
    this.#count();
    if (this.#turn - departing.departedIn < apart) return false;
    departing.departedIn = this.#turn;
    this.#lastDeparture = this.#turn;
    return true;
  }

  /** Lets it depart when it may. Answers what its first frame is to be added to. */
  await(departing: Departing): Sheaf {
    this.#waiting.push(departing);
    this.#count();
    return this.#empty;
  }

  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    this.#turn += apart;
    setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    this.#turn += 1;
    // The old one would hold on to the frames of this turn.
    this.#empty = new Sheaf();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) {
      if (this.#turn - each.departedIn < apart) this.#waiting.push(each);
      else {
        each.departedIn = this.#turn;
        this.#lastDeparture = this.#turn;
        each.depart();
      }
    }
    if (this.#waiting.length === 0 && this.#turn - this.#lastDeparture >= apart) this.#isCounting = false;
    else setImmediate(() => this.#endTurn());
  }
}
