/** Clients that do not answer, do not read, or ask for more than their handler can do. */
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { everythingTo, startEventHandler, type EventHandler } from './event-handler.ts';
import { startService, type RunningService, type Settings } from './running-service.ts';
import { clientUrl, connect, json, Socket, textOf } from './socket.ts';

let service: RunningService;
let handler: EventHandler;
beforeEach(async () => {
  handler = await startEventHandler();
});
afterEach(async () => {
  await service.stop();
  await handler.stop();
});

async function start(settings: Settings): Promise<WebPubSubServiceClient> {
  service = await startService(settings);
  return new WebPubSubServiceClient(service.connectionString, 'chat', { allowInsecureConnection: true });
}

it('a client that answers no ping is dropped, one that does stays', async () => {
  const rest = await start({ Local: { PingSeconds: 0.5 } });
  const dead = new Socket(await clientUrl(service.host), [json], { autoPong: false });
  const lively = await connect(service.host, json);
  let pings = 0;
  lively.socket.ws.on('ping', () => (pings += 1));
  expect((await dead.closed).code).toBe(1006);
  const connectionId = textOf(await dead.next(), 'connectionId');
  await until(async () => !(await rest.connectionExists(connectionId)), { what: 'its end' });
  await until(() => pings >= 3, { what: 'three pings' });
  expect(await lively.socket.ask({ type: 'ping' })).toEqual({ type: 'pong' });
});

it('a client that does not read is dropped when too much waits for it', async () => {
  const rest = await start({ Local: { BufferBytes: 1_000_000 } });
  const { socket, connectionId } = await connect(service.host, json, { groups: ['g'] });
  const reader = await connect(service.host, json, { groups: ['g'] });
  socket.ws.pause();
  await until(async () => {
    await rest.group('g').sendToAll('x'.repeat(500_000), { contentType: 'text/plain' });
    return !(await rest.connectionExists(connectionId));
  });
  expect(await rest.connectionExists(reader.connectionId)).toBe(true);
  socket.ws.resume();
  expect((await socket.closed).code).toBe(1006);
});

it('a client that raises more events than the handler can take waits, and loses none', async () => {
  await start({ Hubs: everythingTo(handler.url) });
  const { socket } = await connect(service.host, json);
  let release = () => {};
  const held = new Promise<undefined>((done) => (release = () => done(undefined)));
  handler.respond(({ headers }) => (headers['ce-eventname'] === 'x' ? held : undefined));
  // Enough small ones to make it wait, then far more than the network holds.
  const [small, large] = [110, 25];
  for (let ackId = 1; ackId <= small + large; ackId += 1) {
    const data = 'x'.repeat(ackId > small ? 1_000_000 : 1);
    socket.send({ type: 'event', event: 'x', dataType: 'text', data, ackId });
  }
  await handler.event('x');
  const other = await connect(service.host, json);
  for (let turn = 0; turn < 50; turn += 1) await other.socket.ask({ type: 'ping' });
  // What is not read waits where it came from.
  expect(socket.ws.bufferedAmount).toBeGreaterThan(0);
  release();
  for (let ackId = 1; ackId <= small + large; ackId += 1) {
    expect(await socket.next()).toEqual({ type: 'ack', ackId, success: true });
  }
});
