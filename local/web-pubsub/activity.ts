/** The latest operations, for the person who watches: a bounded ring that costs an operation next to nothing. */

export interface Activity {
  /** As `/faults` names it, such as `sendToGroup`. */
  operation: string;
  /** What it was about, such as `chat/room-x`. */
  target: string;
  /** Who asked, or how it was answered. */
  detail?: string | number | undefined;
}

export interface Timed extends Activity {
  /** ISO 8601. */
  time: string;
}

const capacity = 50;

export class RecentActivity {
  readonly #ring: { at: number; activity: Activity }[] = [];
  #next = 0;

  add(activity: Activity): void {
    this.#ring[this.#next] = { at: Date.now(), activity };
    this.#next = (this.#next + 1) % capacity;
  }

  /** The newest first. */
  list(): Timed[] {
    const oldestFirst = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
    return oldestFirst
      .toReversed()
      .map(({ at, activity }) => ({ time: new Date(at).toISOString(), ...activity }));
  }
}
