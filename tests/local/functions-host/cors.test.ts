/** Which pages of other origins may call, as the settings or the command line say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode, startHost, temporaryApp, type RunningHost, type TemporaryApp } from './running-host.ts';

const code = appCode(`
  app.http('open', {
    methods: ['GET', 'OPTIONS'],
    handler: (request) => ({
      headers: { 'access-control-allow-origin': 'https://wrong', 'access-control-expose-headers': 'Link', link: '<x>' },
      body: request.method,
    }),
  });`);

let app: TemporaryApp;
beforeAll(() => {
  const settings = { Host: { CORS: 'http://localhost:4280, https://chat.example', CORSCredentials: true } };
  app = temporaryApp({ 'index.cjs': code, 'settings.json': JSON.stringify(settings) });
});
afterAll(() => app.remove());

const call = (
  host: RunningHost,
  origin: string,
  init: { method?: string; headers?: Record<string, string> } = {},
) => fetch(`${host.url}/api/open`, { ...init, headers: { origin, ...init.headers } });
const preflight = {
  method: 'OPTIONS',
  headers: {
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'authorization,content-type',
  },
};

describe('with origins in the settings', () => {
  let host: RunningHost;
  beforeAll(async () => {
    host = await startHost(app.folder, { args: ['--settings', `${app.folder}/settings.json`] });
  });
  afterAll(() => host.stop());

  it('a listed origin may read answers, failures too, and the host has the last word on that', async () => {
    const answer = await call(host, 'https://chat.example');
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://chat.example');
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect(answer.headers.get('vary')).toBe('Origin');
    const missing = await fetch(`${host.url}/api/none`, { headers: { origin: 'https://chat.example' } });
    expect(missing.headers.get('access-control-allow-origin')).toBe('https://chat.example');
  });

  it('leaves it to functions which headers a page may read', async () => {
    const answer = await call(host, 'https://chat.example');
    expect(answer.headers.get('access-control-expose-headers')).toBe('Link');
  });

  it('answers a preflight itself: any method, any header', async () => {
    const answer = await call(host, 'http://localhost:4280', preflight);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:4280');
    expect(answer.headers.get('access-control-allow-methods')).toBe('PUT');
    expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
  });

  it('says nothing to an origin that is not listed', async () => {
    const answer = await call(host, 'https://evil.example', preflight);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('passes an OPTIONS request that is no preflight to the function', async () => {
    const answer = await fetch(`${host.url}/api/open`, {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'x' },
    });
    expect(await answer.text()).toBe('OPTIONS');
  });
});

it('without any origin there are no such headers, and functions may set their own', async () => {
  const host = await startHost(app.folder);
  const answer = await call(host, 'https://chat.example');
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://wrong');
  await host.stop();
});

it('--cors goes before the settings, and * opens to all', async () => {
  const host = await startHost(app.folder, {
    args: ['--settings', `${app.folder}/settings.json`, '--cors', '*'],
  });
  const answer = await call(host, 'https://anybody.example');
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  await host.stop();
});
