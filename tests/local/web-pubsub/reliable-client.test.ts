/** The reliable subprotocol: numbers, acknowledgement, recovery, and when a connection is gone for good. */
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { startService, type RunningService } from './running-service.ts';
import {
  connect as open,
  json,
  recover as reopen,
  reliable,
  textOf,
  type Needs,
  type Socket,
} from './socket.ts';

let service: RunningService;
let rest: WebPubSubServiceClient;
beforeAll(async () => {
  service = await startService({
    Hubs: {},
    Local: { BufferMessages: 5, BufferBytes: 100_000, RecoverySeconds: 60 },
  });
  rest = new WebPubSubServiceClient(service.connectionString, 'chat', { allowInsecureConnection: true });
});
afterAll(() => service.stop());

const sockets: Socket[] = [];
afterEach(() => {
  for (const { ws } of sockets.splice(0)) ws.terminate();
});

async function connect(needs: Needs = {}) {
  const opened = await open(service.host, reliable, needs);
  sockets.push(opened.socket);
  return opened;
}

async function recover(url: string, connected: Record<string, unknown>) {
  const socket = await reopen(url, connected);
  sockets.push(socket);
  return socket;
}

/** Sends text messages one after the other, so that their order is known. */
async function send(connectionId: string, ...texts: string[]): Promise<void> {
  for (const text of texts) await rest.sendToConnection(connectionId, text, { contentType: 'text/plain' });
}

const ping = { type: 'ping' };

describe('numbers', () => {
  it('count the messages of a connection from 1, and nothing else', async () => {
    const { socket, connected, connectionId } = await connect({ groups: ['g'] });
    expect(connected).not.toHaveProperty('sequenceId');
    expect(connected).toHaveProperty('reconnectionToken', expect.any(String));
    const first = await socket.ask({ type: 'sendToGroup', group: 'g', data: 1, ackId: 1 });
    expect(first).toMatchObject({ type: 'message', sequenceId: 1 });
    expect(await socket.next()).toEqual({ type: 'ack', ackId: 1, success: true });
    expect(await socket.ask(ping)).toEqual({ type: 'pong' });
    await send(connectionId, 'x');
    expect(await socket.next()).toEqual({
      sequenceId: 2,
      type: 'message',
      from: 'server',
      dataType: 'text',
      data: 'x',
    });
  });

  it('are each connection’s own, though the message is shared', async () => {
    const [one, two] = [await connect({ groups: ['both'] }), await connect({ groups: ['both'] })];
    await send(two.connectionId, 'only two');
    await rest.group('both').sendToAll('shared');
    expect(await one.socket.next()).toMatchObject({ sequenceId: 1, data: 'shared' });
    expect(await two.socket.next()).toMatchObject({ sequenceId: 1, data: 'only two' });
    expect(await two.socket.next()).toMatchObject({ sequenceId: 2, data: 'shared' });
  });
});

describe('recovery', () => {
  it('brings back what was not acknowledged, in order, then what is new', async () => {
    const { socket, url, connected, connectionId } = await connect();
    await send(connectionId, 'a', 'b');
    await socket.next();
    await socket.next();
    socket.send({ type: 'sequenceAck', sequenceId: 1 });
    await socket.ask(ping);
    await socket.drop();
    await send(connectionId, 'c');
    const again = await recover(url, connected);
    expect(again.ws.protocol).toBe(reliable);
    expect(await again.next()).toMatchObject({ type: 'system', event: 'connected', connectionId });
    await send(connectionId, 'd');
    for (const [sequenceId, data] of [
      [2, 'b'],
      [3, 'c'],
      [4, 'd'],
    ]) {
      expect(await again.next()).toMatchObject({ sequenceId, data });
    }
  });

  it('keeps groups, roles and acknowledged ids', async () => {
    const { socket, url, connected } = await connect({ roles: ['webpubsub.joinLeaveGroup.late'] });
    await socket.ask({ type: 'joinGroup', group: 'late', ackId: 1 });
    await socket.drop();
    const again = await recover(url, connected);
    await again.next();
    await rest.group('late').sendToAll('still in');
    expect(await again.next()).toMatchObject({ group: 'late', data: 'still in' });
    expect(await again.ask({ type: 'joinGroup', group: 'late', ackId: 1 })).toMatchObject({
      error: { name: 'Duplicate' },
    });
    expect(await again.ask({ type: 'leaveGroup', group: 'late', ackId: 2 })).toMatchObject({ success: true });
  });

  it('goes by the connection, whatever old access token is still in the address', async () => {
    const { socket, url, connected } = await connect();
    await socket.drop();
    const query = new URLSearchParams({
      access_token: 'long ago',
      awps_connection_id: textOf(connected, 'connectionId'),
      awps_reconnection_token: textOf(connected, 'reconnectionToken'),
    });
    const again = await recover(`${url.split('?')[0]}?${query}`, connected);
    expect(await again.next()).toMatchObject({ event: 'connected' });
  });

  it('by a second socket ends the first one', async () => {
    const { socket, url, connected, connectionId } = await connect();
    const again = await recover(url, connected);
    await again.next();
    expect((await socket.closed).code).toBe(1006);
    await send(connectionId, 'x');
    expect(await again.next()).toMatchObject({ data: 'x' });
  });

  it('is possible after a close that was not the normal one', async () => {
    const { socket, url, connected } = await connect();
    socket.ws.close();
    await socket.closed;
    const again = await recover(url, connected);
    expect(await again.next()).toMatchObject({ event: 'connected' });
  });
});

