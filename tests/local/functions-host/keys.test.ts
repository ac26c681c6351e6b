/** Keys, as far as --enable-auth asks for them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appFolder, startHost, type RunningHost } from './running-host.ts';

const data = mkdtempSync(join(tmpdir(), 'functions-host-keys-'));
interface Keys {
  master: string;
  functionKeys: { default: string };
}
let host: RunningHost;
let keys: Keys;
beforeAll(async () => {
  host = await startHost(appFolder('web'), { args: ['--enable-auth', '--data', data] });
  keys = JSON.parse(readFileSync(join(data, 'keys.json'), 'utf8')) as Keys;
});
afterAll(async () => {
  await host.stop();
  rmSync(data, { recursive: true, force: true });
});

const status = async (path: string, key?: string): Promise<number> =>
  (await fetch(`${host.url}${path}`, key === undefined ? {} : { headers: { 'x-functions-key': key } }))
    .status;
const namedKeys = async (path: string): Promise<{ name: string; value: string }[]> => {
  const answer = await fetch(`${host.url}${path}`, { headers: { 'x-functions-key': keys.master } });
  return ((await answer.json()) as { keys: { name: string; value: string }[] }).keys;
};

it('an anonymous function asks for none', async () => {
  expect(await status('/api/nothing')).toBe(204);
});

it('a function of level "function" opens to its own key, the app key and the master key', async () => {
  const [own] = await namedKeys('/admin/functions/secured/keys');
  for (const key of [own?.value, keys.functionKeys.default, keys.master]) {
    // oxlint-disable-next-line no-await-in-loop
    expect(await status('/api/secured', key)).toBe(200);
  }
  expect(await status(`/api/secured?code=${own?.value}`)).toBe(200);
});

it('answers 401 without a body to no key and to a wrong one, and the header goes before the query', async () => {
  expect(await status('/api/secured')).toBe(401);
  expect(await status('/api/secured', 'wrong')).toBe(401);
  expect(await status(`/api/secured?code=${keys.master}`, 'wrong')).toBe(401);
  const [other] = await namedKeys('/admin/functions/guarded/keys');
  expect(await status('/api/secured', other?.value)).toBe(401);
});

it('a function of level "admin" and /admin open to the master key alone; a ping asks for none', async () => {
  expect(await status('/api/guarded', keys.functionKeys.default)).toBe(401);
  expect(await status('/api/guarded', keys.master)).toBe(200);
  expect(await status('/admin/host/status')).toBe(401);
  expect(await status('/admin/host/status', keys.functionKeys.default)).toBe(401);
  expect(await status('/admin/host/status', keys.master)).toBe(200);
  expect(await status('/admin/host/ping')).toBe(200);
});

it('makes, sets, lists and removes keys on request', async () => {
  const at = async (method: string, path: string, value?: string): Promise<[number, string | undefined]> => {
    const body = value === undefined ? null : JSON.stringify({ name: 'x', value });
    const answer = await fetch(`${host.url}/admin${path}`, {
      method,
      body,
      headers: { 'x-functions-key': keys.master },
    });
    const text = await answer.text();
    return [answer.status, text === '' ? undefined : (JSON.parse(text) as { value?: string }).value];
  };
  const [made, own] = await at('POST', '/functions/secured/keys/visitor');
  expect(made).toBe(201);
  expect(await status('/api/secured', own)).toBe(200);
  expect(await at('PUT', '/functions/secured/keys/visitor', 'my own key')).toEqual([200, 'my own key']);
  expect(await status('/api/secured', own)).toBe(401);
  expect(await status('/api/secured', 'my own key')).toBe(200);
  expect(await at('GET', '/functions/secured/keys/visitor')).toEqual([200, 'my own key']);
  expect(await at('DELETE', '/functions/secured/keys/visitor')).toEqual([204, undefined]);
  expect(await at('DELETE', '/functions/secured/keys/visitor')).toEqual([404, undefined]);
  expect(await status('/api/secured', 'my own key')).toBe(401);
  expect((await at('PUT', '/host/functionkeys/all'))[0]).toBe(400);
  await at('PUT', '/host/functionkeys/all', 'for all');
  expect(await status('/api/secured', 'for all')).toBe(200);
});

it("opens an extension's webhook to its system key", async () => {
  const webhook = '/runtime/webhooks/webpubsub';
  expect(await status(webhook)).toBe(401);
  const [system] = await namedKeys('/admin/host/systemkeys');
  expect(system?.name).toBe('webpubsub_extension');
  // A GET is no event: but now it is let in.
  expect(await status(`${webhook}?code=${system?.value}`)).toBe(400);
});

it('keeps its keys over a restart', async () => {
  await host.stop();
  host = await startHost(appFolder('web'), { args: ['--enable-auth', '--data', data] });
  expect(await status('/api/secured', keys.functionKeys.default)).toBe(200);
});
