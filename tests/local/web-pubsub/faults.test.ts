/** Faults on request: what each does to handshakes, frames, deliveries, REST and events, and what it leaves alone. */
import { RestError } from '@azure/core-rest-pipeline';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { everythingTo, startEventHandler, type EventHandler, type Received } from './event-handler.ts';
import { startService, type RunningService } from './running-service.ts';
import {
  clientUrl,
  connect as open,
  HandshakeRefused,
  json,
  recover,
  reliable,
  Socket,
  type Needs,
} from './socket.ts';

let handler: EventHandler;
let service: RunningService;
let rest: WebPubSubServiceClient;
beforeAll(async () => {
  handler = await startEventHandler();
  const Hubs = everythingTo(handler.url);
  service = await startService({
    Hubs,
    Local: { RetryDelaysSeconds: [0], EventTimeoutSeconds: 5, BufferMessages: 50 },
  });
  rest = new WebPubSubServiceClient(service.connectionString, 'chat', {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });
});
afterAll(async () => {
  await service.stop();
  await handler.stop();
});

const sockets: Socket[] = [];
beforeEach(() => {
  handler.events.length = 0;
});
afterEach(async () => {
  await fault();
  for (const { ws } of sockets.splice(0)) ws.terminate();
});

/** Puts these faults in force, in place of all others. */
async function fault(...faults: object[]): Promise<void> {
  const body = JSON.stringify({ faults });
  const response = await fetch(`http://${service.host}/faults`, { method: 'PUT', body });
  expect(response.status).toBe(200);
}

async function struck(): Promise<number[]> {
  const response = await fetch(`http://${service.host}/faults`);
  const { faults } = (await response.json()) as { faults: { struck: number }[] };
  return faults.map((each) => each.struck);
}

async function connect(protocol: typeof json | typeof reliable = json, needs: Needs = {}) {
  const opened = await open(service.host, protocol, { groups: ['g'], ...needs });
  sockets.push(opened.socket);
  return opened;
}

async function attempt(): Promise<Socket> {
  const socket = new Socket(await clientUrl(service.host), [json]);
  sockets.push(socket);
  return socket;
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a fault of `connect`', () => {
  it('refuses the handshake with its status, and the next one passes', async () => {
    await fault({ on: 'connect chat', action: 'error', error: 429, times: 1 });
    const error = await failureOf((await attempt()).opened);
    expect(error).toBeInstanceOf(HandshakeRefused);
    expect((error as HandshakeRefused).status).toBe(429);
    await (
      await attempt()
    ).opened;
    expect(handler.events.filter(({ headers }) => headers['ce-eventname'] === 'connect')).toHaveLength(1);
  });

  it('cuts the line after the handler has agreed, who then hears of the end', async () => {
    await fault({ on: 'connect *', action: 'disconnect', when: 'after' });
    expect(await failureOf((await attempt()).opened)).toBeInstanceOf(Error);
    const id = (await handler.event('connect')).headers['ce-connectionid'];
    const ends = ({ headers }: Received): boolean =>
      headers['ce-eventname'] === 'disconnected' && headers['ce-connectionid'] === id;
    await until(() => handler.events.some(ends), { what: 'the end of what it agreed to' });
  });

  it('leaves the client without an answer', async () => {
    await fault({ on: 'connect *', action: 'drop' });
    const socket = await attempt();
    await until(async () => (await struck())[0] === 1);
    expect(socket.ws.readyState).toBe(socket.ws.CONNECTING);
  });

  it('is not one of `recover`', async () => {
    const { socket, url, connected } = await connect(reliable);
    await socket.drop();
    await fault({ on: 'connect *', action: 'error' }, { on: 'recover chat', action: 'error', times: 1 });
    await expect(recover(url, connected)).rejects.toThrow('503');
    const back = await recover(url, connected);
    sockets.push(back);
    expect(await back.next()).toMatchObject({ event: 'connected' });
  });
});

