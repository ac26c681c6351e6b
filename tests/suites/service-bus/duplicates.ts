/** Duplicate detection: a repeat is accepted and dropped, for as long as its id is remembered. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { emptyQueue, emptySubscription, peekAll, receiveOne, type Bus } from './entity.ts';

const queue = 'unique';
const topic = 'unique-news';
const subscription = 'morning';

export function duplicatesSuite(bus: Bus): void {
  beforeEach(async () => {
    await emptyQueue(bus(), queue);
    await emptySubscription(bus(), topic, subscription);
  });

  const received = () => peekAll(bus().createReceiver(topic, subscription));

  it('drops a repeat, and says nothing about it', async () => {
    const sender = bus().createSender(topic);
    const messageId = randomUUID();
    await sender.sendMessages({ body: 'first', messageId });
    await sender.sendMessages({ body: 'repeat', messageId });
    await sender.sendMessages({ body: 'other', messageId: randomUUID() });
    expect((await received()).map((each) => each.body as string)).toEqual(['first', 'other']);
  });

  it('drops a repeat within a batch, and keeps the rest of it', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    await bus()
      .createSender(topic)
      .sendMessages([
        { body: 1, messageId: a },
        { body: 2, messageId: a },
        { body: 3, messageId: b },
      ]);
    expect((await received()).map((each) => each.body as number)).toEqual([1, 3]);
  });

  it('drops a repeat of what was received and completed already', async () => {
    const sender = bus().createSender(topic);
    const messageId = randomUUID();
    await sender.sendMessages({ body: 1, messageId });
    const receiver = bus().createReceiver(topic, subscription);
    await receiver.completeMessage(await receiveOne(receiver));
    await sender.sendMessages({ body: 1, messageId });
    expect(await received()).toEqual([]);
  });

  it('keeps every message without an id', async () => {
    const sender = bus().createSender(topic);
    await sender.sendMessages([{ body: 1 }, { body: 1 }]);
    await sender.sendMessages({ body: 1 });
    expect(await received()).toHaveLength(3);
  });

  it('counts a scheduled message from when it was sent', async () => {
    const sender = bus().createSender(topic);
    const messageId = randomUUID();
    const [number] = await sender.scheduleMessages(
      { body: 'later', messageId },
      new Date(Date.now() + 3_600_000),
    );
    await sender.sendMessages({ body: 'now', messageId });
    expect(await received()).toEqual([]);
    await sender.cancelScheduledMessages(number!);
  });

  it('forgets an id after the window', async () => {
    const sender = bus().createSender(queue);
    const messageId = randomUUID();
    const there = async () => (await peekAll(bus().createReceiver(queue))).length;
    await sender.sendMessages({ body: 1, messageId });
    await sender.sendMessages({ body: 1, messageId });
    expect(await there()).toBe(1);
    await until(
      async () => {
        await sender.sendMessages({ body: 2, messageId });
        return (await there()) === 2;
      },
      { interval: 200, what: 'a message that is taken for a new one' },
    );
  });
}
