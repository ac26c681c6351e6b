/** What the API's answers become, over real HTTP: pages, refusals, and answers that are none of ours. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createApi, type Api } from '../../../web/connection/api.ts';
import { createHttp, isPassing, Unreachable } from '../../../web/connection/http.ts';
import { surroundings } from '../../../web/connection/environment.ts';
import { ProblemFailure } from '../../../web/connection/model.ts';
import { roomOf } from './samples.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function apiOn(answer: RequestListener, path = '/api', tokens = ['secret']) {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const refused: (string | undefined)[] = [];
  const api = createApi(
    createHttp({
      base: `http://127.0.0.1:${port}${path}`,
      environment: surroundings(),
      token: async () => tokens[0],
      onUnauthenticated: async (token) => {
        refused.push(token);
        return tokens.length > 1 && tokens.shift() !== undefined;
      },
    }),
  );
  return { api, refused };
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no failure',
    (failure: unknown) => failure,
  );

const json = (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener => {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return (_request, response) =>
    void response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
};

const room = { ...roomOf('Quay'), id: '0190a000-0000-7000-8000-0000000000aa' };

test('pages follow each other by the address in Link, with the token', async () => {
  const asked: unknown[] = [];
  const { api } = await apiOn((request, response) => {
    asked.push([request.url, request.headers.authorization]);
    const link = asked.length === 1 ? { link: '</api/rooms?limit=2&cursor=a%2Fb>; rel="next"' } : {};
    json(200, [room], link)(request, response);
  });
  const first = await api.listRooms('');
  const second = await api.listRooms('', first.next);
  expect(asked).toEqual([
    ['/api/rooms?limit=200', 'Bearer secret'],
    ['/api/rooms?limit=2&cursor=a%2Fb', 'Bearer secret'],
  ]);
  expect([first.items, second]).toEqual([[room], { items: [room] }]);
});

test('what one searches for is escaped', async () => {
  let url: string | undefined;
  const { api } = await apiOn((request, response) => {
    url = request.url;
    json(200, [])(request, response);
  });
  await api.listRooms('a&b=#?/ü');
  expect(new URL(url!, 'http://x').searchParams.get('query')).toBe('a&b=#?/ü');
});

test('a refusal carries its problem, and when to try again', async () => {
  const problem = { type: 't', code: 'busy', title: 'Busy', status: 429, detail: 'Too much at once.' };
  const { api } = await apiOn(json(429, problem, { 'retry-after': '3' }));
  const failure = await failureOf(api.readRoom(room.id));
  expect(failure).toBeInstanceOf(ProblemFailure);
  expect(failure).toMatchObject({ problem, retryAfter: 3_000 });
  expect(isPassing(failure)).toBe(true);
});

test.each([
  [502, true],
  [404, false],
  [400, false],
])('an answer %i that is no problem of ours is one all the same', async (status, passing) => {
  const { api } = await apiOn((_request, response) => void response.writeHead(status).end('<html>'));
  const failure = await failureOf(api.readRoom(room.id));
  expect(failure).toBeInstanceOf(ProblemFailure);
  expect(isPassing(failure)).toBe(passing);
});

test('a server that is not there, or hangs up, is unreachable', async () => {
  const { api } = await apiOn((request) => void request.socket.destroy());
  for (const call of [api.readRoom(room.id), api.negotiate()]) {
    const failure = await failureOf(call);
    expect(failure).toBeInstanceOf(Unreachable);
    expect(isPassing(failure)).toBe(true);
  }
});

test('a refused token ends the session, but not while signing in', async () => {
  const problem = { type: 't', code: 'unauthenticated', title: 'Sign in', status: 401, detail: 'Sign in.' };
  const { api, refused } = await apiOn(json(401, problem));
  await failureOf(api.signIn('Alice', 'old'));
  expect(refused).toEqual([]);
  await failureOf(api.negotiate());
  expect(refused).toEqual(['secret']);
});

test('an answer that is not as the contract says is refused, and not tried again', async () => {
  const { api } = await apiOn(json(200, { id: 'none' }));
  const failure = await failureOf((api satisfies Api).readRoom(room.id));
  expect(failure).not.toBe('no failure');
  expect(isPassing(failure)).toBe(false);
});

test('a call that is refused for its token is made once more with the next one, and with no third', async () => {
  const asked: unknown[] = [];
  const { api, refused } = await apiOn(
    (request, response) => {
      asked.push(request.headers.authorization);
      const problem = { type: 'x', code: 'unauthenticated', title: 'x', status: 401, detail: 'x' };
      json(401, problem)(request, response);
    },
    '/api',
    ['first', 'second', 'third'],
  );
  expect(await failureOf(api.readRoom(room.id))).toBeInstanceOf(ProblemFailure);
  expect(asked).toEqual(['Bearer first', 'Bearer second']);
  expect(refused).toEqual(['first']);
});
