/** `GET /status`: what the status page shows of the namespace, counted while the official SDK uses it. */
import { ServiceBusClient } from '@azure/service-bus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceBusStatus } from '../../../local/status/page/service-bus.ts';
import { receiveOne } from '../../suites/service-bus/entity.ts';
import { until } from '../../support/until.ts';
import { emulatorConfig, NamespaceProcess } from './namespace-process.ts';
import { RawClient } from './raw-client.ts';

const config = emulatorConfig({
  Queues: [{ Name: 'Work', Properties: { LockDuration: 'PT5M' } }, { Name: 'idle' }],
  Topics: [{ Name: 'news', Subscriptions: [{ Name: 'morning' }, { Name: 'evening' }] }],
});
const nothing = { active: 0, locked: 0, scheduled: 0, deferred: 0, deadLettered: 0 };

describe('the status of the namespace', () => {
  let bus: NamespaceProcess;
  let client: ServiceBusClient;

  beforeEach(async () => {
    bus = await NamespaceProcess.start(config);
    client = new ServiceBusClient(bus.connectionString);
  });
  afterEach(async () => {
    await client.close();
    await bus.remove();
  });

  const status = async () =>
    (await (await fetch(`http://127.0.0.1:${bus.adminPort}/status`)).json()) as Required<ServiceBusStatus>;

  it('names every entity as the configuration does, empty to begin with', async () => {
    expect(await status()).toEqual({
      queues: [
        { name: 'Work', ...nothing },
        { name: 'idle', ...nothing },
      ],
      topics: [
        {
          name: 'news',
          subscriptions: [
            { name: 'morning', ...nothing },
            { name: 'evening', ...nothing },
          ],
        },
      ],
      connections: 0,
      recent: [],
    });
  });

  it('counts what waits, is locked, is scheduled and is dead, also after a restart', async () => {
    const sender = client.createSender('work');
    await sender.sendMessages([{ body: 'dead' }, { body: 'locked' }, { body: 'waits' }]);
    await sender.scheduleMessages({ body: 'later' }, new Date(Date.now() + 3_600_000));
    await client.createSender('news').sendMessages({ body: 'new' });
    const receiver = client.createReceiver('work');
    await receiver.deadLetterMessage(await receiveOne(receiver));
    await receiveOne(receiver);
    const before = await status();
    const work = { name: 'Work', active: 2, locked: 1, scheduled: 1, deferred: 0, deadLettered: 1 };
    expect(before.queues[0]).toEqual(work);
    expect(before.topics[0]!.subscriptions.map(({ active }) => active)).toEqual([1, 1]);
    expect(before.connections).toBe(1);
    await client.close();
    await until(async () => (await status()).connections === 0, { what: 'the connection to end' });
    await bus.kill();
    await bus.startAgain();
    expect((await status()).queues[0]).toEqual({ ...work, locked: 0 });
  });

  it('tells the latest operations, newest first', async () => {
    await client.createSender('work').sendMessages({ body: 'x', messageId: 'the-id' });
    const receiver = client.createReceiver('work');
    const message = await receiveOne(receiver);
    await receiver.renewMessageLock(message);
    await receiver.completeMessage(message);
    const { recent } = await status();
    expect(recent.map(({ operation, entity, detail }) => [operation, entity, detail])).toEqual([
      ['settle', 'work', 'complete'],
      ['renew-lock', 'work', undefined],
      ['deliver', 'work', 'number 1, attempt 1: the-id'],
      ['attach', 'work', 'to receive'],
      ['send', 'work', 'the-id'],
      ['attach', 'work', 'to send'],
    ]);
    for (const { time } of recent) expect(new Date(time).toISOString()).toBe(time);
  });

  it('keeps the last 50 of them, and little of a long one', async () => {
    const sender = client.createSender('work');
    for (let n = 0; n < 60; n += 1) await sender.sendMessages({ body: '', messageId: `${n}` });
    const raw = await RawClient.connect(bus.port);
    await raw.send(await raw.sender('work'), { message_id: 'x'.repeat(10_000), body: '' });
    raw.close();
    const { recent } = await status();
    expect(recent).toHaveLength(50);
    expect(recent[0]!.detail!.length).toBeLessThan(300);
    expect(recent.slice(1).map(({ operation }) => operation)).toEqual([
      'attach',
      ...Array.from({ length: 48 }, () => 'send'),
    ]);
    expect(recent.at(-1)!.detail).toBe('12');
  });
});
