/** Table `connections`: by user id a row for each open connection, and one with the person's name. */
import { escapeKey, unescapeKey } from '../platform/keys.ts';
import { odata, readAll, readPage, readRow, write, WriteConflict, type Row } from '../platform/tables.ts';

/**
 * `opening`: Web PubSub was told to let it in, and may not have done so yet. `refused`: it took too long, or is being
 * closed, and is closed should it come. Rows are hints: a connection may be gone without anybody having said so.
 */
export interface ConnectionRow {
  state: 'opening' | 'open' | 'refused';
  /** Ids of the rooms whose groups it got when it connected, as JSON. */
  rooms: string;
  /** The session that asked for it, where it has one. */
  session?: string;
}
export type StoredConnection = Row<ConnectionRow>;

const prefix = 'connection_';
const afterPrefix = 'connection\u0060';
const profile = 'profile';

const keys = (userId: string, connectionId: string) => ({
  partitionKey: escapeKey(userId),
  rowKey: prefix + escapeKey(connectionId),
});

export const userIdOf = (row: StoredConnection): string => unescapeKey(row.partitionKey);
export const connectionIdOf = (row: StoredConnection): string => unescapeKey(row.rowKey.slice(prefix.length));

export async function writeConnection(
  userId: string,
  connectionId: string,
  row: ConnectionRow,
): Promise<StoredConnection> {
  const values = { ...keys(userId, connectionId), ...row };
  return { ...values, etag: await write('connections', { type: 'upsert', row: values }) };
}

/** Changes a row that is as it was read, and makes it young again. Whether it still was. */
export async function changeConnection(
  row: StoredConnection,
  change: Partial<ConnectionRow>,
): Promise<boolean> {
  const { partitionKey, rowKey, etag } = row;
  try {
    await write('connections', { type: 'merge', etag, row: { partitionKey, rowKey, ...change } });
    return true;
  } catch (error) {
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}

/** Nothing of it counts from now on, whatever its row says; a row that is gone says so too. */
export async function refuseConnection(userId: string, connectionId: string): Promise<void> {
  try {
    const row = { ...keys(userId, connectionId), state: 'refused' };
    await write('connections', { type: 'merge', etag: '*', row });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

export function readConnection(userId: string, connectionId: string): Promise<StoredConnection | undefined> {
  const { partitionKey, rowKey } = keys(userId, connectionId);
  return readRow<ConnectionRow>('connections', partitionKey, rowKey);
}

export async function deleteConnection(userId: string, connectionId: string): Promise<void> {
  await deleteRow(keys(userId, connectionId));
  await deleteRow(answersKeys(userId, connectionId));
}

async function deleteRow(row: { partitionKey: string; rowKey: string }): Promise<void> {
  try {
    await write('connections', { type: 'delete', etag: '*', row });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** What was answered to the last events of a connection, as JSON: ids and answers. */
interface AnswersRow {
  answers: string;
}
export type StoredAnswers = Row<AnswersRow>;

const answersKeys = (userId: string, connectionId: string) => ({
  partitionKey: escapeKey(userId),
  rowKey: `answers_${escapeKey(connectionId)}`,
});

export function readAnswers(userId: string, connectionId: string): Promise<StoredAnswers | undefined> {
  const { partitionKey, rowKey } = answersKeys(userId, connectionId);
  return readRow<AnswersRow>('connections', partitionKey, rowKey);
}

/** Throws `WriteConflict` where another was faster. */
export async function writeAnswers(
  keys: { userId: string; connectionId: string },
  answers: string,
  known: StoredAnswers | undefined,
): Promise<void> {
  const row = { ...answersKeys(keys.userId, keys.connectionId), answers };
  await write('connections', known ? { type: 'replace', row, etag: known.etag } : { type: 'insert', row });
}

/** A person's connections; nobody has more than one page of them. */
export async function readConnections(userId: string): Promise<StoredConnection[]> {
  const filter = odata`PartitionKey eq ${escapeKey(userId)} and RowKey ge ${prefix} and RowKey lt ${afterPrefix}`;
  return (await readPage<ConnectionRow>('connections', filter, { limit: 1_000 })).rows;
}

/** Every connection row, for the slow timer. */
export function allConnections(): AsyncGenerator<StoredConnection> {
  return readAll<ConnectionRow>('connections', odata`RowKey ge ${prefix} and RowKey lt ${afterPrefix}`);
}

/** How many connection rows there are, up to a page of 1,000; undefined where there are more. */
export async function countRows(): Promise<number | undefined> {
  const filter = odata`RowKey ge ${prefix} and RowKey lt ${afterPrefix}`;
  const page = await readPage('connections', filter, { limit: 1_000, select: ['RowKey'] });
  return page.continuation === undefined ? page.rows.length : undefined;
}

export async function writeName(userId: string, name: string): Promise<void> {
  const row = { partitionKey: escapeKey(userId), rowKey: profile, name };
  await write('connections', { type: 'upsert', row });
}

export async function readName(userId: string): Promise<string | undefined> {
  return (await readRow<{ name: string }>('connections', escapeKey(userId), profile))?.name;
}

export async function deleteName(userId: string): Promise<void> {
  await deleteRow({ partitionKey: escapeKey(userId), rowKey: profile });
}

/** Total of the last walk over all rows, for when there are too many to count at once. */
export async function writeTotal(total: number): Promise<void> {
  await write('connections', { type: 'upsert', row: { partitionKey: 'total', rowKey: 'total', total } });
}

export async function readTotal(): Promise<number> {
  return (await readRow<{ total: number }>('connections', 'total', 'total'))?.total ?? 0;
}
