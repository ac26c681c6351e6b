/** The program as people start and stop it. */
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient, WebPubSubJsonProtocol } from '@azure/web-pubsub-client';
import { expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { everythingTo, startEventHandler } from './event-handler.ts';
import { runMain, startServiceProcess } from './running-service.ts';
import { connect, json, reliable } from './socket.ts';

it('says where it is ready, and listens on the loopback address only', async () => {
  const service = await startServiceProcess();
  expect(service.output()).toBe(`Web PubSub is ready on http://localhost:${service.port}\n`);
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal);
  for (const { address } of others) {
    await expect(fetch(`http://${address}:${service.port}/api/health`)).rejects.toThrow();
  }
  await service.stop();
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s closes clients with 1001 and tells the handlers',
  async (signal) => {
    const handler = await startEventHandler();
    const service = await startServiceProcess({ Hubs: everythingTo(handler.url) });
    const [plain, kept] = [await connect(service.host, json), await connect(service.host, reliable)];
    await handler.event('connected', 1);
    service.child.kill(signal);
    expect(await plain.socket.closed).toMatchObject({ code: 1001 });
    expect(await kept.socket.closed).toMatchObject({ code: 1001 });
    await service.stop();
    expect(service.child.exitCode).toBe(0);
    const goodbyes = handler.events.filter(({ headers }) => headers['ce-eventname'] === 'disconnected');
    expect(goodbyes).toHaveLength(2);
    await handler.stop();
  },
);

it('after `kill -9` starts again on its port, and the official client is back in its groups', async () => {
  const killed = await startServiceProcess();
  const { port, connectionString } = killed;
  const rest = new WebPubSubServiceClient(connectionString, 'chat', { allowInsecureConnection: true });
  const client = new WebPubSubClient(
    {
      getClientAccessUrl: async () =>
        (await rest.getClientAccessToken({ roles: ['webpubsub.joinLeaveGroup'] })).url,
    },
    { reconnectRetryOptions: { retryDelayInMs: 50 }, protocol: WebPubSubJsonProtocol() },
  );
  const received: unknown[] = [];
  client.on('group-message', ({ message }) => received.push(message.data));
  await client.start();
  await client.joinGroup('room');
  killed.child.kill('SIGKILL');
  await killed.exited;
  const { child, exited } = runMain({}, port);
  try {
    await until(() => rest.groupExists('room').catch(() => false), { what: 'the client in its group' });
    await rest.group('room').sendToAll('after');
    await until(() => received.length > 0);
    expect(received).toEqual(['after']);
  } finally {
    client.stop();
    child.kill('SIGTERM');
    await exited;
  }
});

it('names the port that is taken, and what to set', async () => {
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address() as AddressInfo;
  const { output, exited } = runMain({}, port);
  expect(await exited).toBe(1);
  expect(output()).toMatch(`Port ${port} is taken`);
  expect(output()).toMatch('--port');
  await new Promise((done) => taken.close(done));
});

it.each([
  [{ EventHandlers: [{ UrlTemplate: 'no address' }] }, 'WebPubSub.Hubs.chat.EventHandlers.0.UrlTemplate'],
  [
    { EventHandlers: [{ UrlTemplate: 'http://{hub}.test/events' }] },
    'WebPubSub.Hubs.chat.EventHandlers.0.UrlTemplate',
  ],
  [
    { EventHandlers: [{ UrlTemplate: 'tunnel:///events' }] },
    'WebPubSub.Hubs.chat.EventHandlers.0.UrlTemplate: An http or https address',
  ],
  [
    { EventHandlers: [{ UrlTemplate: 'http://localhost/', SystemEvents: ['joined'] }] },
    'WebPubSub.Hubs.chat.EventHandlers.0.SystemEvents.0',
  ],
  [{ EventListeners: [] }, 'WebPubSub.Hubs.chat: not understood: EventListeners'],
  [
    { EventHandlers: [{ UrlTemplate: 'http://localhost/', Auth: { Type: 'ManagedIdentity' } }] },
    'WebPubSub.Hubs.chat.EventHandlers.0: not understood: Auth',
  ],
])('names what is wrong in its configuration: %j', async (chat, complaint) => {
  const { output, exited } = runMain({ Hubs: { chat } }, 0);
  expect(await exited).toBe(1);
  expect(output()).toMatch(complaint);
});
