/** What an event handler is sent, in which order, and what its answers do once a client is connected. */
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everythingTo, startEventHandler, type EventHandler } from './event-handler.ts';
import { accessKey, startService, type RunningService } from './running-service.ts';
import { connect as open, json, recover, reliable, type Needs } from './socket.ts';

let handler: EventHandler;
let service: RunningService;
const secondKey = 'ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210ZYXWVUTS';
beforeEach(async () => {
  handler = await startEventHandler();
  service = await startService({
    SecondaryAccessKey: secondKey,
    Hubs: everythingTo(`${handler.url}/{hub}/{event}`),
  });
});
afterEach(async () => {
  // Stopping waits for what is on its way, and ends every connection.
  await service.stop();
  await handler.stop();
});

const connect = (protocol: typeof json | typeof reliable | undefined, needs: Needs = {}) =>
  open(service.host, protocol, needs);

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');
const raise = (event: string, data: unknown, ackId?: number) => ({ type: 'event', event, data, ackId });

describe('an event', () => {
  it('says in its headers what it is and about whom', async () => {
    const { socket, connectionId } = await connect(json, { userId: 'ann' });
    socket.send({ ...raise('join', { room: 1 }), metadata: { trace: 'x7' } });
    const { headers, path, body } = await handler.event('join');
    expect(path).toBe('/chat/join');
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/json/),
      'webhook-request-origin': 'localhost',
      'ce-specversion': '1.0',
      'ce-awpsversion': '1.0',
      'ce-type': 'azure.webpubsub.user.join',
      'ce-source': `/hubs/chat/client/${connectionId}`,
      'ce-time': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      'ce-id': '2',
      'ce-hub': 'chat',
      'ce-connectionid': connectionId,
      'ce-eventname': 'join',
      'ce-userid': 'ann',
      'ce-subprotocol': json,
      'ce-signature': `sha256=${hmac(accessKey, connectionId)},sha256=${hmac(secondKey, connectionId)}`,
      'x-webpubsub-metadata-trace': 'x7',
    });
    expect(headers).not.toHaveProperty('ce-connectionstate');
    expect(JSON.parse(body.toString())).toEqual({ room: 1 });
  });

  it.each([
    ['text', 'as it is', 'text/plain', 'as it is'],
    ['json', 'quoted', 'application/json', '"quoted"'],
    ['binary', 'AAEC', 'application/octet-stream', '\0\u0001\u0002'],
  ])('carries %s data bare', async (dataType, data, contentType, body) => {
    const { socket } = await connect(json);
    await socket.ask({ type: 'event', event: 'x', dataType, data, ackId: 1 });
    const received = await handler.event('x');
    expect(received.headers['content-type']).toContain(contentType);
    expect(received.body.toString()).toBe(body);
  });

  it('comes in order, one of a connection at a time, with rising ids', async () => {
    const { socket } = await connect(json, { userId: 'ann' });
    let [running, most] = [0, 0];
    handler.respond(async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running -= 1;
      return undefined;
    });
    for (let number = 1; number <= 20; number += 1) socket.send(raise('count', number));
    await handler.event('count', 19);
    expect(most).toBe(1);
    expect(handler.events.map(({ headers }) => headers['ce-id'])).toEqual(
      Array.from({ length: 22 }, (_, index) => String(index)),
    );
    const counted = handler.events.filter(({ headers }) => headers['ce-eventname'] === 'count');
    expect(counted.map(({ body }) => Number(body.toString()))).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  it('of one connection does not wait for another’s', async () => {
    const [slow, quick] = [await connect(json), await connect(json)];
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    handler.respond(async ({ headers }) => {
      if (headers['ce-eventname'] === 'slow') await held;
      return undefined;
    });
    slow.socket.send(raise('slow', 1, 1));
    await handler.event('slow');
    expect(await quick.socket.ask(raise('quick', 1, 1))).toMatchObject({ success: true });
    // Nor do things that need no handler.
    expect(await slow.socket.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    release();
    expect(await slow.socket.next()).toMatchObject({ ackId: 1, success: true });
  });
});

