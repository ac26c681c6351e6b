/**
 * Messages that arrive, from wherever, on their way into the state: gathered until the next frame is painted, then
 * put into windows, heads, unread counts and the outbox in one step, so that nothing is ever shown twice.
 */
import type { Message } from '../../contract/messages.ts';
import { lacking, receive, unknownLog, type Log } from './log.ts';
import type { ChatState, Conversation } from './model.ts';
import type { Surroundings } from './room-state.ts';

export interface ArrivalsOptions {
  /** Messages of a room that the person is not known to be in. */
  onStranger: (roomId: string) => void;
  /** The window of the room on screen has a hole. */
  onHole: (roomId: string) => void;
  /** These ids are messages now and wait no longer. */
  onSent: (messageIds: string[]) => void;
  /** A message of one's own counts as read, which the server does not know yet. */
  onOwn: (roomId: string) => void;
}

interface Batch {
  messages: Message[];
  assumed: Message[];
}

/** What a log has beside its window, which is in the state. */
type Beside = Pick<Log, 'placed' | 'early' | 'assumed'>;

export class Arrivals {
  readonly #surroundings: Surroundings;
  readonly #options: ArrivalsOptions;
  readonly #beside = new Map<string, Beside>();
  #waiting = new Map<string, Batch>();
  /** Highest number heard of rooms before one was known to be in them. */
  readonly #heard = new Map<string, number>();
  /** The room on screen: only there holes are filled. */
  current: string | undefined;

  constructor(surroundings: Surroundings, options: ArrivalsOptions) {
    this.#surroundings = surroundings;
    this.#options = options;
  }

