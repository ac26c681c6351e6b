/** The decision pages: numbered without a gap, each with its three parts. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const folder = 'docs/decisions';
const pages = readdirSync(folder).toSorted();

describe('decision pages', () => {
  test('are numbered without a gap', () => {
    expect(pages.map((page) => Number(page.slice(0, 4)))).toEqual(pages.map((_, index) => index + 1));
  });

  test.each(pages)('%s has context, decision and consequences, and its own number', (page) => {
    const text = readFileSync(`${folder}/${page}`, 'utf8');
    expect(text).toMatch(new RegExp(`^# ${Number(page.slice(0, 4))}\\. `));
    for (const part of ['**Context.**', '**Decision.**', '**Consequences.**']) expect(text).toContain(part);
  });
});
