/**
 * The router behind a real trigger: the built bundle in the Functions host, so that what the host makes of bodies and
 * properties is part of the test.
 */
import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../contract/identity.ts';
import type { History } from '../../../contract/messages.ts';
import type { Room } from '../../../contract/rooms.ts';
import { rejectedQueue, topic } from '../../../contract/names.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { startStack, type TestStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';

let stack: TestStack;
let bus: ServiceBusClient;
let session: Session;
beforeAll(async () => {
  stack = await startStack();
  bus = new ServiceBusClient(
    `Endpoint=sb://localhost:${stack.stack.ports.amqp};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`,
  );
  session = await request<Session>('POST', '/session', { name: 'Alice' });
});
afterAll(async () => {
  await bus.close();
  await stack.stop();
});

async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(stack.api + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(path !== '/session' && { authorization: `Bearer ${session.token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(true);
  return (await response.json()) as T;
}

describe('the router in the Functions host', () => {
  it('[LOG] puts messages from outside among those of people', async () => {
    const room = await request<Room>('POST', '/rooms', { name: 'Builds' });
    await request('POST', '/publish', { room_id: room.id, content: 'How is build 7?' });
    const sender = bus.createSender(topic);
    const applicationProperties = { room_id: room.id };
    await sender.sendMessages([
      { body: { content: 'It is green', sender: 'ci' }, messageId: 'build-7', applicationProperties },
      // Without an id, as the least of senders does it.
      { body: { content: 'So is build 8', sender: 'ci' }, applicationProperties },
    ]);
    const messages = await until(
      async () => {
        const page = await request<History>('GET', `/rooms/${room.id}/messages`);
        return page.head === 3 ? page.messages : undefined;
      },
      { what: 'messages from outside' },
    );
    expect(messages.map(({ content, sender: from }) => [content, from])).toEqual([
      ['How is build 7?', session.user.user_id],
      ['It is green', 'service:ci'],
      ['So is build 8', 'service:ci'],
    ]);
    expect(messages[1]?.message_id).toBe('build-7');
  });

  it('[BAD] rejects the rest byte by byte as it came, with the reason', async () => {
    const bodies = ['{"content" :  "é"}', '"text"', '7', '', 'not JSON', '\u0000\u00ff'].map((text) =>
      Buffer.from(text, 'latin1'),
    );
    const sender = bus.createSender(topic);
    const room_id = newId();
    for (const body of bodies) {
      await sender.sendMessages({
        body,
        contentType: 'text/x',
        applicationProperties: { room_id, Number: 7 },
      });
    }
    const receiver = bus.createReceiver(rejectedQueue, {
      receiveMode: 'receiveAndDelete',
      skipParsingBodyAsJson: true,
    });
    const rejected: ServiceBusReceivedMessage[] = [];
    await until(
      async () => {
        rejected.push(...(await receiver.receiveMessages(10, { maxWaitTimeInMs: 500 })));
        return rejected.length === bodies.length;
      },
      { what: 'the rejected' },
    );
    const hex = (all: Buffer[]): string[] => all.map((body) => body.toString('hex')).toSorted();
    expect(hex(rejected.map(({ body }) => Buffer.from(body as Uint8Array)))).toEqual(hex(bodies));
    for (const { applicationProperties, contentType } of rejected) {
      expect(applicationProperties).toMatchObject({ reason: 'malformed', room_id, number: 7 });
      expect(contentType).toBe('text/x');
    }
  });
});
