/** What a backup holds, in its `manifest.json`, and whether it still does. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod/mini';
import { parseLine, type StoredRow } from './row.ts';
import { tableOrder } from './storage.ts';

const count = z.int().check(z.nonnegative());
const manifest = z.strictObject({
  format: z.literal('hubbub-tables'),
  version: z.literal(1),
  /** Between these two moments its rows were read. */
  began: z.iso.datetime(),
  ended: z.iso.datetime(),
  /** By table: how many rows, and the SHA-256 of its file. */
  tables: z.record(z.string(), z.strictObject({ rows: count, sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifest>;

export const manifestFile = 'manifest.json';
export const fileOf = (folder: string, table: string): string => join(folder, `${table}.ndjson`);

/** Reads a manifest, and every file that it names, to the end. Throws a sentence where anything is not as it was. */
export async function checkBackup(folder: string): Promise<Manifest> {
  const file = join(folder, manifestFile);
  if (!existsSync(file)) {
    throw new Error(`${folder} is no complete backup: it has no ${manifestFile}, which is written last.`);
  }
  const read = manifest.safeParse(parse(readFileSync(file, 'utf8')));
  if (!read.success) throw damaged(file, 'it is no manifest of this version');
  for (const [table, { rows, sha256 }] of Object.entries(read.data.tables)) {
    if (!(tableOrder as readonly string[]).includes(table)) {
      throw new Error(
        `The backup has a table ${table}, which this version does not know. Restore with a newer one.`,
      );
    }
    const path = fileOf(folder, table);
    if (!existsSync(path)) throw damaged(path, 'it is missing');
    if ((await hashOf(path)) !== sha256) throw damaged(path, 'its hash is not that of the manifest');
    let found = 0;
    for await (const row of readFile(path)) if (row.PartitionKey !== undefined) found += 1;
    if (found !== rows) throw damaged(path, `it has ${found} rows, not ${rows}`);
  }
  return read.data;
}

/** The rows of a file of a backup, in its order. */
export async function* readFile(path: string): AsyncGenerator<StoredRow> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number += 1;
    let row: StoredRow;
    try {
      row = parseLine(line);
    } catch {
      throw damaged(path, `line ${number} holds no row`);
    }
    yield row;
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const damaged = (file: string, why: string): Error =>
  new Error(`The backup is damaged, and nothing was changed: ${file}: ${why}.`);
