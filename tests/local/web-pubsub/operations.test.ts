/** OPERATIONS.md beside the program: every operation is listed, and nothing is that is not there. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { operations } from '../../../local/web-pubsub/rest/routes.ts';

const page = readFileSync('local/web-pubsub/OPERATIONS.md', 'utf8');

it('lists every operation of REST with its method and path, in the order of the table', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| `([A-Z]+) (\S+)` +\|/gm)];
  const listed = rows.map(([, name, method, path]) => ({ name, method, path }));
  expect(listed).toEqual(operations);
});

it('lists every frame of a client that the parser knows', () => {
  const source = readFileSync('local/web-pubsub/connection/client-frames.ts', 'utf8');
  const known = [...source.matchAll(/case '(\w+)':/g)].map(([, name]) => name!);
  const listed = [...page.matchAll(/`(\w+)`/g)].map(([, name]) => name!.toLowerCase());
  expect(known.length).toBeGreaterThan(12);
  expect(known.filter((name) => !listed.includes(name))).toEqual([]);
});
