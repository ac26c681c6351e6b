/**
 * The windows of rooms that are or were on the screen: opened with the newest page, grown upwards while one
 * scrolls, caught up after a hole or an absence, and forgotten in the order in which they were left.
 */
import { limits } from '../../contract/rooms.ts';
import { isPassing, problemFor } from './http.ts';
import type { Arrivals } from './arrivals.ts';
import type { History } from '../../contract/messages.ts';
import { lacking, nextSeq, place, prepend, receive, removed, replace, type Log } from './log.ts';
import { ProblemFailure, type Conversation, type Gone } from './model.ts';
import { idle, loading, ready, without, type Surroundings } from './room-state.ts';
import { pause } from './socket.ts';

/** Beyond so many missing messages the newest page alone is shown; the others load as one scrolls. */
const mostToCatchUp = 400;
/** A window whose edition stays behind what was told is read again so often, and then the next time. */
const mostReadAgain = 3;
const newestPage = 60;
const olderPage = 100;
const unread = {
  messages: [],
  complete: false,
  first: 1,
  edition: 0,
  loading,
  loadingOlder: idle,
} satisfies Partial<Conversation>;
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
      ? { ...unread, head, read_until }
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
    if (conversation === undefined || first === undefined || conversation.complete) return;
    if (conversation.loadingOlder.state === 'loading') return;
    this.#change(roomId, { loadingOlder: loading });
    try {
      const window = { before: first, limit: olderPage };
      const page = await this.#surroundings.api.readMessages(roomId, window);
      this.#arrivals.commit(roomId, (log) => prepend(log, page.messages), { loadingOlder: ready });
      if (this.#isNews(roomId, page)) void this.catchUp(roomId);
    } catch (failure) {
      this.#change(roomId, { loadingOlder: { state: 'error', problem: problemFor(failure) } });
    }
  }

  /** The person is out of the room: nothing is added any more, and of a deleted room nothing is left to show. */
  end(roomId: string, gone: Gone): void {
    this.#change(roomId, gone === 'left' ? { gone } : { gone, messages: [] });
    this.#arrivals.forget(roomId);
  }

  /** A moderator removed a message. If it was the only one since the window was read, nothing is read again. */
  remove(roomId: string, seq: number, edition: number): void {
    const at = new Date(this.#surroundings.environment.now()).toISOString();
    this.#arrivals.commit(roomId, (log) => {
      const known = log.messages[seq - (log.messages[0]?.seq ?? 0)] ?? log.early.get(seq);
      return known === undefined ? log : replace(log, [removed(known, at)]);
    });
    const conversation = this.#conversation(roomId);
    if (conversation?.edition === edition - 1) this.#change(roomId, { edition });
    if (this.#isNews(roomId, { edition })) void this.catchUp(roomId);
  }

  clear(): void {
    this.#stopWaiting();
    this.#opened = [];
    this.#catchingUp.clear();
  }

  async #load(roomId: string): Promise<void> {
    const { api } = this.#surroundings;
    let readAgain = 0;
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
        const { edition } = newest;
        this.#arrivals.commit(roomId, (known) => place(known, newest), { loading: ready, edition });
        this.#isNews(roomId, newest);
      } else if (missing > 0) {
        const after = nextSeq(log) - 1;
        const page = await api.readMessages(roomId, { after, limit: limits.pageOfMessages });
        const { messages, head } = page;
        if (!this.#isSame(roomId, conversation)) return;
        this.#isNews(roomId, page);
        if (messages.length === 0) throw new Error(`The log of ${roomId} ends at ${after} of ${head}`);
        this.#arrivals.commit(roomId, (known) => receive(known, messages), { loading: ready });
      } else if (this.#isOfEarlierEdition(roomId) && readAgain < mostReadAgain) {
        readAgain += 1;
        await this.#readAgain(roomId, log);
      } else return;
    }
  }

  /** Reads again what is shown: messages of it were removed since. */
  async #readAgain(roomId: string, { messages }: Log): Promise<void> {
    const last = messages.at(-1)?.seq ?? 0;
    let after = (messages[0]?.seq ?? 1) - 1;
    let edition = Number.POSITIVE_INFINITY;
    do {
      const page = await this.#surroundings.api.readMessages(roomId, { after, limit: limits.pageOfMessages });
      this.#isNews(roomId, page);
      edition = Math.min(edition, page.edition);
      this.#arrivals.commit(roomId, (log) => replace(log, page.messages));
      if (page.messages.length === 0) break;
      after = page.messages.at(-1)?.seq ?? last;
    } while (after < last);
    this.#change(roomId, { edition });
  }

  /** Keeps what an answer says of the edition. @returns whether the window is of an earlier one. */
  #isNews(roomId: string, { edition, first }: Pick<History, 'edition'> & Partial<History>): boolean {
    const { store } = this.#surroundings;
    const { memberships } = store.getState();
    const membership = memberships[roomId];
    if (membership !== undefined && (membership.edition ?? 0) < edition) {
      store.setState({ memberships: { ...memberships, [roomId]: { ...membership, edition } } });
    }
    if (first !== undefined && this.#conversation(roomId)?.first !== first) this.#change(roomId, { first });
    return this.#isOfEarlierEdition(roomId);
  }

  #isOfEarlierEdition(roomId: string): boolean {
    const newest = this.#surroundings.store.getState().memberships[roomId]?.edition ?? 0;
    const conversation = this.#conversation(roomId);
    return conversation !== undefined && conversation.edition < newest;
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
