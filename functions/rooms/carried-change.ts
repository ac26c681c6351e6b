/**
 * Changes of a room's row that have more to do after it. Each attempt reads the row, writes an intent, and changes the
 * row under the ETag that it read: the sweep, which writes the row before it finishes an intent, so ends an attempt
 * that was only asleep, and the next one has an intent of its own.
 */
import { removeIntent, writeIntent, type Intent, type IntentHandle } from '../intents/intents.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { retryOnChange } from './rooms.ts';
import { readRoomRow, touchRoomRow, type StoredRoom } from './store.ts';

export interface Attempt<T> {
  intent: (row: StoredRoom) => Intent;
  change: (row: StoredRoom) => Promise<T>;
}

/** Runs the change, again when somebody else changed the row; adds an intent for each attempt to `intents`. */
export function attemptChange<T>(
  roomId: string,
  { intent, change }: Attempt<T>,
  intents: IntentHandle[],
): Promise<T> {
  return retryOnChange(roomId, async (fresh) => {
    intents.push(await writeIntent(intent(fresh)));
    return change(fresh);
  });
}

/** While the answer is on its way already: an intent that stays makes up for it. */
export function removeIntents(intents: readonly IntentHandle[]): void {
  void Promise.all(intents.map(removeIntent)).catch(() => {});
}

/** Runs the change and what follows it. A refusal by either ends it too. Throws `room_not_found` and what they throw. */
export async function carryChange<T>(
  roomId: string,
  attempt: Attempt<T>,
  finish: (done: T) => Promise<unknown>,
): Promise<T> {
  const intents: IntentHandle[] = [];
  try {
    const done = await attemptChange(roomId, attempt, intents);
    await finish(done);
    removeIntents(intents);
    return done;
  } catch (error) {
    if (error instanceof ProblemError) removeIntents(intents);
    throw error;
  }
}

/**
 * Ends every change of the room's row that read it before: who finishes an intent does so first, for whoever wrote it
 * may only be asleep.
 */
export async function supersede(roomId: string): Promise<void> {
  const row = await readRoomRow(roomId);
  if (row?.state !== 'open') return;
  try {
    await touchRoomRow(row);
  } catch (error) {
    // Whoever was faster changed the ETag as well as we would have.
    if (!(error instanceof WriteConflict)) throw error;
  }
}
