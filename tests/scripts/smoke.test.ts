/** The smoke test of a deployment: against the whole local stack, and against what is broken. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { smoke, type SmokeOptions } from '../../scripts/smoke/smoke.ts';
import { freePort } from '../support/ports.ts';
import { startStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack({ only: ['storage', 'serviceBus', 'webPubSub', 'functions', 'page'] });
});
afterAll(() => stack.stop());

const webhook = '/api/webpubsub/events';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Runs the test; what it printed, and whether it passed. */
async function run(
  options: Partial<SmokeOptions>,
): Promise<{ passed: boolean; lines: string[]; text: string }> {
  const lines: string[] = [];
  const passed = await smoke({
    address: stack.page,
    waitMinutes: 0,
    deadlineSeconds: 60,
    print: (line) => lines.push(line),
    ...options,
  });
  return { passed, lines, text: lines.join('\n') };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** An API that is the stack's, but for the answers that `instead` gives (it answers whether it did). */
function serveInstead(instead: (...exchange: Parameters<RequestListener>) => boolean): Promise<string> {
  return serve((request, response) => {
    if (instead(request, response)) return;
    void forward(request, response);
  });
}

async function forward(...[request, response]: Parameters<RequestListener>): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const headers = { ...request.headers };
  // Of the one connection, not of the next.
  for (const name of ['connection', 'host', 'content-length', 'transfer-encoding']) delete headers[name];
  const answer = await fetch(stack.api.replace('/api', request.url!), {
    method: request.method!,
    headers: headers as Record<string, string>,
    ...(parts.length > 0 && { body: Buffer.concat(parts) }),
  });
  const text = await answer.text();
  for (const name of ['content-type', 'webhook-allowed-origin', 'access-control-allow-origin']) {
    const value = answer.headers.get(name);
    if (value !== null) response.setHeader(name, value);
  }
  response.writeHead(answer.status);
  response.end(text);
}

