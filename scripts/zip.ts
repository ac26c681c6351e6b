/** A folder as a zip, the same bytes for the same files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/** The earliest time that a zip can hold. */
const mtime = new Date('1980-01-02T00:00:00Z');

/** Every file below `folder`, by its path from there. */
export function zipFolder(folder: string): Uint8Array {
  const files: Zippable = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).replaceAll('\\', '/')] = readFileSync(path);
  }
  return zipSync(files, { level: 9, mtime });
}
