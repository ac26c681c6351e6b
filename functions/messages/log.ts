/**
 * The log of a room: its messages, numbered 1, 2, 3 … without a gap. A message has its number before anybody is
 * told of it. Knows nothing of who may write, nor of how messages reach people.
 */
import type { Message } from '../../contract/messages.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { insertMessages, readLog, readMessages, readNumber, type Log } from './store.ts';

export type { Log } from './store.ts';

/** A message that has no number yet. */
export interface Draft {
  message_id: string;
  content: string;
  sender: string;
  sender_name: string;
}

/** How an attempt to append ended for one draft; `again`: it is not in the log, and may be tried again. */
export type Outcome =
  | { kind: 'stored'; message: Message }
  | { kind: 'refused'; error: unknown }
  | { kind: 'again' };

export interface Attempt {
  /** In the order of the drafts. */
  outcomes: Outcome[];
  /** The log after it, where that is known. */
  log?: Log;
  /** The storage did not say what became of it: it may still succeed, as long as the log stays as it was. */
  uncertain: boolean;
}

/** The number of a room's newest message; 0 while it has none, or where there is no such room. */
export async function readHead(roomId: string): Promise<number> {
  return (await readLog(roomId))?.head ?? 0;
}

/** The log of a room that can be written and read. Throws `room_not_found` for none and for a closed one. */
export async function readOpenLog(roomId: string): Promise<Log> {
  const log = await readLog(roomId);
  if (!log || log.closed) throw new ProblemError('room_not_found', 'There is no room with this id.');
  return log;
}

/** Runs a change on an open log as it is, again when somebody else changed it. Throws `room_not_found`. */
export async function onLog<T>(roomId: string, change: (log: Log) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    const log = await readOpenLog(roomId);
    try {
      return await change(log);
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      // The more are at it, the longer each stands back.
      await clock.wait(clock.random() * Math.min(1_000, 20 * 2 ** attempt));
    }
  }
}

/**
 * Appends at most 49 drafts with ids of their own in one transaction, if the log is still as `log` says. A draft
 * that is there already, from the same sender with the same content, counts as stored; with others it is refused
 * (`message_id_in_use`). Throws nothing: what the storage throws is in the outcomes.
 */
export async function append(roomId: string, log: Log, drafts: Draft[]): Promise<Attempt> {
  const messages = drafts.map((draft, index) => toMessage(roomId, log, { draft, seq: log.head + 1 + index }));
  try {
    const after = await insertMessages(roomId, log, messages);
    return {
      outcomes: messages.map((message) => ({ kind: 'stored', message })),
      log: after,
      uncertain: false,
    };
  } catch (error) {
    return readBack(roomId, drafts, error);
  }
}

/** After a conflict, too, the ids come first: the SDK tries twice, so the conflict may be with ourselves. */
async function readBack(roomId: string, drafts: Draft[], error: unknown): Promise<Attempt> {
  const conflict = error instanceof WriteConflict;
  const outcomes = await Promise.all(
    drafts.map(async (draft): Promise<Outcome> => {
      try {
        const known = await findMessage(roomId, draft.message_id);
        if (known) return compare(draft, known);
        return conflict ? { kind: 'again' } : { kind: 'refused', error };
      } catch (failure) {
        return { kind: 'refused', error: failure };
      }
    }),
  );
  return { outcomes, uncertain: !conflict };
}

/** A message by its id. */
async function findMessage(roomId: string, messageId: string): Promise<Message | undefined> {
  const seq = await readNumber(roomId, messageId);
  return seq === undefined ? undefined : (await readMessages(roomId, seq, seq))[0];
}

function compare(draft: Draft, known: Message): Outcome {
  // What was removed cannot be compared any more; its sender may still repeat it, and shows nothing by that.
  const same = known.content === draft.content || known.removed_at !== undefined;
  if (known.sender === draft.sender && same) {
    return { kind: 'stored', message: known };
  }
  const detail = 'Another message of this room has this id. Send yours with a new one.';
  return { kind: 'refused', error: new ProblemError('message_id_in_use', detail) };
}

function toMessage(roomId: string, log: Log, numbered: { draft: Draft; seq: number }): Message {
  const { draft, seq } = numbered;
  return {
    type: 'message',
    message_id: draft.message_id,
    seq,
    room_id: roomId,
    room_name: log.name,
    content: draft.content,
    sender: draft.sender,
    sender_name: draft.sender_name,
    timestamp: clock.now().toISOString(),
  };
}
