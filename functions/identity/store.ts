/**
 * Table `guests`: whose name it is, of guests and of accounts alike, until when. A row per normalised name, in one of
 * 16 partitions, so that names that begin alike are found by 16 reads.
 */
import { createHash } from 'node:crypto';
import { normalizeName } from '../../contract/text.ts';
import { escapeKey } from '../platform/keys.ts';
import { odata, readPage, readRow, write, WriteConflict, type Row } from '../platform/tables.ts';

export interface NameRow {
  user_id: string;
  /** As its bearer writes it. */
  name: string;
  /** ISO 8601; from then on the name is free. Far away for who is no guest. */
  expires_at: string;
}
export type StoredName = Row<NameRow>;

const partitions = 16;

function keysOf(name: string): { partitionKey: string; rowKey: string } {
  const normalized = normalizeName(name);
  const firstByte = createHash('sha256').update(normalized).digest()[0] ?? 0;
  return { partitionKey: (firstByte % partitions).toString(16), rowKey: escapeKey(normalized) };
}

/** Who has this name, or one that counts as the same. */
export async function readName(name: string): Promise<StoredName | undefined> {
  const { partitionKey, rowKey } = keysOf(name);
  return readRow<NameRow>('guests', partitionKey, rowKey);
}

/** Stores a new name, or one in the place of `known`. Throws `WriteConflict` where another was faster. */
export async function writeName(claim: NameRow, known: StoredName | undefined): Promise<void> {
  const row = { ...keysOf(claim.name), ...claim };
  await write('guests', known ? { type: 'replace', row, etag: known.etag } : { type: 'insert', row });
}

/** Removes a name as it was read; one that changed meanwhile stays. */
export async function deleteName(known: StoredName): Promise<void> {
  const { partitionKey, rowKey, etag } = known;
  try {
    await write('guests', { type: 'delete', etag, row: { partitionKey, rowKey } });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** Names that begin so, at most `limit` of each partition, in no order. */
export async function readNames(prefix: string, limit: number): Promise<StoredName[]> {
  const from = escapeKey(normalizeName(prefix));
  // What begins so is below its beginning and the highest character.
  const to = `${from}\uffff`;
  const pages = await Promise.all(
    Array.from({ length: partitions }, (_, partition) => {
      const filter = odata`PartitionKey eq ${partition.toString(16)} and RowKey ge ${from} and RowKey lt ${to}`;
      return readPage<NameRow>('guests', filter, { limit });
    }),
  );
  return pages.flatMap(({ rows }) => rows);
}