describe('a deployment that works', () => {
  test('passes every step from the address of its page, and is left as it was', async () => {
    const before = await health();
    const { passed, lines } = await run({});
    expect(lines.join('\n')).not.toContain('✗');
    expect(passed).toBe(true);
    expect(lines.map((line) => /^✓ ([^:]+):/.exec(line)?.[1])).toEqual([
      'address',
      'preflight',
      'health',
      'webhook handshake',
      'webhook guard',
      'signing in',
      'creating a room',
      'connecting',
      'sending',
      'history',
      'deleting the room',
      'signing out for good',
    ]);
    expect((await health()).rooms).toBe(before.rooms);
  });

  test('passes from the address of its API, and says that the preflight was not checked', async () => {
    const { passed, text } = await run({ address: `${stack.api}/` });
    expect(passed, text).toBe(true);
    expect(text).toContain('preflight: not checked');
  });

  test('passes with a token of a person, who stays', async () => {
    const answer = await fetch(`${stack.api}/session`, {
      method: 'POST',
      body: '{"name":"Stays"}',
      headers: json,
    });
    const { token } = (await answer.json()) as { token: string };
    const { passed, text } = await run({ token });
    expect(passed, text).toBe(true);
    const me = await fetch(`${stack.api}/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(me.status).toBe(200);
  });

  test('passes behind a gateway that asks for a key, and has no webhook', async () => {
    const gateway = await serveInstead((request, response) => {
      if (request.url !== webhook && request.headers['ocp-apim-subscription-key'] === 'the key') return false;
      response.writeHead(request.url === webhook ? 404 : 401).end();
      return true;
    });
    const address = `${gateway}/api`;
    const { passed, text } = await run({ address, key: 'the key', functionApp: stack.api });
    expect(passed, text).toBe(true);
    expect((await run({ address })).text).toContain('✗ address');
    expect((await run({ address, key: 'the key' })).text).toContain('✗ webhook handshake');
  });

  test('registers an account where guests are not offered, and deletes it', async () => {
    const emails: string[] = [];
    const api = await serveInstead((request, response) => {
      if (request.url === '/api/auth/register')
        request.on('data', (data: Buffer) => emails.push(String(data)));
      if (request.url !== '/api/auth/providers') return false;
      response.end(JSON.stringify({ guests: false, accounts: true, oidc: [] }));
      return true;
    });
    const { passed, text } = await run({ address: `${api}/api` });
    expect(passed, text).toBe(true);
    expect(text).toContain('an account for this test');
    const { email, password } = JSON.parse(emails[0]!) as { email: string; password: string };
    const again = await fetch(`${stack.api}/auth/sign-in`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ email, password }),
    });
    expect(again.status).toBe(401);
  });
});

const json = { 'content-type': 'application/json' };
const health = async (): Promise<{ rooms: number }> =>
  (await (await fetch(`${stack.api}/health`)).json()) as { rooms: number };

describe('a deployment that does not work', () => {
  test('is named where nothing answers at the address', async () => {
    const { passed, text } = await run({ address: `http://localhost:${await freePort()}` });
    expect(passed).toBe(false);
    expect(text).toMatch(/^✗ address\n {2}expected: an answer to GET/);
    expect(text).toContain('ECONNREFUSED');
    expect(text).toContain('look at:  the address');
  });

  test('is named where the page is somebody else’s', async () => {
    const address = await serve((_, response) => response.end('<h1>Welcome</h1>'));
    const { passed, text } = await run({ address });
    expect(passed).toBe(false);
    expect(text).toContain('expected: a page with /config.json');
  });

  test('is named where the page’s origin may not call the API', async () => {
    const address = await serve((_, response) => response.end(JSON.stringify({ api: stack.api })));
    const { passed, text } = await run({ address });
    expect(passed).toBe(false);
    expect(text).toContain(`✗ preflight\n  expected: access-control-allow-origin: ${address}`);
  });

  test('is named where every origin may call the API', async () => {
    const api = await serveInstead((request, response) => {
      if (request.method !== 'OPTIONS' || request.url !== '/api/publish') return false;
      response.writeHead(204, { 'access-control-allow-origin': request.headers.origin }).end();
      return true;
    });
    const address = await serve((_, response) => response.end(JSON.stringify({ api: `${api}/api` })));
    const { passed, text } = await run({ address });
    expect(passed).toBe(false);
    expect(text).toContain('✗ preflight\n  expected: no leave for https://stranger.example');
  });

  test.each([
    ['without the handshake', 'OPTIONS', 'webhook handshake', 'webhook-allowed-origin'],
    ['that takes events from anybody', 'POST', 'webhook guard', '403 for an event without the code'],
  ])('is named where it has a webhook %s', async (_, method, step, expected) => {
    const api = await serveInstead((request, response) => {
      if (request.method !== method || request.url !== webhook) return false;
      response.end();
      return true;
    });
    const { passed, lines } = await run({ address: `${api}/api` });
    expect(passed).toBe(false);
    expect(lines.at(-1)).toContain(`✗ ${step}\n  expected: ${expected}`);
  });

  test('is named where messages do not come back, and its room and person go all the same', async () => {
    const before = await health();
    // Says that it took the message, and takes none.
    const api = await serveInstead((request, response) => {
      if (request.url !== '/api/publish' || request.method !== 'POST') return false;
      response.end(JSON.stringify({ status: 'success', room: 'x', message_id: 'x', seq: 1 }));
      return true;
    });
    const { passed, text, lines } = await run({ address: `${api}/api`, deadlineSeconds: 0.2 });
    expect(passed).toBe(false);
    expect(text).toContain('✗ sending\n  expected: the message over the connection within 0.2 s');
    expect(lines.slice(-2).every((line) => line.startsWith('✓'))).toBe(true);
    expect((await health()).rooms).toBe(before.rooms);
  });

  test('is named where no connection opens', async () => {
    const port = await freePort();
    const api = await serveInstead((request, response) => {
      if (request.url !== '/api/negotiate') return false;
      response.end(JSON.stringify({ url: `ws://localhost:${port}/client/hubs/chat` }));
      return true;
    });
    const { passed, text } = await run({ address: `${api}/api` });
    expect(passed).toBe(false);
    expect(text).toContain(`✗ connecting\n  expected: an open connection to localhost:${port}`);
  });
});

describe('a deployment whose roles have not spread yet', () => {
  const refusing = (times: number): Promise<string> => {
    let refused = 0;
    return serveInstead((request, response) => {
      if (request.url !== '/api/rooms' || refused === times) return false;
      refused += 1;
      response.writeHead(403).end('AuthorizationPermissionMismatch');
      return true;
    });
  };

  test('is tried again with --wait-minutes', async () => {
    const address = `${await refusing(2)}/api`;
    const { passed, text, lines } = await run({ address, waitMinutes: 5, pause: 1 });
    expect(passed, text).toBe(true);
    expect(lines.filter((line) => line.startsWith('… creating a room: 403'))).toHaveLength(2);
  });

  test('fails at once without it', async () => {
    const { passed, text } = await run({ address: `${await refusing(1)}/api` });
    expect(passed).toBe(false);
    expect(text).toContain('✗ creating a room\n  expected: 201');
    expect(text).toContain('found:    403 AuthorizationPermissionMismatch');
  });
});

test('what no waiting mends is not tried again', async () => {
  const address = await serve((_, response) => response.end(JSON.stringify({ api: stack.api })));
  const { passed, lines } = await run({ address, waitMinutes: 0.1, pause: 1 });
  expect(passed).toBe(false);
  expect(lines.map((line) => line.split(/[:\n]/)[0])).toEqual(['✓ address', '✗ preflight']);
});

describe('the command', () => {
  const command = async (...args: string[]): Promise<{ code: number; output: string }> => {
    const child = spawn('node', ['scripts/smoke.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
    const [code] = (await once(child, 'close')) as [number];
    return { code, output };
  };

  test('exits with 0 where all is well', async () => {
    const { code, output } = await command(stack.page);
    expect(output).toContain('The deployment works.');
    expect(code).toBe(0);
  });

  test('exits with 1 where something is not, and where it is told no address', async () => {
    const { code, output } = await command(`http://localhost:${await freePort()}`);
    expect([code, output.includes('✗ address')]).toEqual([1, true]);
    expect(await command()).toMatchObject({ code: 1 });
  });
});
