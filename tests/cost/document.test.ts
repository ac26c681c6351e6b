/** docs/cost.md and the command: what they say is what the model says now. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { plain, withTables } from '../../infra/cost/document.ts';
import { documentTables } from '../../infra/cost/report.ts';

const written = readFileSync('docs/cost.md', 'utf8');

it('docs/cost.md has the tables that the model prints: npm run cost -- --document', () => {
  expect(plain(written)).toBe(plain(withTables(written, documentTables())));
});

it('the command prints every table of docs/cost.md', () => {
  const printed = plain(execFileSync(process.execPath, ['infra/cost/main.ts'], { encoding: 'utf8' }));
  for (const table of Object.values(documentTables())) expect(printed).toContain(plain(table));
});

it('a document without a place for a table, or with one for a table that there is not, is an error', () => {
  expect(() => withTables('', { idle: '' })).toThrow('no place for idle');
  expect(() => withTables('<!-- other: npm run cost -->\n<!-- end -->', {})).toThrow('wants the table other');
});

it('the command prints the bill of a workload, and the sentence of a size that cannot take it', () => {
  const args = ['infra/cost/main.ts', '--people', '200', '--messages', '1000000', '--api-management'];
  const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
  expect(printed).toMatch(/### free\n\nfree takes at most 20 connections/);
  expect(printed).toMatch(/### standard: \$\d+\.\d\d a month/);
  expect(printed).toContain('API Management');
});

it.each([
  ['--size', 'huge'],
  ['--people', 'many'],
  ['--batch', '50'],
])('the command answers %s %s with a sentence', (...args) => {
  const { status, stderr } = spawnSync(process.execPath, ['infra/cost/main.ts', ...args], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr.trim()).toMatch(/^\w.*\.$/);
  expect(stderr).not.toContain('at ');
});