describe('the life of a connection', () => {
  it('is told: connect, connected, disconnected, each once', async () => {
    const { socket, connectionId } = await connect(json);
    await handler.event('connected');
    socket.ws.close(1000, 'bye');
    const { body } = await handler.event('disconnected');
    expect(JSON.parse(body.toString())).toEqual({ reason: 'bye' });
    expect(handler.events.map(({ headers }) => [headers['ce-type'], headers['ce-id']])).toEqual([
      ['azure.webpubsub.sys.connect', '0'],
      ['azure.webpubsub.sys.connected', '1'],
      ['azure.webpubsub.sys.disconnected', '2'],
    ]);
    expect(handler.events.every(({ headers }) => headers['ce-connectionid'] === connectionId)).toBe(true);
  });

  it('goes on over a recovery without a word, and ends when its time is over', async () => {
    const patient = await startService({
      Hubs: everythingTo(`${handler.url}/{hub}/{event}`),
      Local: { RecoverySeconds: 60 },
    });
    const { socket, url, connected } = await open(patient.host, reliable);
    await handler.event('connected');
    await socket.drop();
    const again = await recover(url, connected);
    await again.next();
    expect(await again.ask(raise('after', 1, 1))).toMatchObject({ success: true });
    expect(handler.events.map(({ headers }) => headers['ce-eventname'])).toEqual([
      'connect',
      'connected',
      'after',
    ]);
    await patient.stop();
    await handler.event('disconnected');
  });

  it('ends with `disconnected` after what the client had raised before', async () => {
    let release = () => {};
    const held = new Promise<undefined>((done) => (release = () => done(undefined)));
    handler.respond(({ headers }) => (headers['ce-eventname'] === 'connected' ? held : undefined));
    const { socket } = await connect(json);
    socket.send(raise('last', 1));
    socket.ws.close(1000);
    await socket.closed;
    release();
    await handler.event('disconnected');
    const names = handler.events.map(({ headers }) => headers['ce-eventname']);
    expect(names).toEqual(['connect', 'connected', 'last', 'disconnected']);
  });
});

