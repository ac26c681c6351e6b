/**
 * The peek-locks of one queue: who may settle which message, and until when.
 * They live in memory alone: after a restart every lock is lost, as if it had expired.
 */
import { randomUUID } from 'node:crypto';

export interface Lock {
  /** 32 hexadecimal digits, in the order in which SDKs print a lock token. */
  token: string;
  sequence: number;
  until: number;
}

export function newToken(): string {
  return randomUUID().replaceAll('-', '');
}

export class Locks {
  readonly #duration: number;
  // In order of expiry: all last equally long, and a renewed one goes to the end.
  readonly #locks = new Map<string, Lock>();

  /** `duration` in milliseconds. */
  constructor(duration: number) {
    this.#duration = duration;
  }

  get size(): number {
    return this.#locks.size;
  }

  take(sequence: number, now: number): Lock {
    const lock = { token: newToken(), sequence, until: now + this.#duration };
    this.#locks.set(lock.token, lock);
    return lock;
  }

  /** The lock, while it holds. */
  find(token: string, now: number): Lock | undefined {
    const lock = this.#locks.get(token);
    return lock && lock.until > now ? lock : undefined;
  }

  renew(lock: Lock, now: number): Lock {
    this.#locks.delete(lock.token);
    const renewed = { ...lock, until: now + this.#duration };
    this.#locks.set(lock.token, renewed);
    return renewed;
  }

  remove(lock: Lock): void {
    this.#locks.delete(lock.token);
  }

  /** Takes out those that are over. */
  removeExpired(now: number): Lock[] {
    const expired: Lock[] = [];
    for (const lock of this.#locks.values()) {
      if (lock.until > now) break;
      this.#locks.delete(lock.token);
      expired.push(lock);
    }
    return expired;
  }

  nextExpiry(): number | undefined {
    return this.#locks.values().next().value?.until;
  }
}
