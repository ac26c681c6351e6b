/** Clients without a subprotocol: bare payloads in, bare payloads out. What they raise as events: events.test.ts. */
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startService, type RunningService } from './running-service.ts';
import { connect as open, json, type Needs, type Socket } from './socket.ts';

let service: RunningService;
let rest: WebPubSubServiceClient;
beforeAll(async () => {
  service = await startService();
  rest = new WebPubSubServiceClient(service.connectionString, 'chat', { allowInsecureConnection: true });
});
afterAll(() => service.stop());

const sockets: Socket[] = [];
afterEach(() => {
  for (const { ws } of sockets.splice(0)) ws.terminate();
});

async function connect(needs: Needs, protocol?: typeof json) {
  const { socket } = await open(service.host, protocol, needs);
  sockets.push(socket);
  return socket;
}

const mode = (group: string, more = '') => `webpubsub_mode=sendToGroup&group=${group}${more}`;

it('gets text and JSON as text frames, binary as binary frames', async () => {
  const socket = await connect({ groups: ['g'] });
  await rest.group('g').sendToAll('plain', { contentType: 'text/plain' });
  await rest.group('g').sendToAll('quoted');
  await rest.group('g').sendToAll({ a: 1 });
  await rest.group('g').sendToAll(new Uint8Array([0, 255]).buffer);
  expect(await socket.nextRaw()).toBe('plain');
  expect(await socket.nextRaw()).toBe('"quoted"');
  expect(await socket.nextRaw()).toBe('{"a":1}');
  expect(await socket.nextRaw()).toEqual(Buffer.from([0, 255]));
});

it('in the mode of groups publishes each frame, and hears itself', async () => {
  const reader = await connect({ groups: ['room'] }, json);
  const socket = await connect({ userId: 'ann', groups: ['room'], query: mode('room') });
  socket.ws.send('{"looks":"like JSON"}');
  expect(await reader.next()).toEqual({
    type: 'message',
    from: 'group',
    group: 'room',
    fromUserId: 'ann',
    dataType: 'text',
    data: '{"looks":"like JSON"}',
  });
  expect(await socket.nextRaw()).toBe('{"looks":"like JSON"}');
  socket.ws.send(Buffer.from([1, 2, 3]));
  expect(await reader.next()).toMatchObject({ dataType: 'binary', data: 'AQID' });
});

it('does not hear itself with noEcho', async () => {
  const socket = await connect({ groups: ['room'], query: mode('room', '&noEcho=TRUE') });
  const reader = await connect({ groups: ['room'] }, json);
  socket.ws.send('mine');
  await reader.next();
  await rest.group('room').sendToAll('theirs', { contentType: 'text/plain' });
  expect(await socket.nextRaw()).toBe('theirs');
});

it('publishes nothing without the role, and stays', async () => {
  const socket = await connect({ roles: [], groups: ['room'], query: mode('room') });
  socket.ws.send('no');
  await rest.group('room').sendToAll('yes', { contentType: 'text/plain' });
  expect(await socket.nextRaw()).toBe('yes');
});

it('is closed with 1011 where nobody takes its events', async () => {
  const socket = await connect({});
  socket.ws.send('hello');
  expect(await socket.closed).toMatchObject({ code: 1011 });
});

it('is closed by the application without a frame of its own', async () => {
  const socket = await connect({ userId: 'closing' });
  await rest.closeUserConnections('closing', { reason: 'x'.repeat(200) });
  expect(await socket.closed).toEqual({ code: 1000, reason: 'x'.repeat(123) });
  expect(socket.waiting).toEqual([]);
});
