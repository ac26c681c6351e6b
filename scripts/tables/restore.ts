/** Writes a backup into the tables, and reads it back: either all of it is there as it was, or it throws. */
import type { TableClient } from '@azure/data-tables';
import { tableNames } from '../../contract/names.ts';
import { Digest } from './digest.ts';
import { checkBackup, fileOf, readFile } from './manifest.ts';
import { mendRooms, type Mended } from './mend.ts';
import { Pool } from './pool.ts';
import { toLine, type StoredRow } from './row.ts';
import { emptyTable, writeRows, isEmpty, readPages, tableOrder, type OpenTable } from './storage.ts';

export interface RestoreOptions {
  folder: string;
  /** Empties tables that are not empty, instead of refusing. */
  overwrite: boolean;
  /** Leaves out sessions: one that ended after the backup would be good again. */
  signOut: boolean;
  print: (line: string) => void;
}

/** What is pointed to is written before what points; what is under way last, when all that it needs is there. */
const writeOrder = [
  ...tableOrder.filter((name) => name !== tableNames.intents).toReversed(),
  tableNames.intents,
];

/** Changes nothing where the backup is damaged, or a table is not empty. */
export async function restore(tables: OpenTable, options: RestoreOptions): Promise<void> {
  const { folder, overwrite, signOut, print } = options;
  const { tables: held, began, ended } = await checkBackup(folder);
  print(`The backup of ${began} to ${ended} is whole.`);
  await prepare(tables, overwrite);
  const mended: Mended = { rooms: 0, intents: [] };
  const wanted = writeOrder.filter((name) => held[name] && !(signOut && name === tableNames.sessions));
  for (const name of wanted) {
    const rows = rowsFor(name, fileOf(folder, name), mended);
    const written = await fill(tables(name), rows, (count) => print(`${name}: ${count} rows …`));
    const found = await digestOf(tables(name));
    if (!found.equals(written)) throw notTheSame(name, written.rows, found.rows);
    print(`${name}: ${written.rows} rows, read back and the same`);
  }
  if (mended.rooms > 0) print(`Mended ${mended.rooms} rooms that were written to while they were read.`);
}

async function prepare(tables: OpenTable, overwrite: boolean): Promise<void> {
  await Promise.all(tableOrder.map((name) => tables(name).createTable()));
  const empty = await Promise.all(tableOrder.map((name) => isEmpty(tables(name))));
  const full = tableOrder.filter((_, index) => !empty[index]);
  if (full.length > 0 && !overwrite) {
    throw new Error(
      `Not empty, and so nothing was changed: ${full.join(', ')}. With --overwrite what is in them is removed first.`,
    );
  }
  for (const name of full.toReversed()) await emptyTable(tables(name));
}

async function* rowsFor(name: string, path: string, mended: Mended): AsyncGenerator<StoredRow> {
  const rows = readFile(path);
  yield* name === tableNames.rooms ? mendRooms(rows, mended) : rows;
  if (name === tableNames.intents) yield* mended.intents;
}

/** Most that one transaction takes, with room for what is around the rows. */
const most = { rows: 100, bytes: 3 * 1_024 * 1_024 };

async function fill(
  client: TableClient,
  rows: AsyncIterable<StoredRow>,
  progress: (rows: number) => void,
): Promise<Digest> {
  const written = new Digest();
  const pool = new Pool();
  let batch: StoredRow[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    bytes = 0;
    if (full.length > 0) await pool.run(() => writeRows(client, full));
  };
  for await (const row of rows) {
    const line = toLine(row);
    const size = Buffer.byteLength(line);
    const fits = batch.length < most.rows && bytes + size <= most.bytes;
    if (batch[0]?.PartitionKey !== row.PartitionKey || !fits) await flush();
    batch.push(row);
    bytes += size;
    written.add(line);
    if (written.rows % 10_000 === 0) progress(written.rows);
  }
  await flush();
  await pool.end();
  return written;
}

async function digestOf(client: TableClient): Promise<Digest> {
  const found = new Digest();
  for await (const page of readPages(client)) for (const row of page) found.add(toLine(row));
  return found;
}

const notTheSame = (name: string, written: number, found: number): Error =>
  new Error(
    `Table ${name} is not what was written to it (${written} rows written, ${found} found). Does the app run? ` +
      `Stop it, and restore again with --overwrite.`,
  );