describe('a fault of a frame', () => {
  it('answers the acknowledgement of a failure, and the frame was not acted on', async () => {
    const { socket, connectionId } = await connect();
    await fault({ on: 'frame.joinGroup room-x', action: 'error', times: 1 });
    const join = { type: 'joinGroup', group: 'room-x', ackId: 1 };
    expect(await socket.ask(join)).toMatchObject({
      ackId: 1,
      success: false,
      error: { name: 'InternalServerError' },
    });
    expect(await rest.groupExists('room-x')).toBe(false);
    expect(await socket.ask(join)).toEqual({ type: 'ack', ackId: 1, success: true });
    expect(await rest.groupExists('room-x')).toBe(true);
    await rest.closeConnection(connectionId);
  });

  it('loses the acknowledgement alone, so that a repeat is a duplicate', async () => {
    const { socket } = await connect();
    await fault({ on: 'frame.sendToGroup g', action: 'drop', when: 'after', times: 1 });
    const send = { type: 'sendToGroup', group: 'g', data: 'once', ackId: 7 };
    expect(await socket.ask(send)).toMatchObject({ type: 'message', data: 'once' });
    expect(await socket.ask(send)).toMatchObject({ ackId: 7, error: { name: 'Duplicate' } });
  });

  it('ends the socket without a close frame', async () => {
    const { socket } = await connect();
    await fault({ on: 'frame.event x', action: 'disconnect' });
    socket.send({ type: 'event', event: 'x', data: 1, ackId: 1 });
    expect((await socket.closed).code).toBe(1006);
    expect(handler.events.some(({ headers }) => headers['ce-eventname'] === 'x')).toBe(false);
  });

  it('holds later frames of the same connection behind the one it holds', async () => {
    const { socket } = await connect();
    const { socket: other } = await connect();
    await fault({ on: 'frame.sendToGroup g', action: 'hold', times: 1 });
    socket.send({ type: 'sendToGroup', group: 'g', data: 1, noEcho: true });
    socket.send({ type: 'sendToGroup', group: 'g', data: 2, noEcho: true });
    await until(async () => (await struck())[0] === 1);
    expect(await other.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    await fault();
    expect(await other.next()).toMatchObject({ data: 1 });
    expect(await other.next()).toMatchObject({ data: 2 });
  });

  it('may keep a pong back', async () => {
    const { socket } = await connect();
    await fault({ on: 'frame.ping', action: 'drop', times: 1 });
    socket.send({ type: 'ping' });
    expect(await socket.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(await struck()).toEqual([1]);
    expect(socket.waiting).toEqual([]);
  });
});

describe('a fault of `deliver`', () => {
  it('loses a message for all members of the group, and the sender never knows', async () => {
    const { socket } = await connect();
    await fault({ on: 'deliver chat/g', action: 'drop', times: 1 });
    await rest.group('g').sendToAll(1);
    await rest.group('g').sendToAll(2);
    expect(await socket.next()).toMatchObject({ data: 2 });
  });

  it('cuts the lines of the members, and who comes back gets the message', async () => {
    const { socket, url, connected } = await connect(reliable);
    await fault({ on: 'deliver chat/g', action: 'disconnect', times: 1 });
    await rest.group('g').sendToAll('kept');
    expect((await socket.closed).code).toBe(1006);
    const back = await recover(url, connected);
    sockets.push(back);
    await back.next();
    expect(await back.next()).toMatchObject({ data: 'kept', sequenceId: 1 });
  });

  it('delays messages without changing their order', async () => {
    const { socket } = await connect();
    await fault({ on: 'deliver chat/g', action: 'delay', milliseconds: 100, times: 1 });
    for (let number = 1; number <= 3; number += 1) await rest.group('g').sendToAll(number);
    for (let number = 1; number <= 3; number += 1)
      expect(await socket.next()).toMatchObject({ data: number });
  });
});

describe('a fault of REST', () => {
  it('refuses with its status and when to come back, before anything is done', async () => {
    await connect();
    await fault({ on: 'sendToGroup chat/g', action: 'error', error: 429, retryAfter: 3 });
    const error = (await failureOf(rest.group('g').sendToAll(1))) as RestError;
    expect(error).toBeInstanceOf(RestError);
    expect(error.statusCode).toBe(429);
    expect(error.response?.headers.get('retry-after')).toBe('3');
    await rest.group('other').sendToAll(1);
    expect(await struck()).toEqual([1]);
  });

  it('may be one of all of REST, and of nothing else, until it is taken back', async () => {
    await fault({ on: 'rest.*', action: 'error', error: 503 });
    for (const refused of [rest.sendToAll(1), rest.group('g').addConnection('c'), rest.userExists('u')]) {
      expect(await failureOf(refused)).toMatchObject({ statusCode: 503 });
    }
    const { socket } = await connect();
    expect(await socket.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(await struck()).toEqual([3]);
    await fault();
    await rest.group('g').sendToAll('after');
    expect(await socket.next()).toMatchObject({ data: 'after' });
  });

  it('loses the answer to what was done', async () => {
    const { connectionId } = await connect();
    await fault({ on: `addConnectionToGroup chat/new/${connectionId}`, action: 'disconnect', when: 'after' });
    expect(await failureOf(rest.group('new').addConnection(connectionId))).toBeInstanceOf(Error);
    expect(await rest.groupExists('new')).toBe(true);
  });

  it('answers nothing until the caller gives up', async () => {
    await fault({ on: 'userExists *', action: 'drop' });
    const abortSignal = AbortSignal.timeout(200);
    expect(await failureOf(rest.userExists('u', { abortSignal }))).toMatchObject({ name: 'AbortError' });
  });
});

describe('a fault of `receive`', () => {
  it('makes one client read nothing, and it gets all in order when it reads again', async () => {
    const [slow, other] = [await connect(json, { userId: 'slow' }), await connect(json, { userId: 'other' })];
    await fault({ on: 'receive chat/slow', action: 'hold', times: 1 });
    for (let number = 1; number <= 3; number += 1) await rest.group('g').sendToAll(number);
    for (let number = 1; number <= 3; number += 1)
      expect(await other.socket.next()).toMatchObject({ data: number });
    expect(slow.socket.waiting).toEqual([]);
    await fault();
    for (let number = 1; number <= 3; number += 1)
      expect(await slow.socket.next()).toMatchObject({ data: number });
  });

  it('lets more wait than a reliable client may leave unacknowledged, and it is closed for good', async () => {
    const { socket, url, connected } = await connect(reliable, { userId: 'slow' });
    await fault({ on: 'receive chat/slow', action: 'hold', times: 1 });
    await Promise.all(Array.from({ length: 51 }, (_, index) => rest.group('g').sendToAll(index)));
    expect(await socket.closed).toEqual({ code: 1008, reason: 'The message buffer is full.' });
    const back = await recover(url, connected);
    sockets.push(back);
    expect((await back.closed).code).toBe(1008);
  });

  it('cuts the line of one client, who finds the message when it is back', async () => {
    const [cut, other] = [
      await connect(reliable, { userId: 'cut' }),
      await connect(reliable, { userId: 'other' }),
    ];
    await fault({ on: 'receive chat/cut', action: 'disconnect', times: 1 });
    await rest.group('g').sendToAll('kept');
    expect((await cut.socket.closed).code).toBe(1006);
    expect(await other.socket.next()).toMatchObject({ data: 'kept' });
    const back = await recover(cut.url, cut.connected);
    sockets.push(back);
    await back.next();
    expect(await back.next()).toMatchObject({ data: 'kept', sequenceId: 1 });
  });
});

describe('a fault of `upstream`', () => {
  const event = { type: 'event', event: 'x', data: 1, ackId: 1 };

  it('answers in the place of the handler, who is asked again where that may heal', async () => {
    const { socket } = await connect();
    await fault({ on: 'upstream.x chat', action: 'error', error: 500, times: 1 });
    expect(await socket.ask(event)).toEqual({ type: 'ack', ackId: 1, success: true });
    expect(handler.events.filter(({ headers }) => headers['ce-eventname'] === 'x')).toHaveLength(1);
  });

  it('loses the answer of the handler, who gets the event twice', async () => {
    const { socket } = await connect();
    await fault({ on: 'upstream.x *', action: 'disconnect', when: 'after', times: 1 });
    expect(await socket.ask(event)).toEqual({ type: 'ack', ackId: 1, success: true });
    expect(handler.events.filter(({ headers }) => headers['ce-eventname'] === 'x')).toHaveLength(2);
  });
});
