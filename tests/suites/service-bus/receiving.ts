/** Receiving and settling, under a lock and without. */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { beforeEach, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { emptyQueue, peekAll, receiveAll, receiveOne, type Bus } from './entity.ts';

const queue = 'receiving';
// More than fit into the window in which the AMQP library counts unsettled deliveries.
const moreThanAWindow = 2_300;

export function receivingSuite(bus: Bus): void {
  beforeEach(() => emptyQueue(bus(), queue));

  const send = (...bodies: unknown[]) =>
    bus()
      .createSender(queue)
      .sendMessages(bodies.map((body) => ({ body })));
  const left = async () => (await peekAll(bus().createReceiver(queue))).map((each) => each.body as unknown);

  it('removes a message that is completed', async () => {
    await send('done');
    const receiver = bus().createReceiver(queue);
    await receiver.completeMessage(await receiveOne(receiver));
    expect(await left()).toEqual([]);
  });

  it('delivers an abandoned message again, before later ones, and counts the attempt', async () => {
    await send('first', 'second');
    const receiver = bus().createReceiver(queue);
    const first = await receiveOne(receiver);
    expect(first).toMatchObject({ body: 'first', deliveryCount: 0 });
    await receiver.abandonMessage(first);
    const again = await receiveOne(receiver);
    expect(again).toMatchObject({ body: 'first', deliveryCount: 1 });
    expect(again.sequenceNumber!.toNumber()).toBe(first.sequenceNumber!.toNumber());
    expect(again.lockToken).not.toBe(first.lockToken);
    await receiver.completeMessage(again);
    await receiver.completeMessage(await receiveOne(receiver));
    expect(await left()).toEqual([]);
  });

  it('changes properties on the way when a message is abandoned', async () => {
    await bus()
      .createSender(queue)
      .sendMessages({ body: 1, applicationProperties: { kept: 'yes', tries: 1 } });
    const receiver = bus().createReceiver(queue);
    await receiver.abandonMessage(await receiveOne(receiver), { tries: 2, why: 'busy' });
    const again = await receiveOne(receiver);
    expect(again.applicationProperties).toEqual({ kept: 'yes', tries: 2, why: 'busy' });
    await receiver.completeMessage(again);
  });

  it('does not deliver a message that somebody else holds', async () => {
    await send('held', 'free');
    const [one, other] = [bus().createReceiver(queue), bus().createReceiver(queue)];
    const held = await receiveOne(one);
    const free = await receiveOne(other);
    expect([held.body, free.body]).toEqual(['held', 'free']);
    expect(await other.receiveMessages(1, { maxWaitTimeInMs: 300 })).toEqual([]);
    await one.completeMessage(held);
    await other.completeMessage(free);
  });

  it('removes a message as it delivers it, where no lock is asked for', async () => {
    await send('taken');
    const receiver = bus().createReceiver(queue, { receiveMode: 'receiveAndDelete' });
    expect(await receiveOne(receiver)).toMatchObject({ body: 'taken', lockToken: undefined });
    expect(await left()).toEqual([]);
  });

  it('answers nothing after the time that a receiver wants to wait', async () => {
    const receiver = bus().createReceiver(queue);
    expect(await receiver.receiveMessages(5, { maxWaitTimeInMs: 300 })).toEqual([]);
    await send('later');
    await receiver.completeMessage(await receiveOne(receiver));
  });

  it('delivers a message as it arrives to a receiver that waits', async () => {
    const receiver = bus().createReceiver(queue);
    const waiting = receiver.receiveMessages(1, { maxWaitTimeInMs: 20_000 });
    await send('at once');
    const [message] = await waiting;
    expect(message!.body).toBe('at once');
    await receiver.completeMessage(message!);
  });

  it('hands messages to a subscriber, and again those whose handler throws', async () => {
    await send('fails once', 'works');
    const receiver = bus().createReceiver(queue);
    const handled: string[] = [];
    const subscription = receiver.subscribe({
      processMessage: async (message) => {
        handled.push(`${message.body as string} ${message.deliveryCount}`);
        if (message.body === 'fails once' && message.deliveryCount === 0) throw new Error('once');
      },
      processError: async () => {},
    });
    await until(() => handled.length === 3, { what: 'three deliveries' });
    expect(handled.toSorted()).toEqual(['fails once 0', 'fails once 1', 'works 0']);
    await until(async () => (await left()).length === 0, { what: 'both to be completed' });
    await subscription.close();
  });

  it('shares messages between subscribers, each to one of them', async () => {
    const received: ServiceBusReceivedMessage[] = [];
    const receivers = [bus().createReceiver(queue), bus().createReceiver(queue)];
    const subscriptions = receivers.map((receiver) =>
      receiver.subscribe({
        processMessage: async (message) => void received.push(message),
        processError: async () => {},
      }),
    );
    await send(...Array.from({ length: 40 }, (_, n) => n));
    await until(async () => received.length >= 40 && (await left()).length === 0, { what: '40 messages' });
    expect(received.map((each) => each.body as number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, n) => n),
    );
    for (const subscription of subscriptions) await subscription.close();
  });

  it('goes on over any number of messages on one link', async () => {
    const sender = bus().createSender(queue);
    for (let sent = 0; sent < moreThanAWindow; sent += 460) {
      await sender.sendMessages(Array.from({ length: 460 }, (_, n) => ({ body: sent + n })));
    }
    let handled = 0;
    const subscription = bus()
      .createReceiver(queue)
      .subscribe(
        {
          processMessage: async () => {
            handled += 1;
          },
          processError: async () => {},
        },
        { maxConcurrentCalls: 200 },
      );
    await until(() => handled === moreThanAWindow, { what: 'all messages' });
    await until(async () => (await left()).length === 0, { what: 'all to be completed' });
    await subscription.close();
  });

  it('settles many messages that were received together, in any order', async () => {
    await send(...Array.from({ length: 100 }, (_, n) => n));
    const receiver = bus().createReceiver(queue);
    const received = await receiveAll(receiver, 100);
    await Promise.all(received.toReversed().map((each) => receiver.completeMessage(each)));
    expect(await left()).toEqual([]);
  });
}
