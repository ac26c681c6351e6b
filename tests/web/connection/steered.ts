/** An environment in which time passes when a test says so, and the state that parts of the data layer work on. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session } from '../../../contract/identity.ts';
import { problems, type ProblemCode } from '../../../contract/problems.ts';
import type { Api } from '../../../web/connection/api.ts';
import { memoryStorage, type Environment, type WindowEvent } from '../../../web/connection/environment.ts';
import { ProblemFailure, type ChatState } from '../../../web/connection/model.ts';

interface Timer {
  at: number;
  run: () => void;
}

export const start = Date.parse('2026-06-01T12:00:00Z');

export class Steered {
  now = start;
  readonly #timers = new Set<Timer>();
  readonly #listeners = new Map<WindowEvent, Set<() => void>>();
  readonly environment: Environment = {
    fetch: () => Promise.reject(new TypeError('There is no network here')),
    openSocket: () => {
      throw new Error('There is no network here');
    },
    now: () => this.now,
    random: () => 0.5,
    after: (milliseconds, run) => {
      const timer = { at: this.now + milliseconds, run };
      this.#timers.add(timer);
      return () => this.#timers.delete(timer);
    },
    soon: (run) => queueMicrotask(run),
    isOnline: () => true,
    on: (event, listener) => {
      const listeners = this.#listeners.get(event) ?? new Set();
      this.#listeners.set(event, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    alone: (name, run) => this.#alone(name, run),
    storage: memoryStorage(),
    indexedDB: undefined,
  };

  readonly #turns = new Map<string, Promise<void>>();
  /** One after the other, as the browser's locks have it for all of its tabs. */
  async #alone(name: string, run: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(run);
    this.#turns.set(
      name,
      turn.catch(() => undefined),
    );
    await turn;
  }

  /** When the next timer is due, from now on, in milliseconds. */
  get next(): number | undefined {
    const due = [...this.#timers].map(({ at }) => at - this.now);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Goes to the next timer and runs it, and everything that follows from it. */
  async step(): Promise<void> {
    const [first] = [...this.#timers].toSorted((a, b) => a.at - b.at);
    if (first === undefined) throw new Error('Nothing is waited for');
    this.#timers.delete(first);
    this.now = first.at;
    first.run();
    await settled();
  }

  fire(event: WindowEvent): void {
    for (const listener of this.#listeners.get(event) ?? []) listener();
  }
}

/** Everything that waits for nothing but promises has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const alice = { user_id: 'alice-id', name: 'Alice', kind: 'guest' as const };

export const sessionOf = (token: string, hours = 10, from = start): Session => ({
  token,
  user: alice,
  expires_at: new Date(from + hours * 3_600_000).toISOString(),
});

export function stateOf(more: Partial<ChatState> = {}): StoreApi<ChatState> {
  return createStore<ChatState>(() => ({
    session: sessionOf('token'),
    status: 'online',
    rooms: {},
    memberships: {},
    membershipsLoading: { state: 'ready' },
    directory: { ids: [], query: '', loading: { state: 'ready' }, complete: true },
    conversations: {},
    outbox: {},
    pending: {},
    drafts: {},
    members: {},
    avatars: {},
    blocked: {},
    invitations: [],
    requested: {},
    removals: {},
    pins: {},
    ...more,
  }));
}

/** An API of which only what a test gives is there. */
export function apiOf(given: Partial<Api>): Api {
  return new Proxy(given, {
    get: (calls, name) =>
      Reflect.get(calls, name) ?? (() => Promise.reject(new Error(`${String(name)} was not expected`))),
  }) as Api;
}

export function refusal(code: ProblemCode, retryAfter?: number): ProblemFailure {
  const { title } = problems[code];
  return new ProblemFailure({ type: 'about:blank', code, detail: title, ...problems[code] }, retryAfter);
}
