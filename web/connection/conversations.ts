/**
 * The windows of rooms that are or were on the screen: opened with the newest page, grown upwards while one
 * scrolls, caught up after a hole or an absence, and forgotten in the order in which they were left.
 */
import { limits } from '../../contract/rooms.ts';
import { isPassing, problemFor } from './api.ts';
import type { Arrivals } from './arrivals.ts';
import { lacking, nextSeq, place, prepend, receive } from './log.ts';
import { ProblemFailure, type Conversation } from './model.ts';
import { idle, loading, ready, without, type Surroundings } from './room-state.ts';
import { pause } from './socket.ts';

/** Beyond so many missing messages the newest page alone is shown; the others load as one scrolls. */
const mostToCatchUp = 400;
const newestPage = 60;
const olderPage = 100;
/** Windows kept besides the one on screen. */
const mostKept = 8;

export class Conversations {
  readonly #surroundings: Surroundings;
  readonly #arrivals: Arrivals;
  /** Rooms whose end is being loaded. */
  readonly #catchingUp = new Map<string, Promise<boolean>>();
  #cancelWait: (() => void) | undefined;
  #opened: string[] = [];
  #failures = 0;

  constructor(surroundings: Surroundings, arrivals: Arrivals) {
    this.#surroundings = surroundings;
    this.#arrivals = arrivals;
  }

  open(roomId: string): void {
    this.#arrivals.flush();
    this.#arrivals.current = roomId;
    this.#stopWaiting();
    this.#opened = [roomId, ...this.#opened.filter((id) => id !== roomId)];
    this.#forget(this.#opened.splice(mostKept + 1));
    const { store } = this.#surroundings;
    const { conversations, memberships } = store.getState();
    const { head = 0, last_read = 0 } = memberships[roomId] ?? {};
    const known = conversations[roomId];
    // With nothing unread there is no line: it would stand above what arrives while one is looking.
    const read_until = head > last_read ? last_read : 0;
    const isFresh = known === undefined || known.gone !== undefined;
    if (isFresh) this.#arrivals.forget(roomId);
    const opened: Conversation = isFresh
      ? { messages: [], head, complete: false, loading, loadingOlder: idle, read_until }
      : { ...known, head: Math.max(known.head, head), read_until };
    store.setState({ conversations: { ...conversations, [roomId]: opened } });
    void this.catchUp(roomId);
  }

  close(): void {
    this.#stopWaiting();
    this.#arrivals.flush();
    this.#arrivals.current = undefined;
  }

