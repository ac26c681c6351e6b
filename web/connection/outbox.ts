/**
 * Messages that wait to be acknowledged: shown at once, published one at a time for each room and in order, again
 * and again with the same id while the failure may pass. Two tabs that send the same one do no harm: one id is one
 * message. Knows nothing of the connection; a message is sent as soon as REST answers.
 */
import { v7 as newId } from 'uuid';
import type { Message, Published } from '../../contract/messages.ts';
import { isPassing, problemFor } from './http.ts';
import { ProblemFailure, type OutgoingMessage } from './model.ts';
import type { OutboxStore } from './outbox-store.ts';
import { without, type Surroundings } from './room-state.ts';
import { pause } from './socket.ts';

export interface OutboxOptions {
  kept: OutboxStore;
  /** The message as it was acknowledged; the server's own copy follows over the connection. */
  onAcknowledged: (message: Message) => void;
}

interface Sending {
  failures: number;
  /** Ends a pause between attempts. */
  hurry?: (() => void) | undefined;
}

export class Outbox {
  readonly #surroundings: Surroundings;
  readonly #options: OutboxOptions;
  /** Rooms with a publish in flight or a pause before it. */
  readonly #sending = new Map<string, Sending>();
  /** Acknowledged, and still shown as outgoing until the log shows them. */
  readonly #acknowledged = new Set<string>();
  /** Whose earlier messages are here: before that, a new one would overtake them. */
  #restored: string | undefined;

  constructor(surroundings: Surroundings, options: OutboxOptions) {
    this.#surroundings = surroundings;
    this.#options = options;
  }

  send(roomId: string, content: string): void {
    const { store, environment } = this.#surroundings;
    const message: OutgoingMessage = {
      message_id: newId(),
      room_id: roomId,
      content,
      created_at: new Date(environment.now()).toISOString(),
      state: 'sending',
    };
    store.setState(({ outbox }) => ({
      outbox: { ...outbox, [roomId]: [...(outbox[roomId] ?? []), message] },
    }));
    this.#keep(message);
    this.#pump(roomId);
  }

