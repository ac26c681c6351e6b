/** The official client over a line that breaks: it recovers by itself, or starts afresh and joins its groups again. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient } from '@azure/web-pubsub-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { startService, type RunningService } from './running-service.ts';

/** A line to a port that a test can cut. */
async function startLine(to: number) {
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end);
      end.on('error', () => other.destroy());
      end.on('close', () => ends.delete(end));
      end.pipe(other);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => ends.forEach((end) => end.destroy()),
    stop: () => {
      ends.forEach((end) => end.destroy());
      return new Promise((done) => server.close(done));
    },
  };
}

let service: RunningService;
let line: Awaited<ReturnType<typeof startLine>>;
let client: WebPubSubClient;
let rest: WebPubSubServiceClient;
let connections: string[];
let received: unknown[];

beforeEach(async () => {
  service = await startService();
  line = await startLine(service.port);
  const options = { allowInsecureConnection: true };
  rest = new WebPubSubServiceClient(service.connectionString, 'chat', options);
  // Its tokens name the address that the client sees.
  const seen = service.connectionString.replace(String(service.port), String(line.port));
  const tokens = new WebPubSubServiceClient(seen, 'chat', options);
  const roles = ['webpubsub.joinLeaveGroup', 'webpubsub.sendToGroup'];
  client = new WebPubSubClient(
    { getClientAccessUrl: async () => (await tokens.getClientAccessToken({ roles })).url },
    { reconnectRetryOptions: { retryDelayInMs: 10 } },
  );
  [connections, received] = [[], []];
  client.on('connected', ({ connectionId }) => connections.push(connectionId));
  client.on('group-message', ({ message }) => received.push(message.data));
  await client.start();
  await client.joinGroup('room');
});
afterEach(async () => {
  client.stop();
  await line.stop();
  await service.stop();
});

it('misses nothing of what was sent while the line was cut', async () => {
  await rest.group('room').sendToAll(1);
  line.cut();
  await rest.group('room').sendToAll(2);
  await rest.group('room').sendToAll(3);
  await until(() => received.length === 3, { what: 'the three messages' });
  expect(received).toEqual([1, 2, 3]);
  await client.sendToGroup('room', 4, 'json');
  await until(() => received.length === 4, { what: 'its own message' });
  expect(connections).toHaveLength(1);
});

it('starts afresh and is in its groups again where the connection is gone', async () => {
  await rest.closeConnection(connections[0]!);
  await until(() => connections.length === 2, { what: 'a second connection' });
  await until(() => rest.groupExists('room'), { what: 'the group' });
  await rest.group('room').sendToAll('again');
  await until(() => received.length === 1, { what: 'the message' });
  expect(connections[1]).not.toBe(connections[0]);
});
