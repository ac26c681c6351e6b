/** What was read by key and is believed for a while, so that who calls often costs the storage little. */
import { clock } from './clock.ts';

interface Kept<T> {
  value: Promise<T>;
  until: number;
}

/** More keys than this, and the oldest go. */
const most = 10_000;

export class Recent<T> {
  readonly #kept = new Map<string, Kept<T>>();
  readonly #read: (key: string) => Promise<T>;
  readonly #seconds: () => number;

  constructor(read: (key: string) => Promise<T>, seconds: () => number) {
    this.#read = read;
    this.#seconds = seconds;
  }

  /** As read within the last seconds, else read now. A failure is not kept. */
  get(key: string): Promise<T> {
    const now = clock.now().getTime();
    const known = this.#kept.get(key);
    if (known && now < known.until) return known.value;
    const value = this.#read(key);
    const kept = { value, until: now + this.#seconds() * 1_000 };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    value.catch(() => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= most) break;
      this.#kept.delete(oldest);
    }
    return value;
  }

  /** It changed: the next `get` reads it. */
  drop(key: string): void {
    this.#kept.delete(key);
  }
}
