/** The program behind the status page: what it serves, and what it says of programs that do not answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../support/ports.ts';
import { startStandIn, startStatus, type StatusProgram } from './programs.ts';

const closing: (() => unknown)[] = [];
let status: StatusProgram;
let addresses: { functions: string; 'service-bus': string; 'web-pubsub': string };
beforeAll(async () => {
  const functions = await startStandIn('/admin/host/activity', '{"state":"running"}');
  const webPubSub = await startStandIn('/api/health', '');
  closing.push(
    () => functions.stop(),
    () => webPubSub.stop(),
  );
  addresses = {
    functions: functions.url,
    'service-bus': `http://127.0.0.1:${await freePort()}`,
    'web-pubsub': webPubSub.url,
  };
  status = await startStatus(addresses);
});
afterAll(async () => {
  await status.stop();
  for (const close of closing) close();
});

it('hands on what the programs tell, and says of each of the others why it has nothing', async () => {
  const answers = await (await fetch(`${status.url}/status.json`)).json();
  expect(answers).toEqual({
    functions: { url: addresses.functions, status: { state: 'running' } },
    serviceBus: { url: addresses['service-bus'], problem: 'Nothing answers there.' },
    webPubSub: {
      url: addresses['web-pubsub'],
      problem: 'It answers, but has no status to tell (404).',
    },
  });
});

it('serves the page and its files under a policy that lets nothing else in', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/style.css', 'text/css'],
    ['/main.js', 'text/javascript'],
    ['/icon.svg', 'image/svg+xml'],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await fetch(status.url + path);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
  }
  expect((await fetch(`${status.url}/other`)).status).toBe(404);
  expect((await fetch(status.url, { method: 'POST' })).status).toBe(405);
});

describe('the command', () => {
  it('names a port that is taken, and an address that is none', async () => {
    const second = await startStatus(addresses, Number(new URL(status.url).port));
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('is taken; choose another with --port');
    const third = await startStatus({ functions: 'here' });
    expect(await third.ended).toBe(1);
    expect(third.output()).toContain('The address of functions is here');
  });

  it('ends cleanly', async () => {
    const other = await startStatus(addresses);
    expect(await other.stop()).toBe(0);
  });
});