describe("a handler's answer", () => {
  it.each([
    ['text/plain', 'hello', { dataType: 'text', data: 'hello' }],
    ['application/json; charset=utf-8', '{"a":[1]}', { dataType: 'json', data: { a: [1] } }],
    ['application/octet-stream', Buffer.from([0, 255]), { dataType: 'binary', data: 'AP8=' }],
    [undefined, 'bytes', { dataType: 'binary', data: 'Ynl0ZXM=' }],
  ])('of %s reaches the client, and then the acknowledgement', async (contentType, body, message) => {
    const { socket } = await connect(json);
    handler.respond(() => ({ headers: contentType ? { 'content-type': contentType } : {}, body }));
    expect(await socket.ask(raise('x', 1, 1))).toEqual({ type: 'message', from: 'server', ...message });
    expect(await socket.next()).toEqual({ type: 'ack', ackId: 1, success: true });
  });

  it('that is empty is an acknowledgement alone', async () => {
    const { socket } = await connect(json);
    handler.respond(() => ({ status: 200 }));
    expect(await socket.ask(raise('x', 1, 1))).toEqual({ type: 'ack', ackId: 1, success: true });
  });

  it('may carry metadata, with a body or without', async () => {
    const { socket } = await connect(json);
    const headers = { 'x-webpubsub-metadata-trace': 'x7', 'content-type': 'text/plain' };
    handler.respond(({ body }) => ({ headers, body: body.toString() === '1' ? 'with' : '' }));
    expect(await socket.ask(raise('x', 1))).toMatchObject({ data: 'with', metadata: { trace: 'x7' } });
    expect(await socket.ask(raise('x', 2))).toMatchObject({
      dataType: 'text',
      data: '',
      metadata: { trace: 'x7' },
    });
  });

  it.each([
    ['a refusal', { status: 400 }],
    ['a redirect', { status: 302, headers: { location: '/elsewhere' } }],
    ['an unknown content type', { headers: { 'content-type': 'text/html' }, body: '<p>' }],
    ['JSON that is none', { headers: { 'content-type': 'application/json' }, body: '{' }],
    ['more than 16 MiB', { body: Buffer.alloc(16 * 1024 * 1024 + 1) }],
  ])('that is %s fails the event, and the client stays', async (_what, answer) => {
    const { socket } = await connect(json);
    handler.respond(() => answer);
    expect(await socket.ask(raise('x', 1, 1))).toMatchObject({
      ackId: 1,
      success: false,
      error: { name: 'InternalServerError' },
    });
    handler.respond(() => undefined);
    // A failed one may be tried again under its id; then it is done once and for all.
    expect(await socket.ask(raise('x', 1, 1))).toMatchObject({ ackId: 1, success: true });
    expect(await socket.ask(raise('x', 1, 1))).toMatchObject({ error: { name: 'Duplicate' } });
    expect(handler.events.filter(({ headers }) => headers['ce-eventname'] === 'x')).toHaveLength(2);
  });

  it('has its state come back with every later event, until it is emptied', async () => {
    const { socket } = await connect(json);
    const answers = ['one', undefined, '', undefined];
    handler.respond(({ headers }) => {
      const state = headers['ce-eventname'] === 'x' ? answers.shift() : undefined;
      return state === undefined ? undefined : { headers: { 'ce-connectionState': state } };
    });
    for (let ackId = 1; ackId <= 4; ackId += 1) await socket.ask(raise('x', ackId, ackId));
    const states = handler.events
      .filter(({ headers }) => headers['ce-eventname'] === 'x')
      .map(({ headers }) => headers['ce-connectionstate']);
    expect(states).toEqual([undefined, 'one', 'one', undefined]);
  });

  it('has its cookies come back', async () => {
    const { socket } = await connect(json);
    handler.respond(() => ({ headers: { 'set-cookie': ['a=1; Path=/; HttpOnly', 'b=2'] } }));
    await socket.ask(raise('x', 1, 1));
    await socket.ask(raise('x', 2, 2));
    expect((await handler.event('x', 1)).headers.cookie).toBe('a=1; b=2');
  });

  it('reaches a raw client bare; a failure closes it with 1011', async () => {
    const { socket } = await connect(undefined, { userId: 'raw' });
    handler.respond(({ body }) => ({
      headers: { 'content-type': 'text/plain' },
      body: `got ${body.toString()}`,
    }));
    socket.ws.send('{"action":"join"}');
    expect(await socket.nextRaw()).toBe('got {"action":"join"}');
    const { headers } = await handler.event('message');
    expect(headers).toMatchObject({ 'ce-userid': 'raw', 'ce-type': 'azure.webpubsub.user.message' });
    expect(headers).not.toHaveProperty('ce-subprotocol');
    handler.respond(() => ({ status: 400 }));
    socket.ws.send(Buffer.from([1, 2]));
    expect(await socket.closed).toMatchObject({ code: 1011 });
    const last = await handler.event('message', 1);
    expect(last.headers['content-type']).toBe('application/octet-stream');
  });

  it('that fails drops a JSON client too where the configuration says so', async () => {
    const strict = await startService({
      Hubs: everythingTo(handler.url),
      Local: { CloseOnEventFailure: true },
    });
    handler.respond(({ headers }) => (headers['ce-eventname'] === 'x' ? { status: 400 } : undefined));
    const { socket } = await open(strict.host, json);
    expect(await socket.ask(raise('x', 1, 1))).toMatchObject({ success: false });
    expect(await socket.next()).toMatchObject({ type: 'system', event: 'disconnected' });
    expect(await socket.closed).toMatchObject({ code: 1000 });
    await strict.stop();
  });
});
