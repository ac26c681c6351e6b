/** The rules of docs/protocol.md and the tests that hold them: each id has a test, each id in a test has a rule. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sourceFiles } from '../scripts/source-files.ts';

const rules = [...readFileSync('docs/protocol.md', 'utf8').matchAll(/^- `([A-Z]+)` /gm)].map(
  (match) => match[1]!,
);

const titles = sourceFiles()
  .filter((file) => /^tests\/.*\.(test|spec)\.tsx?$/.test(file) && file !== 'tests/protocol.test.ts')
  .flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/\b(?:test|it|describe)\b[^\n]*?['"`]([^\n]*)/g),
  ])
  .map((match) => match[1]!);
const used = new Set(
  titles.flatMap((title) => [...title.matchAll(/\[([A-Z]{2,})\]/g)].map((match) => match[1]!)),
);

describe('the rules of the protocol', () => {
  test('are the seven of the architecture', () => {
    expect(rules).toEqual(['LOG', 'ACK', 'ISO', 'NAME', 'COUNT', 'GONE', 'BAD']);
  });

  test.each(rules)('%s is held by a test', (rule) => {
    expect([...used]).toContain(rule);
  });

  test('every id that a test names is a rule', () => {
    expect([...used].filter((id) => !rules.includes(id))).toEqual([]);
  });
});
