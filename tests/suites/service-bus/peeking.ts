/** Peeking: looking at messages without taking them. */
import { beforeEach, expect, it } from 'vitest';
import { emptyQueue, peekAll, receiveAll, receiveOne, type Bus } from './entity.ts';

const queue = 'peeking';

export function peekingSuite(bus: Bus): void {
  beforeEach(() => emptyQueue(bus(), queue));

  const bodies = (messages: { body?: unknown }[]) => messages.map((each) => each.body);

  it('shows messages in order, and goes on where it stopped', async () => {
    await bus()
      .createSender(queue)
      .sendMessages(['a', 'b', 'c', 'd', 'e'].map((body) => ({ body })));
    const receiver = bus().createReceiver(queue);
    expect(bodies(await receiver.peekMessages(2))).toEqual(['a', 'b']);
    const next = await receiver.peekMessages(2);
    expect(bodies(next)).toEqual(['c', 'd']);
    const from = { fromSequenceNumber: next[0]!.sequenceNumber! };
    expect(bodies(await receiver.peekMessages(10, from))).toEqual(['c', 'd', 'e']);
  });

  it('takes nothing away and locks nothing', async () => {
    await bus().createSender(queue).sendMessages({ body: 'there' });
    const receiver = bus().createReceiver(queue);
    const [peeked] = await peekAll(receiver);
    expect(peeked!.lockToken).toBeUndefined();
    const received = await receiveOne(receiver);
    expect(received).toMatchObject({ body: 'there', deliveryCount: 0 });
    await receiver.completeMessage(received);
  });

  it('shows messages that somebody holds', async () => {
    await bus()
      .createSender(queue)
      .sendMessages([{ body: 'held' }, { body: 'free' }]);
    const receiver = bus().createReceiver(queue);
    const held = await receiveOne(receiver);
    expect(bodies(await peekAll(bus().createReceiver(queue)))).toEqual(['held', 'free']);
    await receiver.completeMessage(held);
  });

  it('shows dead letters', async () => {
    await bus()
      .createSender(queue)
      .sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = bus().createReceiver(queue);
    for (const message of await receiveAll(receiver, 2)) await receiver.deadLetterMessage(message);
    const dead = bus().createReceiver(queue, { subQueueType: 'deadLetter' });
    expect(bodies(await peekAll(dead))).toEqual([1, 2]);
  });

  it('answers nothing where nothing is', async () => {
    expect(await peekAll(bus().createReceiver(queue))).toEqual([]);
  });
}
