/** The bindings of Web PubSub, on the local service with real clients; its webhook also by requests of our own. */
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';
import { accessKey, startService, type RunningService } from '../web-pubsub/running-service.ts';
import { appCode, appFolder, startHost, temporaryApp, type RunningHost } from './running-host.ts';

type Json = Record<string, unknown>;
interface Seen {
  name: string;
  message: unknown;
  metadata: Json;
}

let service: RunningService;
let host: RunningHost;
const sockets: WebSocket[] = [];
beforeAll(async () => {
  const port = await freePort();
  service = await startService({
    Local: { RetryDelaysSeconds: [0] },
    Hubs: {
      talk: {
        EventHandlers: [
          {
            UrlTemplate: `http://localhost:${port}/runtime/webhooks/webpubsub`,
            SystemEvents: ['connect', 'connected', 'disconnected'],
            EventPattern: '*',
          },
        ],
      },
    },
  });
  host = await startHost(appFolder('pubsub'), {
    port,
    env: { HUB: 'talk', WebPubSubConnectionString: service.connectionString },
  });
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
afterAll(async () => {
  await host.stop();
  await service.stop();
});

const get = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${host.url}/api/${path}`)).json()) as T;
const seenBy = async (name: string): Promise<Seen[]> =>
  (await get<Seen[]>('seen')).filter((each) => each.name === name);
const act = (...actions: Json[]): Promise<Response> =>
  fetch(`${host.url}/api/act`, { method: 'POST', body: JSON.stringify(actions) });

/** A client; `frames` are texts, and bytes as hex. */
async function connect(as: string): Promise<{ socket: WebSocket; frames: string[] }> {
  const { url } = await get<{ url: string }>('negotiate/x?user=token');
  const socket = new WebSocket(`${url}&as=${as}`);
  sockets.push(socket);
  const frames: string[] = [];
  socket.on('message', (data: Buffer, isBinary) => frames.push(data.toString(isBinary ? 'hex' : 'utf8')));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { socket, frames };
}

async function ask(question: string | Buffer): Promise<string> {
  const { socket, frames } = await connect('asker');
  socket.send(question);
  return until(() => frames[0], { what: 'the answer' });
}

describe('a function for connect', () => {
  it('says who comes in, with groups and roles', async () => {
    const { frames } = await connect('ann');
    const [{ message }] = (await seenBy('connect')).slice(-1) as [Seen];
    expect(message).toMatchObject({
      connectionContext: { eventType: 'System', eventName: 'connect', hub: 'talk', states: {} },
      query: { as: ['ann'] },
      claims: { sub: ['token-x'] },
      subprotocols: [],
    });
    await act(
      { actionName: 'sendToUser', userId: 'ann', data: 'to Ann' },
      { actionName: 'sendToGroup', group: 'all', data: 'to all' },
    );
    await until(() => frames.length === 2);
    expect(frames).toEqual(['to Ann', 'to all']);
  });

  it('refuses, or fails, and the client is told by the status', async () => {
    await expect(connect('nobody')).rejects.toThrow('401');
    await expect(connect('trouble')).rejects.toThrow('500');
  });
});

describe('functions for connected and disconnected', () => {
  it('are told of the connection, and of the reason', async () => {
    const { socket } = await connect('bob');
    const met = await until(async () =>
      (await seenBy('connected')).find(({ message }) => (message as Json)['userId'] === 'bob'),
    );
    expect(met.message).toMatchObject({ eventName: 'connected', states: { visits: 1, who: 'bob' } });
    socket.close();
    const left = await until(async () =>
      (await seenBy('disconnected')).find(
        ({ metadata }) => (metadata['connectionContext'] as Json)['userId'] === 'bob',
      ),
    );
    expect(typeof left.message).toBe('string');
  });
});

describe('a function for messages', () => {
  it('answers text, JSON and bytes', async () => {
    expect(await ask('hello')).toBe('You said "hello"');
    expect(await ask('bytes')).toBe('0102ff');
    expect(await ask(Buffer.from('c0ffee', 'hex'))).toBe('You said {"type":"Buffer","data":[192,255,238]}');
  });

  it('keeps state with the connection', async () => {
    const { socket, frames } = await connect('counter');
    socket.send('state');
    await until(() => frames.length === 1);
    socket.send('state');
    await until(() => frames.length === 2);
    expect(frames.map((frame) => JSON.parse(frame) as unknown)).toEqual([
      { visits: 1, who: 'counter' },
      { visits: 2, who: 'counter' },
    ]);
  });

  it('gets what its binding is named for, and nothing by another name', async () => {
    const { metadata } = (await until(async () => (await seenBy('message'))[0])) as Seen;
    expect(metadata).toMatchObject({ dataType: 'Text', request: { dataType: 'Text' } });
    await event({ 'ce-eventName': 'other', 'ce-type': 'azure.webpubsub.user.other' });
    expect((await seenBy('other'))[0]?.message).toBe('no input');
  });
});

/** An event as the service would bring it, with headers changed or, by undefined, left out. */
function event(changed: Record<string, string | undefined> = {}, init: RequestInit = {}): Promise<Response> {
  const headers = {
    'WebHook-Request-Origin': 'localhost:1',
    'ce-type': 'azure.webpubsub.user.message',
    'ce-eventName': 'message',
    'ce-hub': 'Talk',
    'ce-connectionId': 'c1',
    'ce-signature': `sha256=${createHmac('sha256', accessKey).update('c1').digest('hex').toUpperCase()},sha256=0`,
    'content-type': 'text/plain',
    ...changed,
  };
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return fetch(`${host.url}/runtime/webhooks/webpubsub`, {
    method: 'POST',
    body: 'hi',
    headers: kept,
    ...init,
  });
}

describe('the webhook', () => {
  it('consents to the services that functions name, and to no other', async () => {
    const known = await event({}, { method: 'OPTIONS', body: null });
    expect([known.status, known.headers.get('webhook-allowed-origin')]).toEqual([200, '*']);
    const other = await event(
      { 'WebHook-Request-Origin': 'elsewhere.example' },
      { method: 'OPTIONS', body: null },
    );
    expect([other.status, other.headers.get('webhook-allowed-origin')]).toEqual([400, null]);
  });

  it.each([
    ['a signed event', {}, 200],
    ['a wrong signature', { 'ce-signature': 'sha256=00' }, 401],
    ['no signature', { 'ce-signature': undefined }, 401],
    ['an unknown sender', { 'WebHook-Request-Origin': 'elsewhere.example' }, 401],
    ['an event that no function takes', { 'ce-eventName': 'unknown' }, 404],
    ['another hub', { 'ce-hub': 'other' }, 404],
    ['no hub', { 'ce-hub': undefined }, 400],
    ['no origin', { 'WebHook-Request-Origin': undefined }, 400],
    ['a type of content that is none', { 'content-type': 'text/html' }, 400],
  ])('answers %s', async (_, headers, status) => {
    expect((await event(headers)).status).toBe(status);
  });

  it('answers with what the function says, and a value that cannot be sent with 500', async () => {
    const answers = await Promise.all(
      ['refuse', 'nothing', 'object'].map(async (body) => {
        const answer = await event({}, { body });
        return [answer.status, await answer.text()];
      }),
    );
    expect(answers).toEqual([
      [400, 'Not like this.'],
      [200, ''],
      [500, 'data must be a string or a Buffer; please stringify objects.'],
    ]);
    expect((await event({}, { method: 'PUT' })).status).toBe(400);
    expect((await fetch(`${host.url}/runtime/webhooks/eventgrid`)).status).toBe(404);
  });
});

describe('the other bindings', () => {
  it('give an address with a token, for the user that an expression names', async () => {
    const given = await get<Json>('negotiate/ann?user=u1');
    expect(given).toEqual({
      baseUrl: `ws://localhost:${service.port}/client/hubs/talk`,
      url: expect.stringMatching(/access_token=/) as string,
      accessToken: expect.stringMatching(/^ey/) as string,
    });
    const [, claims] = String(given['accessToken']).split('.');
    expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toMatchObject({ sub: 'u1-ann' });
    expect((await fetch(`${host.url}/api/negotiate/ann`)).status).toBe(500);
    await until(() => host.output().includes("No value for named parameter 'query.user'."));
  });

  it('read a request to an own function as an event', async () => {
    const upstream = (init: RequestInit): Promise<Response> => fetch(`${host.url}/api/upstream`, init);
    const origin = { 'WebHook-Request-Origin': 'localhost' };
    const preflight = await upstream({ method: 'OPTIONS', headers: origin });
    expect([preflight.status, preflight.headers.get('webhook-allowed-origin')]).toEqual([200, '*']);
    expect((await upstream({ method: 'POST', headers: origin, body: 'x' })).status).toBe(400);
    const signature = `sha256=${createHmac('sha256', accessKey).update('c1').digest('hex')}`;
    const accepted = await upstream({
      method: 'POST',
      body: '{"a":1}',
      headers: {
        ...origin,
        'ce-type': 'azure.webpubsub.user.message',
        'ce-eventName': 'message',
        'ce-hub': 'h',
        'ce-connectionId': 'c1',
        'ce-signature': signature,
        'content-type': 'application/json',
      },
    });
    expect(await accepted.json()).toMatchObject({ data: '{"a":1}', dataType: 'Json' });
  });

  it('do a list of actions in order, and fail the invocation at one that does not exist', async () => {
    const { socket, frames } = await connect('cat');
    const [{ message }] = (await seenBy('connect')).slice(-1) as [Seen];
    const { connectionId } = (message as { connectionContext: { connectionId: string } }).connectionContext;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const group = 'cats';
    const answer = await act(
      { actionName: 'addUserToGroup', userId: 'cat', group },
      { actionName: 'SendToGroup', group, data: '{"n":1}', dataType: 'json' },
      {
        actionName: 'sendToConnection',
        connectionId,
        data: { type: 'Buffer', data: [7, 8] },
        dataType: 'binary',
      },
      { actionName: 'removeUserFromGroup', userId: 'cat', group },
      { actionName: 'sendToGroup', group, data: 'unheard' },
      { actionName: 'addConnectionToGroup', connectionId, group },
      { actionName: 'sendToAll', data: 'all', filter: "userId eq 'cat'" },
      { actionName: 'grantPermission', connectionId, permission: 'sendToGroup', targetName: group },
      { actionName: 'closeClientConnection', connectionId, reason: 'done' },
    );
    expect(answer.status).toBe(202);
    await closed;
    expect(frames).toEqual(['{"n":1}', '0708', 'all']);
    expect((await act({ actionName: 'sendToNobody' })).status).toBe(500);
  });

  it('that cannot be served are named at the start, with the function', async () => {
    const app = temporaryApp({
      'index.cjs': appCode(`
        const { input, output } = require('@azure/functions');
        const base = { name: 'request', hub: 'h', eventType: 'user', eventName: 'message', handler() {} };
        app.webPubSub('first', base);
        app.webPubSub('second', base);
        app.webPubSub('mqtt', { ...base, eventName: 'x', clientProtocols: 'mqtt' });
        app.webPubSub('lost', { ...base, eventName: 'y', connections: ['Nowhere'] });
        const event = input.webPubSubContext({ name: 'event' });
        app.timer('clock', { schedule: '0 0 0 1 1 *', extraInputs: [event], handler() {} });
        const news = output.serviceBusQueue({ name: 'news', connection: 'Elsewhere', queueName: 'q' });
        app.http('sender', { extraOutputs: [news], handler() {} });`),
    });
    const own = await startHost(app.folder);
    expect(own.output()).toContain(
      "The 'second' function is in error: 'first' already takes the same event.",
    );
    expect(own.output()).toContain("The 'mqtt' function is in error: this host does not support MQTT");
    expect(own.output()).toContain(
      "The 'lost' function is in error: the Web PubSub connection string 'Nowhere'",
    );
    expect(own.output()).toContain(
      "The 'clock' function is in error: the binding webPubSubContext ('event')",
    );
    expect(own.output()).toContain(
      "The 'sender' function is in error: the binding 'news' (serviceBus): the Service Bus connection string",
    );
    await own.stop();
    app.remove();
  });
});
