/** Writes every table of the app into a folder: a line a row, a file a table, and last of all what it holds. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableClient } from '@azure/data-tables';
import { fileOf, manifestFile, type Manifest } from './manifest.ts';
import { toLine } from './row.ts';
import { readPages, tableOrder, type OpenTable } from './storage.ts';

export interface BackupOptions {
  folder: string;
  print: (line: string) => void;
  /** Rows that are read at a time; tests make it small. */
  pageSize?: number;
}

/** Throws where the folder holds anything. Rows are never held all together: a table may be of any size. */
export async function backUp(
  tables: OpenTable,
  { folder, print, pageSize }: BackupOptions,
): Promise<Manifest> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty. A backup takes a new folder.`);
  const began = new Date().toISOString();
  const held: Manifest['tables'] = {};
  for (const name of tableOrder) {
    held[name] = await backUpTable(tables(name), { name, path: fileOf(folder, name), print, pageSize });
    print(`${name}: ${held[name].rows} rows`);
  }
  const manifest: Manifest = {
    format: 'hubbub-tables',
    version: 1,
    began,
    ended: new Date().toISOString(),
    tables: held,
  };
  await writeFile(join(folder, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  return manifest;
}

async function backUpTable(
  client: TableClient,
  {
    name,
    path,
    print,
    pageSize,
  }: { name: string; path: string; print: BackupOptions['print']; pageSize?: number | undefined },
): Promise<Manifest['tables'][string]> {
  const file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let rows = 0;
  try {
    for await (const page of readPages(client, pageSize)) {
      const text = page.map((row) => `${toLine(row)}\n`).join('');
      hash.update(text);
      await file.writeFile(text);
      rows += page.length;
      if (rows % 10_000 < page.length && rows >= 10_000) print(`${name}: ${rows} rows …`);
    }
    await file.sync();
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return { rows, sha256: hash.digest('hex') };
}