  /** A hole may be closed by what is on its way: the history is asked only after a moment. */
  onHole(roomId: string): void {
    if (this.#cancelWait !== undefined || this.#catchingUp.has(roomId)) return;
    const { environment } = this.#surroundings;
    const wait = 300 + environment.random() * 500;
    this.#cancelWait = environment.after(wait, () => {
      this.#cancelWait = undefined;
      void this.catchUp(roomId);
    });
  }

  /** As `catchUp`, for the room on screen. */
  catchUpCurrent(): Promise<boolean> {
    const { current } = this.#arrivals;
    return current === undefined ? Promise.resolve(true) : this.catchUp(current);
  }

  /**
   * Loads what a room lacks, until it lacks nothing; on screen again later where that fails.
   * @returns false where something is still missing that may come later.
   */
  catchUp(roomId: string): Promise<boolean> {
    const running = this.#catchingUp.get(roomId);
    if (running !== undefined) return running;
    const run = this.#load(roomId)
      .then(
        () => {
          this.#failures = 0;
          return true;
        },
        (failure: unknown) => this.#failed(roomId, failure),
      )
      .finally(() => this.#catchingUp.delete(roomId));
    this.#catchingUp.set(roomId, run);
    return run;
  }

  /** Never rejects: the state says what went wrong. */
  async loadOlder(roomId: string): Promise<void> {
    const conversation = this.#conversation(roomId);
    const first = conversation?.messages[0]?.seq;
    if (conversation === undefined || first === undefined || first === 1) return;
    if (conversation.loadingOlder.state === 'loading') return;
    this.#change(roomId, { loadingOlder: loading });
    try {
      const window = { before: first, limit: olderPage };
      const { messages } = await this.#surroundings.api.readMessages(roomId, window);
      this.#arrivals.commit(roomId, (log) => prepend(log, messages), { loadingOlder: ready });
    } catch (failure) {
      this.#change(roomId, { loadingOlder: { state: 'error', problem: problemFor(failure) } });
    }
  }

  /** The person is out of the room: nothing is added any more, and of a deleted room nothing is left to show. */
  end(roomId: string, gone: 'deleted' | 'left'): void {
    this.#change(roomId, gone === 'deleted' ? { gone, messages: [] } : { gone });
    this.#arrivals.forget(roomId);
  }

  clear(): void {
    this.#stopWaiting();
    this.#opened = [];
    this.#catchingUp.clear();
  }

  async #load(roomId: string): Promise<void> {
    const { api } = this.#surroundings;
    for (;;) {
      const conversation = this.#conversation(roomId);
      if (conversation === undefined || conversation.gone !== undefined) return;
      const log = this.#arrivals.logOf(roomId, conversation);
      const missing = lacking(log);
      if (!log.placed || missing > mostToCatchUp) {
        if (!log.placed) this.#change(roomId, { loading });
        const { head: end, read_until } = conversation;
        const unread = read_until === 0 ? 0 : end - read_until;
        const limit = Math.min(limits.pageOfMessages, Math.max(newestPage, unread + 20));
        const newest = await api.readMessages(roomId, { limit });
        if (!this.#isSame(roomId, conversation)) return;
        this.#arrivals.commit(roomId, (known) => place(known, newest), { loading: ready });
      } else if (missing > 0) {
        const after = nextSeq(log) - 1;
        const { messages, head } = await api.readMessages(roomId, { after, limit: limits.pageOfMessages });
        if (!this.#isSame(roomId, conversation)) return;
        if (messages.length === 0) throw new Error(`The log of ${roomId} ends at ${after} of ${head}`);
        this.#arrivals.commit(roomId, (known) => receive(known, messages), { loading: ready });
      } else return;
    }
  }

  /** Not put out of the room, nor opened anew, while a page was on its way. */
  #isSame(roomId: string, before: Conversation): boolean {
    const now = this.#conversation(roomId);
    return now !== undefined && now.gone === undefined && before.gone === undefined;
  }

  /** @returns whether there is nothing to wait for. */
  #failed(roomId: string, failure: unknown): boolean {
    const conversation = this.#conversation(roomId);
    if (conversation === undefined) return true;
    if (conversation.loading.state !== 'ready') {
      this.#change(roomId, { loading: { state: 'error', problem: problemFor(failure) } });
    }
    // A refusal stays one; whoever was put out of the room hears so in another way.
    if (failure instanceof ProblemFailure && !isPassing(failure)) return true;
    if (roomId !== this.#arrivals.current || this.#cancelWait !== undefined) return false;
    const { environment } = this.#surroundings;
    const wait = pause(this.#failures, environment.random());
    this.#failures += 1;
    this.#cancelWait = environment.after(wait, () => {
      this.#cancelWait = undefined;
      void this.catchUp(roomId);
    });
    return false;
  }

  #conversation(roomId: string): Conversation | undefined {
    return this.#surroundings.store.getState().conversations[roomId];
  }

  #change(roomId: string, change: Partial<Conversation>): void {
    const { store } = this.#surroundings;
    const { conversations } = store.getState();
    const conversation = conversations[roomId];
    if (conversation === undefined) return;
    store.setState({ conversations: { ...conversations, [roomId]: { ...conversation, ...change } } });
  }

  #forget(roomIds: string[]): void {
    if (roomIds.length === 0) return;
    const { store } = this.#surroundings;
    for (const roomId of roomIds) this.#arrivals.forget(roomId);
    store.setState(({ conversations }) => ({ conversations: without(conversations, ...roomIds) }));
  }

  #stopWaiting(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
  }
}