  /** `assumed` for a message made from an acknowledgement, before the server's own copy is here. */
  add(messages: readonly Message[], assumed = false): void {
    if (this.#waiting.size === 0) this.#surroundings.environment.soon(() => this.flush());
    for (const message of messages) {
      const batch = this.#waiting.get(message.room_id) ?? { messages: [], assumed: [] };
      this.#waiting.set(message.room_id, batch);
      (assumed ? batch.assumed : batch.messages).push(message);
    }
  }

  flush(): void {
    const waiting = this.#waiting;
    if (waiting.size === 0) return;
    this.#waiting = new Map();
    const { store } = this.#surroundings;
    const before = store.getState();
    const changed = {
      memberships: { ...before.memberships },
      conversations: { ...before.conversations },
      outbox: before.outbox,
    };
    const me = before.session?.user.user_id;
    const sent: string[] = [];
    for (const [roomId, batch] of waiting) {
      const all = [...batch.messages, ...batch.assumed];
      let arrived = all;
      const membership = changed.memberships[roomId];
      const conversation = changed.conversations[roomId];
      if (membership === undefined) {
        const heard = all.reduce((head, { seq }) => Math.max(head, seq), this.heard(roomId));
        this.#heard.set(roomId, heard);
        this.#options.onStranger(roomId);
      } else {
        changed.memberships[roomId] = {
          ...membership,
          head: all.reduce((head, { seq }) => Math.max(head, seq), membership.head),
          last_read: readUpTo(membership.last_read, all, me),
        };
      }
      if (membership !== undefined && conversation !== undefined && conversation.gone === undefined) {
        const log = this.#receive(roomId, conversation, batch);
        changed.conversations[roomId] = this.keep(roomId, conversation, log);
        // What waits behind a hole is not shown yet, so its outgoing copy still has to be; what waited there may be
        // shown now. Off screen nothing waits.
        const early = [...log.early.values()];
        const shown = log.messages.slice(conversation.messages.length);
        if (roomId === this.current) arrived = shown.concat(all.filter(({ seq }) => !log.early.has(seq)));
        else arrived = all.concat(shown, early);
      }
      const settled = settle(changed.outbox, roomId, arrived);
      changed.outbox = settled.outbox;
      sent.push(...settled.sent);
    }
    store.setState(changed);
    if (sent.length > 0) this.#options.onSent(sent);
    for (const roomId of waiting.keys()) {
      const read = changed.memberships[roomId]?.last_read ?? 0;
      if (read > (before.memberships[roomId]?.last_read ?? 0)) this.#options.onOwn(roomId);
      this.#watch(roomId);
    }
  }

  /** Messages can overtake the answer that one has joined; this is the newest of them, 0 without any. */
  heard(roomId: string): number {
    return this.#heard.get(roomId) ?? 0;
  }

  /** The log of a room as the state shows it and as it is known here. */
  logOf(roomId: string, { messages, head, first, loading }: Conversation): Log {
    // A window that stands in the state without us (a test filled it) has its place.
    const beside = this.#beside.get(roomId) ?? { placed: loading.state === 'ready' };
    return { ...unknownLog, ...beside, messages, head, first };
  }

  /** The conversation with this log; what does not stand in the state is remembered here. */
  keep(roomId: string, conversation: Conversation, log: Log): Conversation {
    const { messages, head, first, placed, assumed } = log;
    // Off screen nobody waits for what is missing: it is asked for when the room is opened again.
    const early = roomId === this.current || !placed ? log.early : unknownLog.early;
    this.#beside.set(roomId, { placed, early, assumed });
    const complete = placed && (messages[0]?.seq ?? first) <= first;
    return { ...conversation, messages, head, first, complete };
  }

  /** Puts a log that was loaded into the state, and takes what it shows out of the outbox. */
  commit(roomId: string, change: (log: Log) => Log, more: Partial<Conversation> = {}): void {
    this.flush();
    const { store } = this.#surroundings;
    const { conversations, outbox } = store.getState();
    const conversation = conversations[roomId];
    if (conversation === undefined) return;
    const log = change(this.logOf(roomId, conversation));
    const kept = { ...this.keep(roomId, conversation, log), ...more };
    const settled = settle(outbox, roomId, log.messages);
    store.setState({ conversations: { ...conversations, [roomId]: kept }, outbox: settled.outbox });
    if (settled.sent.length > 0) this.#options.onSent(settled.sent);
    this.#watch(roomId);
  }

  forget(roomId: string): void {
    this.#beside.delete(roomId);
    this.#waiting.delete(roomId);
  }

  clear(): void {
    this.#beside.clear();
    this.#waiting.clear();
    this.#heard.clear();
    this.current = undefined;
  }

  #receive(roomId: string, conversation: Conversation, { messages, assumed }: Batch): Log {
    const log = receive(this.logOf(roomId, conversation), messages);
    return assumed.length === 0 ? log : receive(log, assumed, true);
  }

  #watch(roomId: string): void {
    if (roomId !== this.current) return;
    const conversation = this.#surroundings.store.getState().conversations[roomId];
    if (conversation !== undefined && lacking(this.logOf(roomId, conversation)) > 0) {
      this.#options.onHole(roomId);
    }
  }
}

/** What is shown as a message waits no longer; the same record where nothing of it waited. */
function settle(
  outbox: ChatState['outbox'],
  roomId: string,
  messages: readonly Message[],
): { outbox: ChatState['outbox']; sent: string[] } {
  const waiting = outbox[roomId] ?? [];
  if (waiting.length === 0) return { outbox, sent: [] };
  const ids = new Set(messages.map(({ message_id }) => message_id));
  const sent = waiting.map(({ message_id }) => message_id).filter((id) => ids.has(id));
  if (sent.length === 0) return { outbox, sent };
  return { outbox: { ...outbox, [roomId]: waiting.filter(({ message_id }) => !ids.has(message_id)) }, sent };
}

/** What one wrote oneself, straight after what one has read, is read. */
export function readUpTo(lastRead: number, messages: readonly Message[], me: string | undefined): number {
  const own = messages.filter(({ sender }) => sender === me).map(({ seq }) => seq);
  return own.toSorted((a, b) => a - b).reduce((read, seq) => (seq === read + 1 ? seq : read), lastRead);
}
