/** HTTP streaming: bodies pass through while they are still being written. */
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appFolder, startHost, type RunningHost } from './running-host.ts';

let host: RunningHost;
beforeAll(async () => {
  host = await startHost(appFolder('stream'));
});
afterAll(() => host.stop());

it('answers the first part of a body before the last one is sent', async () => {
  const { promise: upper, resolve, reject } = Promise.withResolvers<string>();
  const call = request(`${host.url}/api/upper/bob?q=1`, { method: 'POST' }, (answer) => {
    let text = '';
    answer.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      // Only now does the second part leave.
      if (text === 'ONE ') call.end('two');
    });
    answer.on('end', () =>
      resolve(`${String(answer.headers['x-name'])} ${String(answer.headers['x-query'])} ${text}`),
    );
  });
  call.on('error', reject);
  call.write('one ');
  expect(await upper).toBe('bob 1 ONE TWO');
});

it('answers 500 where the function throws', async () => {
  expect((await fetch(`${host.url}/api/throws`)).status).toBe(500);
});

it('answers 204 where the function returns nothing', async () => {
  expect((await fetch(`${host.url}/api/nothing`)).status).toBe(204);
});

it('keeps the headers that host.json puts on every answer', async () => {
  const answer = await fetch(`${host.url}/api/upper/x`, { method: 'POST', body: 'y' });
  expect(await answer.text()).toBe('Y');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});
