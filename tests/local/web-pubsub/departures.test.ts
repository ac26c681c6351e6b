/** When frames leave: together, in order, before a goodbye, whatever their size. */
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService, type RunningService } from './running-service.ts';
import { connect, json, reliable } from './socket.ts';

let service: RunningService;
let rest: WebPubSubServiceClient;
beforeAll(async () => {
  service = await startService();
  rest = new WebPubSubServiceClient(service.connectionString, 'chat', { allowInsecureConnection: true });
});
afterAll(() => service.stop());

it.each([
  ['of some bytes', 300, 10],
  ['of more than is put together', 30, 90_000],
])('a crowd gets many messages %s in the order in which they were sent', async (_what, count, size) => {
  const members = [
    ...(await Promise.all([0, 1, 2].map(() => connect(service.host, json, { groups: ['g'] })))),
    await connect(service.host, reliable, { groups: ['g'] }),
  ];
  const sender = members[0]!.socket;
  for (let number = 0; number < count; number += 1) {
    const data = { number, padding: 'x'.repeat(size) };
    sender.send({ type: 'sendToGroup', group: 'g', data });
  }
  for (const { socket } of members) {
    for (let number = 0; number < count; number += 1) {
      expect(await socket.next()).toMatchObject({ data: { number } });
    }
    socket.ws.terminate();
  }
});

it('what was sent before a goodbye arrives before it', async () => {
  const { socket, connectionId } = await connect(service.host, json);
  const sent = Array.from({ length: 20 }, (_, number) => rest.sendToConnection(connectionId, { number }));
  await Promise.all(sent);
  await rest.closeConnection(connectionId, { reason: 'done' });
  await socket.closed;
  expect(socket.waiting).toHaveLength(21);
  expect(socket.waiting.at(-1)).toMatchObject({ event: 'disconnected', message: 'done' });
});
