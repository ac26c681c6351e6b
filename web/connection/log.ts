/**
 * What is known of one room's log: a gapless window of it that is shown, and what came too early to stand in it.
 * Pure: whatever is told, in whatever order and however often, the window stays dense and in order.
 */
import type { History, Message } from '../../contract/messages.ts';

export interface Log {
  /** Gapless, numbers ascending. */
  messages: Message[];
  /** Newest number that is known to exist. */
  head: number;
  /** The lowest number that one may read: an empty window begins there. */
  first: number;
  /** Whether the window has its place; until then everything that arrives is early. */
  placed: boolean;
  /** By number: beyond a hole. */
  early: ReadonlyMap<number, Message>;
  /** Numbers of shown messages that were made here from an acknowledgement; the server's copy replaces them. */
  assumed: ReadonlySet<number>;
}

export const unknownLog: Log = {
  messages: [],
  head: 0,
  first: 1,
  placed: false,
  early: new Map(),
  assumed: new Set(),
};

/** The number that the window waits for. */
export function nextSeq(log: Log): number {
  return (log.messages.at(-1)?.seq ?? log.first - 1) + 1;
}

/** So many messages after the window are known to exist and not shown. */
export function lacking(log: Log): number {
  return log.placed ? Math.max(0, log.head - nextSeq(log) + 1) : 0;
}

/** The window begins anew with the newest page; what came early follows if it fits. */
export function place(
  log: Log,
  { messages, head, first = 1 }: Pick<History, 'messages' | 'head'> & { first?: number },
): Log {
  const anew = {
    ...log,
    messages,
    first,
    head: Math.max(log.head, head),
    placed: true,
    assumed: new Set<number>(),
  };
  return receive({ ...anew, early: new Map() }, [...log.early.values()]);
}

/** Takes messages in, in any order; those that the window has, or that are older, change nothing. */
export function receive(log: Log, incoming: readonly Message[], isAssumed = false): Log {
  const early = new Map(log.early);
  const assumed = new Set(log.assumed);
  const oldest = log.placed ? nextSeq(log) : 0;
  let { head } = log;
  for (const message of incoming) {
    head = Math.max(head, message.seq);
    if (message.seq < oldest || (isAssumed && early.has(message.seq))) continue;
    early.set(message.seq, message);
    if (isAssumed) assumed.add(message.seq);
  }
  const followers: Message[] = [];
  if (log.placed) {
    for (let next = oldest, message; (message = early.get(next)) !== undefined; next += 1) {
      early.delete(next);
      followers.push(message);
    }
  }
  const messages = followers.length === 0 ? log.messages : log.messages.concat(followers);
  const grown = { ...log, head, early, messages, assumed };
  return isAssumed || assumed.size === 0 ? grown : settle(grown, incoming);
}

/** The server's copies of messages that were only assumed take their place. */
function settle(log: Log, copies: readonly Message[]): Log {
  const certain = copies.filter(({ seq }) => log.assumed.has(seq));
  if (certain.length === 0) return log;
  const first = log.messages[0]?.seq ?? 0;
  const messages = log.messages.slice();
  const assumed = new Set(log.assumed);
  for (const message of certain) {
    if (messages[message.seq - first] !== undefined) messages[message.seq - first] = message;
    assumed.delete(message.seq);
  }
  return { ...log, messages, assumed };
}

/** Messages as they are now take the places of those that are shown, and of those that wait behind a hole. */
export function replace(log: Log, changed: readonly Message[]): Log {
  const bySeq = new Map(changed.map((message) => [message.seq, message]));
  const swap = (message: Message): Message => bySeq.get(message.seq) ?? message;
  return {
    ...log,
    messages: log.messages.map(swap),
    early: new Map([...log.early].map(([seq, message]) => [seq, swap(message)])),
  };
}

/** What is left of a message that a moderator removed. */
export function removed(message: Message, at: string): Message {
  return { ...message, content: '', removed_at: message.removed_at ?? at };
}

/** Puts older messages above the window; a page that does not reach up to it changes nothing. */
export function prepend(log: Log, page: readonly Message[]): Log {
  const first = log.messages[0]?.seq ?? 0;
  const older = page.filter(({ seq }) => seq < first);
  if (older.at(-1)?.seq !== first - 1) return log;
  return { ...log, messages: older.concat(log.messages) };
}
