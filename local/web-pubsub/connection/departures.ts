/**
 * When frames leave: at the end of the turn of the event loop that wrote them. All that one turn writes to a socket
 * leaves in one system call; a socket that has nothing else to do gets its frame in the turn in which it was sent.
 */
import { Sheaf } from './sheaf.ts';

/** What waits for the end of the turn. */
export interface Departing {
  depart(): void;
}

export class Departures {
  #waiting: Departing[] = [];
  #empty = new Sheaf();

  /** Lets it depart at the end of this turn. Answers what its first frame is to be added to. */
  await(departing: Departing): Sheaf {
    if (this.#waiting.push(departing) === 1) setImmediate(() => this.#depart());
    return this.#empty;
  }

  #depart(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each.depart();
    // The old one would hold on to the last frames.
    this.#empty = new Sheaf();
  }
}
