/**
 * The sessions of one queue: which has messages that wait, who holds which, and who waits for the next. Whoever holds
 * one has its messages alone, in order. Locks live in memory; states are on the disk.
 */
import type { EntityStore } from '../store/entity-store.ts';
import type { Clock } from './clock.ts';
import { Line } from './line.ts';
import { newToken, type Lock } from './locks.ts';
import { lockLost, sessionCannotBeLocked, sessionLockLost } from './refusal.ts';

/** Whoever takes a session. */
export interface SessionHolder {
  /** As the client names it where it asks for something beside receiving. */
  name: string;
  /** The lock was not renewed in time. */
  lost: () => void;
}

/** A session that is locked, for as long as it is. */
export interface HeldSession {
  readonly id: string;
  readonly holder: SessionHolder;
  until: number;
  /** What waits in it. */
  readonly line: Line;
  /** The messages that are handed out, by their tokens. */
  readonly locks: Map<string, Lock>;
}

export interface SessionsParts {
  store: EntityStore;
  clock: Clock;
  /** Milliseconds for which a session is locked. */
  lockDuration: number;
  /** What was handed out of a session that ended, in order; as failed attempts where its lock was lost. */
  onEnd: (locks: Lock[], isLost: boolean) => void;
}

export class Sessions {
  readonly #parts: SessionsParts;
  readonly #lines = new Map<string, Line>();
  // In order of expiry, as in `Locks`.
  readonly #held = new Map<string, HeldSession>();
  /** Those with messages that nobody holds; the one that has been so for longest is the next. */
  readonly #available = new Set<string>();
  readonly #byToken = new Map<string, HeldSession>();
  readonly #waiters = new Map<SessionHolder, (session: HeldSession) => void>();

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  /** Adds a message that is to be had. */
  wait(id: string, sequence: number): void {
    let line = this.#lines.get(id);
    if (line === undefined) this.#lines.set(id, (line = new Line()));
    line.add(sequence);
    this.#offer(id);
  }

  /** Takes a message out; answers whether it was waiting. */
  remove(id: string, sequence: number): boolean {
    const removed = this.#lines.get(id)?.remove(sequence) ?? false;
    if (removed) this.#tidy(id);
    return removed;
  }

  /** Locks a session, whether it has messages or not. Throws `sessionCannotBeLocked`. */
  accept(id: string, holder: SessionHolder): HeldSession {
    this.endExpired();
    if (this.#held.has(id)) throw sessionCannotBeLocked(id);
    let line = this.#lines.get(id);
    if (line === undefined) this.#lines.set(id, (line = new Line()));
    const until = this.#parts.clock.now() + this.#parts.lockDuration;
    const session: HeldSession = { id, holder, until, line, locks: new Map() };
    this.#held.set(id, session);
    this.#available.delete(id);
    return session;
  }

  /** Locks the next session that has messages, at once or when there is one; `cancelWait` ends the waiting. */
  acceptNext(holder: SessionHolder, take: (session: HeldSession) => void): void {
    this.#waiters.set(holder, take);
    this.endExpired();
    const [next] = this.#available;
    if (next !== undefined) this.#offer(next);
  }

  /** Answers whether it was still waiting. */
  cancelWait(holder: SessionHolder): boolean {
    return this.#waiters.delete(holder);
  }

  /**
   * The session, if it is locked, by the receiver of this name where one is given. Throws `sessionLockLost`, as all
   * that need the lock do.
   */
  holding(id: string, name: string | undefined): HeldSession {
    const session = this.#held.get(id);
    if (session === undefined || !this.holds(session)) throw sessionLockLost(id);
    if (name !== undefined && session.holder.name !== name) throw sessionLockLost(id);
    return session;
  }

  holds(session: HeldSession): boolean {
    return this.#held.get(session.id) === session && session.until > this.#parts.clock.now();
  }

  /** Prolongs a lock by the lock duration from now. Answers its new end. */
  renew(session: HeldSession): number {
    session.until = this.#parts.clock.now() + this.#parts.lockDuration;
    this.#held.delete(session.id);
    this.#held.set(session.id, session);
    return session.until;
  }

  /** Gives a session back; what was handed out of it counts as not tried. */
  release(session: HeldSession): void {
    if (this.#held.get(session.id) === session) this.#end(session, false);
  }

  /** Ends what was not renewed in time. */
  endExpired(): void {
    const now = this.#parts.clock.now();
    for (const session of this.#held.values()) {
      if (session.until > now) break;
      this.#end(session, true);
      session.holder.lost();
    }
  }

  nextExpiry(): number | undefined {
    return this.#held.values().next().value?.until;
  }

  /** Locks a message for as long as its session is held. */
  lock(session: HeldSession, sequence: number): Lock {
    const lock = { token: newToken(), sequence, until: session.until };
    session.locks.set(lock.token, lock);
    this.#byToken.set(lock.token, session);
    return lock;
  }

  /** Whether the lock of a message holds. */
  holdsLock(token: string): boolean {
    const session = this.#byToken.get(token);
    return session !== undefined && this.holds(session);
  }

  /** Takes a lock away and answers it. Throws `lockLost`. */
  takeLock(token: string): Lock {
    const session = this.#byToken.get(token);
    if (session === undefined || !this.holds(session)) throw lockLost();
    const lock = session.locks.get(token)!;
    session.locks.delete(token);
    this.#byToken.delete(token);
    return lock;
  }

  state(id: string): Uint8Array | undefined {
    return this.#parts.store.sessionState(id);
  }

  setState(id: string, state: Uint8Array | undefined): void {
    this.#parts.store.setSessionState(id, state, this.#parts.clock.now());
  }

  /** Names of sessions: those whose state was set after `time`, or those that have messages where there is no time. */
  list(time: number | undefined): string[] {
    const { store } = this.#parts;
    return time === undefined ? store.sessionsWithMessages() : store.sessionsUpdatedAfter(time);
  }

  get size(): { waiting: number; locked: number; sessions: { available: number; locked: number } } {
    let waiting = 0;
    for (const line of this.#lines.values()) waiting += line.size;
    const locked = this.#byToken.size;
    return { waiting, locked, sessions: { available: this.#available.size, locked: this.#held.size } };
  }

  #end(session: HeldSession, isLost: boolean): void {
    const locks = [...session.locks.values()];
    for (const { token } of locks) this.#byToken.delete(token);
    session.locks.clear();
    // Nobody gets the session before all of it is back.
    this.#parts.onEnd(locks, isLost);
    this.#held.delete(session.id);
    this.#offer(session.id);
  }

  /** Gives a session to who waits for one, if it is to be had. */
  #offer(id: string): void {
    this.#tidy(id);
    if (this.#held.has(id) || !this.#lines.has(id)) return;
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      this.#available.add(id);
      return;
    }
    const [holder, take] = waiter;
    this.#waiters.delete(holder);
    take(this.accept(id, holder));
  }

  /** Forgets a session that nobody holds and that has nothing. */
  #tidy(id: string): void {
    if (this.#held.has(id) || this.#lines.get(id)?.size !== 0) return;
    this.#lines.delete(id);
    this.#available.delete(id);
  }
}
