/** The small files of the host outlive what happens to it. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readJson, writeJson } from '../../../local/functions-host/json-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'functions-host-json-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a file is read as it was written, and nothing else is left', () => {
  const path = join(folder, 'inner/file.json');
  writeJson(path, { a: 1 });
  writeJson(path, { a: 2 });
  expect(readJson(path)).toEqual({ a: 2 });
  expect(readdirSync(join(folder, 'inner'))).toEqual(['file.json']);
});

it('a write that a crash cut short does not count', () => {
  const path = join(folder, 'cut.json');
  writeJson(path, { kept: true });
  writeFileSync(`${path}.new`, '{"kept":');
  expect(readJson(path)).toEqual({ kept: true });
});

it('a file that is not there is nothing, and one that is no JSON is named', () => {
  expect(readJson(join(folder, 'none.json'))).toBeUndefined();
  const path = join(folder, 'broken.json');
  writeFileSync(path, '{');
  expect(() => readJson(path)).toThrow(`${path} is not JSON`);
});