describe('a connection that is gone', () => {
  async function expectGone(url: string, connected: Record<string, unknown>, protocol = reliable) {
    const socket = await reopen(url, connected, protocol);
    expect(await socket.closed).toMatchObject({ code: 1008 });
    expect(socket.waiting).toEqual([]);
  }

  it('answers 1008: a wrong token', async () => {
    const [one, two] = [await connect(), await connect()];
    const { reconnectionToken } = two.connected;
    await expectGone(one.url, { ...one.connected, reconnectionToken });
    await expectGone(one.url, { ...one.connected, reconnectionToken: 'nonsense' });
  });

  it('answers 1008: one that never was', async () => {
    const { url, connected } = await connect();
    await expectGone(url, { ...connected, connectionId: 'never-was' });
  });

  it('answers 1008: one that the application closed', async () => {
    const { socket, url, connected, connectionId } = await connect();
    await rest.closeConnection(connectionId, { reason: 'enough' });
    expect(await socket.next()).toEqual({ type: 'system', event: 'disconnected', message: 'enough' });
    expect(await socket.closed).toEqual({ code: 1000, reason: 'enough' });
    await expectGone(url, connected);
  });

  it('answers 1008: one that said a normal goodbye', async () => {
    const { socket, url, connected, connectionId } = await connect();
    socket.ws.close(1000, 'bye');
    await until(async () => !(await rest.connectionExists(connectionId)), { what: 'the end' });
    await expectGone(url, connected);
  });

  it('answers 1008: one of the subprotocol without recovery', async () => {
    const plain = await open(service.host, json);
    sockets.push(plain.socket);
    const { connected } = await connect();
    const { connectionId } = plain;
    await expectGone(plain.url, { connectionId, reconnectionToken: connected['reconnectionToken'] }, json);
  });

  it('answers 1008: one whose time to recover is over', async () => {
    const hasty = await startService({ Local: { RecoverySeconds: 0.05 } });
    const { socket, url, connected, connectionId } = await open(hasty.host, reliable);
    const client = new WebPubSubServiceClient(hasty.connectionString, 'chat', {
      allowInsecureConnection: true,
    });
    expect(await client.connectionExists(connectionId)).toBe(true);
    await socket.drop();
    await until(async () => !(await client.connectionExists(connectionId)), { what: 'the end' });
    await expectGone(url, connected);
    await hasty.stop();
  });
});

describe('the buffer', () => {
  it('holds as many messages as its bound, and one more ends the connection', async () => {
    const { socket, connectionId } = await connect();
    await send(connectionId, '1', '2', '3', '4', '5');
    for (let count = 0; count < 5; count += 1) await socket.next();
    expect(await rest.connectionExists(connectionId)).toBe(true);
    await send(connectionId, '6');
    expect(await socket.closed).toMatchObject({ code: 1008 });
    expect(await rest.connectionExists(connectionId)).toBe(false);
  });

  it('is emptied by acknowledgements', async () => {
    const { socket, connectionId } = await connect();
    for (let number = 1; number <= 20; number += 1) {
      await send(connectionId, 'x');
      expect(await socket.next()).toMatchObject({ sequenceId: number });
      socket.send({ type: 'sequenceAck', sequenceId: number });
      await socket.ask(ping);
    }
  });

  it('has a bound in bytes too', async () => {
    const { socket, connectionId } = await connect();
    await send(connectionId, 'x'.repeat(60_000), 'y'.repeat(60_000));
    expect(await socket.closed).toMatchObject({ code: 1008 });
  });

  it('that overflows while the socket is lost ends the connection', async () => {
    const { socket, url, connected, connectionId } = await connect();
    await socket.drop();
    await send(connectionId, '1', '2', '3', '4', '5', '6');
    expect(await rest.connectionExists(connectionId)).toBe(false);
    expect(await (await recover(url, connected)).closed).toMatchObject({ code: 1008 });
  });
});
