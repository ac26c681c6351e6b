/**
 * What an HTTP-triggered function can rely on. Runs against any host that serves the app in
 * tests/local/functions-host/apps/web: ours, or `func start` in that folder.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  params: Record<string, string>;
  hasBody: boolean;
  body: string;
  invocationId: string;
  functionName: string;
  triggerMetadata: unknown;
  traceParent: string;
}

/** One request as raw bytes; the whole answer as text. */
function raw(base: string, text: string): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** `base` answers the address of the running host, without a path. */
export function httpSuite(base: () => string): void {
  const call = (path: string, init?: RequestInit): Promise<Response> => fetch(`${base()}/api/${path}`, init);
  const json = async <T>(path: string, init?: RequestInit): Promise<T> =>
    (await (await call(path, init)).json()) as T;

  describe('a request', () => {
    it('reaches the function with method, address, headers, query, parameters and body', async () => {
      const echo = await json<Echo>('echo/a/b?x=1&y=two%20words', {
        method: 'POST',
        body: '{"a":1}',
        headers: { 'X-Mixed-Case': 'Value', 'content-type': 'application/json' },
      });
      expect(echo).toMatchObject({
        method: 'POST',
        url: `${base()}/api/echo/a/b?x=1&y=two%20words`,
        query: { x: '1', y: 'two words' },
        params: { rest: 'a/b' },
        hasBody: true,
        body: '{"a":1}',
        functionName: 'echo',
        triggerMetadata: null,
      });
      expect(echo.headers).toMatchObject({ 'x-mixed-case': 'Value', 'content-type': 'application/json' });
      expect(echo.invocationId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    });

    it('has no body where it sent none', async () => {
      expect(await json<Echo>('echo', { method: 'POST' })).toMatchObject({ hasBody: false, body: '' });
      expect(await json<Echo>('echo')).toMatchObject({ hasBody: false });
    });

    it('has repeated query values and headers joined by commas', async () => {
      expect((await json<Echo>('echo?a=1&a=2')).query).toEqual({ a: '1,2' });
      const answer = await raw(
        base(),
        'GET /api/echo HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n',
      );
      expect(answer).toContain('"x-a":"1,2"');
    });

    it('has the address that the caller wrote in Host', async () => {
      const answer = await raw(
        base(),
        'GET /api/echo/x?q HTTP/1.1\r\nHost: chat.example:99\r\nConnection: close\r\n\r\n',
      );
      expect(answer).toContain('"url":"http://chat.example:99/api/echo/x?q"');
    });

    it('continues the trace of its caller', async () => {
      const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
      const { traceParent } = await json<Echo>('echo', {
        headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
      });
      expect(traceParent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
      expect(traceParent).not.toContain('00f067aa0ba902b7');
    });

    it('may be sent in chunks', async () => {
      const answer = await raw(
        base(),
        'POST /api/length HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n' +
          '3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toMatch(/\r\n\r\n(1\r\n)?7/);
    });

    it('carries any bytes there and back', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
          const answer = await call('mirror', { method: 'POST', body: new Uint8Array(bytes) });
          expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
        }),
        { numRuns: 25 },
      );
    });

    it('may be large', async () => {
      const body = randomBytes(12_000_000);
      const answer = await call('mirror', { method: 'POST', body });
      expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
    });

    it('is refused with 413 beyond 100 MB', async () => {
      const answer = await raw(
        base(),
        'POST /api/length HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 104857601\r\n\r\n',
      );
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    });
  });

  describe('an answer', () => {
    it('has the status, headers, body and cookies that the function gave', async () => {
      const answer = await call('answer');
      expect(answer.status).toBe(418);
      expect(answer.headers.get('x-kettle')).toBe('on');
      expect(answer.headers.get('content-type')).toBe('text/plain');
      expect(await answer.text()).toBe('short and stout');
      expect(answer.headers.getSetCookie()).toEqual([
        'plain=a%20b; path=/',
        'full=1; max-age=60; path=/api; secure; samesite=strict; httponly',
      ]);
    });

    it('says that JSON is JSON', async () => {
      expect((await call('echo')).headers.get('content-type')).toBe('application/json');
    });

    it('is 204 where the function returned nothing', async () => {
      const answer = await call('nothing');
      expect([answer.status, await answer.text()]).toEqual([204, '']);
    });

    it.each(['throws', 'wrong'])('is 500 without a body where the function fails (%s)', async (name) => {
      const answer = await call(name);
      expect([answer.status, await answer.text()]).toEqual([500, '']);
    });

    it('carries the headers that host.json puts on every answer', async () => {
      expect((await call('answer')).headers.get('x-content-type-options')).toBe('nosniff');
    });
  });

  describe('a route', () => {
    const answers = async (path: string, method = 'GET'): Promise<unknown> => {
      const answer = await call(path, { method });
      return answer.status === 200 ? answer.json() : answer.status;
    };

    it('with text goes before one with a constraint, and that before one without', async () => {
      expect(await answers('rooms/new')).toEqual({ name: 'newRoom', params: {} });
      expect(await answers('rooms/12')).toEqual({ name: 'roomByNumber', params: { id: '12' } });
      expect(await answers('rooms/lobby')).toEqual({ name: 'roomById', params: { id: 'lobby' } });
    });

    it('takes paths whatever their case, and keeps that of the values', async () => {
      expect(await answers('ROOMS/Lobby')).toEqual({ name: 'roomById', params: { id: 'Lobby' } });
    });

    it('may end in an optional parameter', async () => {
      expect(await answers('rooms/1/messages')).toEqual({ name: 'roomMessages', params: { id: '1' } });
      expect(await answers('rooms/1/messages/7')).toEqual({
        name: 'roomMessages',
        params: { id: '1', seq: '7' },
      });
      expect(await answers('rooms/1/messages/seven')).toBe(404);
    });

    it('may hold several parameters in a segment, and defaults', async () => {
      expect(await answers('pages/home.html')).toEqual({
        name: 'page',
        params: { name: 'home', extension: 'html' },
      });
      expect(await answers('in')).toEqual({ name: 'language', params: { language: 'en' } });
      expect(await answers('in/fr')).toEqual({ name: 'language', params: { language: 'fr' } });
    });

    it('gives decoded values, but for slashes', async () => {
      expect(await answers('rooms/caf%C3%A9%20%2Fx')).toEqual({
        name: 'roomById',
        params: { id: 'café %2Fx' },
      });
      expect(await answers('rooms/100%25')).toEqual({ name: 'roomById', params: { id: '100%' } });
    });

    it('is chosen by method too, and no function for a method is 404', async () => {
      expect(await answers('rooms/12', 'DELETE')).toEqual({ name: 'changeRoom', params: { id: '12' } });
      expect(await answers('rooms/new', 'PUT')).toBe(404);
      expect(await answers('rooms/12', 'HEAD')).toBe(404);
    });

    it('that nobody has is 404 without a body', async () => {
      for (const path of ['unknown', 'rooms', 'rooms/1/2/3']) {
        // oxlint-disable-next-line no-await-in-loop
        const answer = await call(path);
        // oxlint-disable-next-line no-await-in-loop
        expect([answer.status, await answer.text()]).toEqual([404, '']);
      }
      expect((await fetch(`${base()}/echo`)).status).toBe(404);
    });
  });

  describe('the host', () => {
    it('answers a ping, its status, and the list of functions', async () => {
      expect((await fetch(`${base()}/admin/host/ping`)).status).toBe(200);
      expect((await fetch(`${base()}/admin/host/ping`, { method: 'POST' })).status).toBe(200);
      const status = (await (await fetch(`${base()}/admin/host/status`)).json()) as { state: string };
      expect(status.state).toBe('Running');
      const functions = (await (await fetch(`${base()}/admin/functions`)).json()) as { name: string }[];
      expect(functions.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['echo', 'roomById', 'secured']),
      );
      const one = (await (await fetch(`${base()}/admin/functions/mirror`)).json()) as object;
      expect(one).toMatchObject({
        name: 'mirror',
        invoke_url_template: expect.stringMatching(/\/api\/mirror$/),
      });
      expect((await fetch(`${base()}/admin/functions/absent`)).status).toBe(404);
    });

    it('has a home page', async () => {
      expect((await fetch(base())).status).toBe(200);
    });
  });
}
