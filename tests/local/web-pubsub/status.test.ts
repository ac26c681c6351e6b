/** `GET /status`: connections, groups and the latest operations, as the status page reads them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { startService, type RunningService } from './running-service.ts';
import { connect, json, reliable } from './socket.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

interface Status {
  hubs: { name: string; connections: Record<string, unknown>[]; groups: object[] }[];
  recent: { time: string; operation: string; target: string; detail: unknown }[];
}

async function status(): Promise<Status> {
  const response = await fetch(`http://${service.host}/status`);
  return (await response.json()) as Status;
}

it('shows who is connected, in which groups, and what is not acknowledged', async () => {
  const { socket, connectionId } = await connect(service.host, reliable, { userId: 'ann', groups: ['g'] });
  await socket.ask({ type: 'sendToGroup', group: 'g', data: 'x' });
  const [hub] = (await status()).hubs;
  expect(hub).toEqual({
    name: 'chat',
    connections: [
      {
        connectionId,
        userId: 'ann',
        subprotocol: reliable,
        connectedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        groups: ['g'],
        isLost: false,
        unacknowledged: { messages: 1, bytes: expect.any(Number) },
      },
    ],
    groups: [{ name: 'g', count: 1, members: [{ connectionId, userId: 'ann' }] }],
  });
  await socket.drop();
  await until(async () => (await status()).hubs[0]?.connections[0]?.['isLost'] === true);
});

it('shows the latest operations, the newest first, and no more than fifty', async () => {
  const { socket } = await connect(service.host, json, { userId: 'bob' });
  for (let ackId = 1; ackId <= 60; ackId += 1) {
    await socket.ask({ type: 'joinGroup', group: `g${ackId}`, ackId });
  }
  const { recent } = await status();
  expect(recent).toHaveLength(50);
  expect(recent[0]).toMatchObject({ operation: 'joinGroup', target: 'chat/g60', detail: 'bob' });
  expect(recent[49]).toMatchObject({ operation: 'joinGroup', target: 'chat/g11' });
  await socket.drop();
  await until(async () => (await status()).recent[0]?.operation === 'disconnect');
});
