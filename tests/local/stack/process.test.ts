/** What a part of the local stack says is kept in its log, start after start, but not without end. */
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { RunningPart } from '../../../local/stack/process.ts';
import { until } from '../../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'hubbub-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = join(folder, 'part.log');

/** Runs a part that says one word, until it stands in the log. */
async function say(word: string): Promise<void> {
  const health = { url: 'http://localhost:1', method: 'GET' as const };
  const part = new RunningPart({
    title: 'A part',
    args: ['-e', `console.log('${word}')`],
    ports: [],
    health,
    log,
  });
  await part.ended;
  await until(() => existsSync(log) && readFileSync(log, 'utf8').includes(word), { what: word });
}

test('a log is written on, and put aside once it is long', async () => {
  await say('first');
  await say('second');
  expect(readFileSync(log, 'utf8')).toBe('first\nsecond\n');
  writeFileSync(log, 'long');
  truncateSync(log, 50_000_001);
  await say('third');
  expect(readFileSync(log, 'utf8')).toBe('third\n');
  expect(readFileSync(`${log}.old`).subarray(0, 4).toString()).toBe('long');
});
