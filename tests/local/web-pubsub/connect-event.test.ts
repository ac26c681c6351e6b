/** The `connect` event: what the handler learns of a client at the door, and what its answer changes. */
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { everythingTo, startEventHandler, type EventHandler } from './event-handler.ts';
import { startService, type RunningService } from './running-service.ts';
import { clientUrl, HandshakeRefused, json, reliable, Socket, textOf } from './socket.ts';

let handler: EventHandler;
let service: RunningService;
let rest: WebPubSubServiceClient;
beforeEach(async () => {
  handler = await startEventHandler();
  service = await startService({
    Hubs: everythingTo(handler.url),
    Local: { RetryDelaysSeconds: [0] },
  });
  rest = new WebPubSubServiceClient(service.connectionString, 'chat', { allowInsecureConnection: true });
});
afterEach(async () => {
  await service.stop();
  await handler.stop();
});

const answer = (content: unknown) =>
  handler.respond(({ headers }) =>
    headers['ce-eventname'] === 'connect' ? { body: JSON.stringify(content) } : undefined,
  );

async function connect(protocols: string[] = [json], options = {}) {
  const url = await clientUrl(service.host, {
    userId: 'token-user',
    groups: ['token-group'],
    query: 'theme=dark&theme=light',
  });
  const socket = new Socket(url, protocols, options);
  await socket.opened;
  const connected = protocols.length > 0 ? await socket.next() : {};
  return { socket, connected, connectionId: textOf(connected, 'connectionId') };
}

async function refusalStatus(): Promise<number> {
  const error: unknown = await connect().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HandshakeRefused);
  return (error as HandshakeRefused).status;
}

const names = () => handler.events.map(({ headers }) => headers['ce-eventname']);

it('tells the handler claims, query, headers and subprotocols, and no token', async () => {
  await connect([reliable, json], { headers: { 'x-custom': 'yes', authorization: 'Bearer secret' } });
  const { body, headers } = await handler.event('connect');
  const told = JSON.parse(body.toString()) as Record<string, Record<string, string[]>>;
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(headers['ce-userid']).toBe('token-user');
  expect(told).toMatchObject({
    claims: { sub: ['token-user'], 'webpubsub.group': ['token-group'] },
    query: { theme: ['dark', 'light'] },
    headers: { 'x-custom': ['yes'] },
    subprotocols: [reliable, json],
    clientCertificates: [],
  });
  expect(told['query']).not.toHaveProperty('access_token');
  expect(told['headers']).not.toHaveProperty('authorization');
});

it.each([
  ['204', undefined],
  ['an empty 200', { status: 200 }],
  ['null', { body: 'null' }],
  ['an empty object', { body: '{}' }],
])('%s leaves everything as the token says', async (_what, given) => {
  handler.respond(() => given);
  const { connected } = await connect();
  expect(connected).toMatchObject({ userId: 'token-user' });
  expect(await rest.groupExists('token-group')).toBe(true);
});

it('an answer changes user, groups and roles', async () => {
  answer({ userId: 'given', groups: ['one', 'two'], roles: ['webpubsub.joinLeaveGroup.x'] });
  const { socket, connected } = await connect();
  expect(connected).toMatchObject({ userId: 'given' });
  expect(await Promise.all(['one', 'two', 'token-group'].map((group) => rest.groupExists(group)))).toEqual([
    true,
    true,
    false,
  ]);
  expect(await rest.userExists('given')).toBe(true);
  expect(await socket.ask({ type: 'joinGroup', group: 'x', ackId: 1 })).toMatchObject({ success: true });
  expect(await socket.ask({ type: 'joinGroup', group: 'y', ackId: 2 })).toMatchObject({ success: false });
  expect((await handler.event('connected')).headers['ce-userid']).toBe('given');
});

it('an empty user takes the user away, empty roles take all rights, empty groups change nothing', async () => {
  answer({ userId: '', groups: [], roles: [] });
  const { socket, connected } = await connect();
  expect(connected).not.toHaveProperty('userId');
  expect(await rest.groupExists('token-group')).toBe(true);
  expect(await socket.ask({ type: 'joinGroup', group: 'x', ackId: 1 })).toMatchObject({ success: false });
});

it('an answer chooses among the subprotocols that the client offers', async () => {
  answer({ subprotocol: json });
  expect((await connect([reliable, json])).socket.ws.protocol).toBe(json);
});

it('an answer cannot choose a subprotocol of the real service that this one lacks', async () => {
  answer({ subprotocol: 'mqtt' });
  const socket = new Socket(await clientUrl(service.host), ['mqtt']);
  await expect(socket.opened).rejects.toMatchObject({ status: 501 });
});

it('an answer may choose a subprotocol of its own, which makes a raw client', async () => {
  answer({ subprotocol: 'our.own' });
  const url = await clientUrl(service.host, { groups: ['raw'] });
  const socket = new Socket(url, [json, 'our.own']);
  await socket.opened;
  expect(socket.ws.protocol).toBe('our.own');
  await rest.group('raw').sendToAll('bare', { contentType: 'text/plain' });
  expect((await handler.event('connected')).headers['ce-subprotocol']).toBe('our.own');
});

it.each([400, 401, 403, 418, 429, 503])('a refusal with %d is what the client gets', async (status) => {
  handler.respond(() => ({ status }));
  expect(await refusalStatus()).toBe(status);
  expect(new Set(names())).toEqual(new Set(['connect']));
});

it.each([
  ['no JSON', { body: 'welcome' }],
  ['the wrong types', { body: '{"groups":"one"}' }],
  ['a blank group', { body: '{"groups":[" "]}' }],
  ['a subprotocol that was not offered', { body: '{"subprotocol":"other"}' }],
  ['a redirect', { status: 302, headers: { location: '/' } }],
])('an answer of %s refuses the client with 500', async (_what, given) => {
  handler.respond(() => given);
  expect(await refusalStatus()).toBe(500);
});

it('state and cookies of its answer come with the next event', async () => {
  handler.respond(({ headers }) =>
    headers['ce-eventname'] === 'connect'
      ? { headers: { 'ce-connectionState': 'c3RhdGU=', 'set-cookie': 'session=1' } }
      : undefined,
  );
  await connect();
  expect((await handler.event('connected')).headers).toMatchObject({
    'ce-connectionstate': 'c3RhdGU=',
    cookie: 'session=1',
  });
});

it('a client that leaves before the answer is ended once it is accepted', async () => {
  let release = () => {};
  const held = new Promise<undefined>((done) => (release = () => done(undefined)));
  handler.respond(() => held);
  const url = await clientUrl(service.host);
  const socket = new Socket(url, [json]);
  const { headers } = await handler.event('connect');
  socket.ws.terminate();
  await socket.closed;
  release();
  const goodbye = await handler.event('disconnected');
  expect(goodbye.headers['ce-connectionid']).toBe(headers['ce-connectionid']);
});
