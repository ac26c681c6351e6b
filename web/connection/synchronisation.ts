/**
 * What happens, and in which order, after a connection opens and when somebody looks at the page again: subscribed
 * first, loaded then, so that nothing falls between. Says in the state how the connection is.
 */
import { Unreachable } from './http.ts';
import type { Conversations } from './conversations.ts';
import type { Directory } from './directory.ts';
import type { Memberships } from './memberships.ts';
import type { Outbox } from './outbox.ts';
import type { People } from './people.ts';
import type { Requests } from './requests.ts';
import type { Surroundings } from './room-state.ts';
import { pause } from './socket.ts';

interface Parts {
  requests: Requests;
  directory: Directory;
  memberships: Memberships;
  conversations: Conversations;
  outbox: Outbox;
  people: Pick<People, 'load'>;
  isOpen: () => boolean;
}

/** Looking at the page again loads things anew at most this often, in milliseconds. */
const atMostEvery = 10_000;

export class Synchronisation {
  readonly #surroundings: Surroundings;
  readonly #parts: Parts;
  /** Each connection has its own; what an earlier one began comes to nothing. */
  #round = 0;
  #hadConnection = false;
  /** Everything was loaded since the last connection that was not a recovered one. */
  #isSynchronised = false;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #cancelRefresh: (() => void) | undefined;
  #cancelRetry: () => void = () => undefined;

  constructor(surroundings: Surroundings, parts: Parts) {
    this.#surroundings = surroundings;
    this.#parts = parts;
    const { environment } = surroundings;
    environment.on('wake', () => this.refresh());
    environment.on('online', () => this.#parts.outbox.resume());
    environment.on('offline', () => this.#say());
    environment.on('online', () => this.#say());
  }

  opened(fresh: boolean): void {
    this.#hadConnection = true;
    this.#round += 1;
    this.#parts.requests.resume();
    this.#parts.outbox.resume();
    // What was sent meanwhile to a connection that was recovered is sent again by the service.
    if (!fresh && this.#isSynchronised)
      this.#surroundings.store.setState({ status: 'online', retry_at: undefined });
    else {
      this.#isSynchronised = false;
      void this.#synchronise(this.#round, 0);
    }
  }

  lost(retryAt: number | undefined): void {
    this.#round += 1;
    this.#cancelRetry();
    this.#surroundings.store.setState({ retry_at: retryAt });
    this.#say();
    // Without a connection one can still read and write, once the lists are there.
    if (retryAt !== undefined && !this.#isLoaded()) this.refresh();
  }

  /** Loads anew what may have changed unseen, `rest` milliseconds after it was loaded last or later. */
  refresh(rest = atMostEvery): void {
    const { environment, store } = this.#surroundings;
    if (store.getState().session === undefined) return;
    this.#cancelRefresh?.();
    const wait = Math.max(0, this.#refreshedAt + rest - environment.now());
    this.#cancelRefresh = environment.after(wait, () => {
      this.#cancelRefresh = undefined;
      // A connection that is catching up loads all of this by itself.
      if (store.getState().status === 'catching_up') return;
      this.#load().catch(() => undefined);
    });
  }

  stop(): void {
    this.#round += 1;
    this.#hadConnection = false;
    this.#isSynchronised = false;
    this.#refreshedAt = Number.NEGATIVE_INFINITY;
    this.#cancelRefresh?.();
    this.#cancelRefresh = undefined;
    this.#cancelRetry();
  }

  async #synchronise(round: number, failures: number): Promise<void> {
    const { store, environment } = this.#surroundings;
    store.setState({ status: 'catching_up', retry_at: undefined });
    try {
      // The first page that is loaded after the answer misses nothing: from there on changes are told.
      await this.#load(this.#parts.requests.ask('list_rooms', { limit: 1 }));
      if (round !== this.#round) return;
      this.#isSynchronised = true;
      store.setState({ status: 'online' });
    } catch {
      // The state says what could not be loaded; as long as this connection is open it is tried again.
      if (round !== this.#round) return;
      this.#cancelRetry = environment.after(pause(failures, environment.random()), () => {
        if (round === this.#round) void this.#synchronise(round, failures + 1);
      });
    }
  }

  async #load(subscribed: Promise<unknown> = Promise.resolve()): Promise<void> {
    const { environment } = this.#surroundings;
    const { memberships, directory, conversations } = this.#parts;
    this.#refreshedAt = environment.now();
    // The heads come with the memberships; the room on screen is caught up from them.
    const caughtUp = memberships.load().then(async () => {
      if (!(await conversations.catchUpCurrent())) throw new Unreachable('The room on screen lacks messages');
    });
    // Without a subscription there is a list all the same, only nobody tells when it changes.
    const listed = subscribed.catch(() => undefined).then(() => directory.reload());
    void this.#parts.people.load();
    const outcomes = await Promise.allSettled([caughtUp, listed, subscribed]);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  #isLoaded(): boolean {
    return this.#surroundings.store.getState().membershipsLoading.state === 'ready';
  }

  #say(): void {
    const { store, environment } = this.#surroundings;
    const { status, session } = store.getState();
    if (session === undefined) return;
    // A socket can seem open for a while after the network went.
    if (!environment.isOnline()) store.setState({ status: 'offline', retry_at: undefined });
    else if (this.#parts.isOpen()) {
      if (status === 'offline') store.setState({ status: this.#isSynchronised ? 'online' : 'catching_up' });
    } else store.setState({ status: this.#hadConnection ? 'reconnecting' : 'connecting' });
  }
}
