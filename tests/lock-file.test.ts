/** The lock file works on every platform, and names nobody's registry. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { missingEntries, readLockFile } from '../scripts/lock-file.ts';

test('the lock file has an entry for every optional package (npm run lock adds them)', () => {
  expect(Object.keys(missingEntries(readLockFile()))).toEqual([]);
});

test('the lock file names no address of a registry', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved": "http');
});
