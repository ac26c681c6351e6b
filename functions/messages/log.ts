/**
 * The log of a room: its messages, numbered 1, 2, 3 … without a gap. A message has its number before anybody is
 * told of it. Knows nothing of who may write, nor of how messages reach people.
 */
import { ProblemError } from '../platform/problem.ts';
import { readLog, type Log } from './store.ts';

export type { Log } from './store.ts';

/** A message that has no number yet. */
export interface Draft {
  message_id: string;
  content: string;
  sender: string;
  sender_name: string;
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