  retry(roomId: string, messageId: string): void {
    this.#change(roomId, messageId, ({ problem, ...message }) => ({
      ...message,
      state: 'sending',
      // An id that somebody else's message has would be refused for ever.
      ...(problem?.code === 'message_id_in_use' && { message_id: newId() }),
    }));
    this.#pump(roomId);
  }

  discard(roomId: string, messageId: string): void {
    this.#drop(roomId, messageId);
    this.settled([messageId]);
  }

  /** Reads what an earlier visit left, before anything of this one. */
  async restore(userId: string): Promise<void> {
    const messages = await this.#options.kept.read(userId).catch(() => []);
    const { store } = this.#surroundings;
    if (store.getState().session?.user.user_id !== userId) return;
    this.#restored = userId;
    const outbox = { ...store.getState().outbox };
    for (const [roomId, left] of Map.groupBy(messages, ({ room_id }) => room_id)) {
      const now = outbox[roomId] ?? [];
      const ids = new Set(now.map(({ message_id }) => message_id));
      outbox[roomId] = [...left.filter(({ message_id }) => !ids.has(message_id)), ...now];
    }
    store.setState({ outbox });
    this.resume();
  }

  /** Something that failed may work now: pauses end, and every room goes on. */
  resume(): void {
    for (const roomId of Object.keys(this.#surroundings.store.getState().outbox)) {
      this.#sending.get(roomId)?.hurry?.();
      this.#pump(roomId);
    }
  }

  /** These are in the log, or were given up: nothing of them waits any more. */
  settled(messageIds: readonly string[]): void {
    for (const id of messageIds) this.#acknowledged.delete(id);
    this.#options.kept.remove(messageIds).catch(() => undefined);
  }

  /** The room is gone, and with it what was to be said there. */
  dropRoom(roomId: string): void {
    const { store } = this.#surroundings;
    const ids = store.getState().outbox[roomId]?.map(({ message_id }) => message_id);
    if (ids === undefined) return;
    store.setState(({ outbox }) => ({ outbox: without(outbox, roomId) }));
    this.settled(ids);
  }

  /** Another person, or none: nothing of this one is sent any more. */
  stop(): void {
    this.#restored = undefined;
    this.#acknowledged.clear();
    for (const sending of this.#sending.values()) sending.hurry?.();
  }

  async clear(): Promise<void> {
    await this.#options.kept.clear().catch(() => undefined);
  }

  #pump(roomId: string): void {
    if (this.#sending.has(roomId) || this.#next(roomId) === undefined) return;
    const sending: Sending = { failures: 0 };
    this.#sending.set(roomId, sending);
    void this.#run(roomId, sending).finally(() => {
      this.#sending.delete(roomId);
      // One may have been added after the last look.
      this.#pump(roomId);
    });
  }

  #next(roomId: string): OutgoingMessage | undefined {
    const { session, outbox } = this.#surroundings.store.getState();
    if (session === undefined || session.user.user_id !== this.#restored) return undefined;
    return outbox[roomId]?.find(
      ({ state, message_id }) => state === 'sending' && !this.#acknowledged.has(message_id),
    );
  }

  async #run(roomId: string, sending: Sending): Promise<void> {
    for (let message = this.#next(roomId); message !== undefined; message = this.#next(roomId)) {
      try {
        const { message_id, content } = message;
        const published = await this.#surroundings.api.publish({ room_id: roomId, content, message_id });
        sending.failures = 0;
        this.#acknowledge(message, published);
      } catch (failure) {
        if (isPassing(failure)) await this.#wait(sending, message, failure);
        // Nobody is signed in: it waits for who comes back under this name.
        else if (problemFor(failure).code === 'unauthenticated') return;
        else this.#refuse(message, failure);
      }
    }
  }

  /** Where the server asks to wait, the message says what for. */
  async #wait(sending: Sending, { room_id, message_id }: OutgoingMessage, failure: unknown): Promise<void> {
    const slowed = failure instanceof ProblemFailure && failure.problem.status === 429;
    if (slowed) {
      const { problem } = failure;
      this.#change(room_id, message_id, (message) => ({ ...message, problem }));
    }
    await this.#pause(sending, failure);
    if (slowed) this.#change(room_id, message_id, ({ problem: _waited, ...message }) => message);
  }

  async #pause(sending: Sending, failure: unknown): Promise<void> {
    const { environment } = this.#surroundings;
    const given = failure instanceof ProblemFailure ? failure.retryAfter : undefined;
    const wait = Math.max(given ?? 0, pause(sending.failures, environment.random()));
    sending.failures += 1;
    await new Promise<void>((resolve) => {
      const cancel = environment.after(wait, resolve);
      // Being asked to wait is not cut short by a connection that opens.
      if (given !== undefined) return;
      sending.hurry = () => {
        cancel();
        resolve();
      };
    });
    sending.hurry = undefined;
  }

  #acknowledge(message: OutgoingMessage, { seq, room: roomName }: Published): void {
    const { session, outbox } = this.#surroundings.store.getState();
    const { message_id, room_id, content, created_at } = message;
    const isShown = outbox[room_id]?.some((one) => one.message_id === message_id) ?? false;
    if (session === undefined || !isShown) return;
    this.#acknowledged.add(message_id);
    this.#options.kept.remove([message_id]).catch(() => undefined);
    this.#options.onAcknowledged({
      type: 'message',
      message_id,
      seq,
      room_id,
      room_name: roomName,
      content,
      sender: session.user.user_id,
      sender_name: session.user.name,
      timestamp: created_at,
    });
  }

  #refuse({ room_id, message_id }: OutgoingMessage, failure: unknown): void {
    const problem = problemFor(failure);
    this.#change(room_id, message_id, (message) => ({ ...message, state: 'failed', problem }));
  }

  #change(roomId: string, messageId: string, change: (message: OutgoingMessage) => OutgoingMessage): void {
    const { store } = this.#surroundings;
    const known = store.getState().outbox[roomId]?.find(({ message_id }) => message_id === messageId);
    if (known === undefined) return;
    const changed = change(known);
    if (changed.message_id !== messageId) this.settled([messageId]);
    this.#keep(changed);
    store.setState(({ outbox }) => ({
      outbox: { ...outbox, [roomId]: (outbox[roomId] ?? []).map((one) => (one === known ? changed : one)) },
    }));
  }

  #drop(roomId: string, messageId: string): void {
    this.#surroundings.store.setState(({ outbox }) => ({
      outbox: { ...outbox, [roomId]: (outbox[roomId] ?? []).filter((one) => one.message_id !== messageId) },
    }));
  }

  #keep(message: OutgoingMessage): void {
    const userId = this.#surroundings.store.getState().session?.user.user_id;
    if (userId !== undefined) this.#options.kept.write(userId, message).catch(() => undefined);
  }
}
