/**
 * What is under way over more than one partition. An intent is written before the first step of such a change and
 * removed after the last; what stays is finished by the sweep. Knows nothing of what the changes are.
 */
import { newId } from '../platform/ids.ts';
import { settings } from '../platform/settings.ts';
import { storageNow } from '../platform/tables.ts';
import { deleteIntent, insertIntent, intentsBefore, putIntent } from './store.ts';

interface OfRoom {
  room_id: string;
}
interface OfPerson extends OfRoom {
  user_id: string;
}

/** What each kind of change needs to be carried on by somebody else. */
export type Intent =
  | ({ kind: 'publish'; message_ids: string[] } & OfRoom)
  | ({ kind: 'create'; name: string } & OfPerson)
  | ({ kind: 'rename'; old: string; name: string } & OfRoom)
  | ({ kind: 'delete' } & OfRoom)
  | ({ kind: 'join'; name?: string } & OfPerson)
  | ({ kind: 'leave' } & OfPerson)
  | { kind: 'end_sessions'; user_id: string; keep?: string }
  | { kind: 'delete_person'; user_id: string }
  | ({ kind: 'ban' } & OfPerson)
  | ({ kind: 'standing'; user_ids: string[] } & OfRoom)
  | ({ kind: 'unlist'; name: string } & OfRoom);

export interface IntentHandle {
  partition: string;
  id: string;
}

/** An intent of our own. */
export interface OwnIntent extends IntentHandle {
  intent: Intent;
  /** When it was about to be written, in milliseconds of a clock that nobody sets. */
  began: number;
}

/**
 * Writes an intent; the change may begin once this has answered. Its first write runs under the ETag of a row that
 * was read before, so that the sweep can end it by writing that row; where it inserts a row, `renewIntent` follows it.
 */
export async function writeIntent(intent: Intent): Promise<OwnIntent> {
  const id = newId();
  // One of 16, since the last digit of a version 7 id is random.
  const own = { partition: id.slice(-1), id, intent, began: performance.now() };
  await insertIntent(own.partition, id, toRow(intent));
  return own;
}

/** Writes it again if the sweep may have come and gone since: what was begun only after that would have no intent. */
export async function renewIntent({ partition, id, intent, began }: OwnIntent): Promise<void> {
  if (performance.now() - began < settings().INTENT_SECONDS * 1_000) return;
  await putIntent(partition, id, toRow(intent));
}

const toRow = ({ kind, ...data }: Intent) => ({ kind, data: JSON.stringify(data) });

/** The change is complete, and told. Removing twice does no harm. */
export async function removeIntent(handle: IntentHandle): Promise<void> {
  await deleteIntent(handle.partition, handle.id);
}

/** Intents that were written longer ago than a change takes, by the storage's clock and never by ours. */
export async function* readOldIntents(): AsyncGenerator<{ handle: IntentHandle; intent: Intent }> {
  const before = new Date((await storageNow()).getTime() - settings().INTENT_SECONDS * 1_000);
  for await (const row of intentsBefore(before)) {
    const intent = { ...(JSON.parse(row.data) as object), kind: row.kind } as Intent;
    yield { handle: { partition: row.partitionKey, id: row.rowKey }, intent };
  }
}
