/**
 * The deployed package without any key: `DefaultAzureCredential` finds a managed identity as it does in Azure, and
 * its tokens open tables, Service Bus and Web PubSub over TLS. Not run here: real roles, real tokens.
 */
import { WebPubSubClient } from '@azure/web-pubsub-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rejectedQueue } from '../../contract/names.ts';
import { toProblemError } from '../../functions/platform/problem.ts';
import { send } from '../../functions/platform/service-bus.ts';
import { readRow, transact } from '../../functions/platform/tables.ts';
import { hubClient } from '../../functions/platform/web-pubsub.ts';
import { until } from '../support/until.ts';
import { startIdentityStack, type IdentityStack } from './identity-stack.ts';

const resources = {
  storage: 'https://storage.azure.com',
  serviceBus: 'https://servicebus.azure.net',
  webPubSub: 'https://webpubsub.azure.com',
};

let stack: IdentityStack;
beforeAll(async () => {
  stack = await startIdentityStack();
  // For the calls that this process makes itself.
  Object.assign(process.env, stack.settings, stack.identity.environment);
});
afterAll(() => stack?.stop());

async function post(path: string, body: object, token?: string): Promise<Record<string, string>> {
  const response = await fetch(stack.api + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Record<string, string>;
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Signs in, makes a room, connects, publishes, and answers what the connection heard of it. */
async function sendAndHear(who: string): Promise<unknown[]> {
  const { token } = await post('/session', { name: who });
  const room = await post('/rooms', { name: `Room of ${who}` }, token);
  const { url } = await post('/negotiate', {}, token);
  expect(url).toMatch(/^wss:/);
  const client = new WebPubSubClient(url!);
  const heard: string[] = [];
  client.on('group-message', ({ message }) => heard.push(JSON.stringify(message.data)));
  await client.start();
  try {
    await post(
      '/publish',
      { room_id: room['id'], content: `Hello from ${who}`, message_id: crypto.randomUUID() },
      token,
    );
    await until(() => heard.some((frame) => frame.includes(`Hello from ${who}`)), { what: 'the message' });
    return heard;
  } finally {
    client.stop();
  }
}

test('one message goes all the way, and no setting holds a key', async () => {
  expect(JSON.stringify(stack.settings)).not.toMatch(/AccountKey|SharedAccessKey|AccessKey=|UseDevelopment/);
  await sendAndHear('Ida');
  const asked = new Set(stack.identity.asked.map((resource) => resource.replace(/\/+$/, '')));
  expect([...asked].toSorted()).toEqual(Object.values(resources).toSorted());
});

test('health is good', async () => {
  expect((await fetch(`${stack.api}/health`)).status).toBe(200);
});

const row = { partitionKey: 'spread', rowKey: 'spread', name: 'written' };

/** Makes a service refuse so many calls: with tokens for nobody, or by the fault that the program can make itself. */
const refuseTokens = (resource: string) => (times: number) => {
  // Service Bus's SDK asks with a slash at the end.
  for (const name of [resource, `${resource}/`]) stack.identity.useless.set(name, times);
};
const refuseRest = async (times: number) => {
  const faults = [{ on: '*', action: 'error', error: 403, ...(Number.isFinite(times) && { times }) }];
  const body = JSON.stringify({ faults: times === 0 ? [] : faults });
  expect((await fetch(stack.webPubSubFaults, { method: 'PUT', body })).ok).toBe(true);
};

describe.each([
  [
    'Table Storage',
    refuseTokens(resources.storage),
    async () => {
      await transact('rooms', [{ type: 'upsert', row }]);
      return readRow('rooms', row.partitionKey, row.rowKey);
    },
  ],
  [
    'Service Bus',
    refuseTokens(resources.serviceBus),
    () => send(rejectedQueue, { body: 'x', messageId: 'spread' }),
  ],
  ['Web PubSub', refuseRest, () => hubClient().getClientAccessToken({ userId: 'ida' })],
])('while %s does not know the role yet', (_name, refuse, call) => {
  test('a call is an outage for the caller, who is to come again', async () => {
    await refuse(Infinity);
    const problem = await call().then(
      () => undefined,
      (error: unknown) => toProblemError(error),
    );
    await refuse(0);
    expect(problem?.code).toBe('unavailable');
    expect(problem?.more.retryAfterSeconds).toBeGreaterThan(0);
  });

  test('a call is tried again, and succeeds once it does', async () => {
    await refuse(2);
    await call();
    await refuse(0);
  });
});
