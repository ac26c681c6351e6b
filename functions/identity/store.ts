/** Table `guests`: whose guest name it is, until when. A row per normalised name, in one of 16 partitions. */
import { createHash } from 'node:crypto';
import { normalizeName } from '../../contract/text.ts';
import { escapeKey } from '../platform/keys.ts';
import { readRow, write } from '../platform/tables.ts';

export interface Guest {
  user_id: string;
  /** As written at sign-in. */
  name: string;
  /** ISO 8601; from then on the name is free. */
  expires_at: string;
}

export type StoredGuest = Guest & { etag: string };

function keysOf(name: string): { partitionKey: string; rowKey: string } {
  const normalized = normalizeName(name);
  const firstByte = createHash('sha256').update(normalized).digest()[0] ?? 0;
  return { partitionKey: (firstByte % 16).toString(16), rowKey: escapeKey(normalized) };
}

/** The guest of this name, or of one that counts as the same. */
export async function readGuest(name: string): Promise<StoredGuest | undefined> {
  const { partitionKey, rowKey } = keysOf(name);
  return readRow<Guest>('guests', partitionKey, rowKey);
}

/** Stores a guest of a new name, or in the place of `known`. Throws `WriteConflict` where another was faster. */
export async function writeGuest(guest: Guest, known: StoredGuest | undefined): Promise<void> {
  const row = { ...keysOf(guest.name), ...guest };
  await write('guests', known ? { type: 'replace', row, etag: known.etag } : { type: 'insert', row });
}
