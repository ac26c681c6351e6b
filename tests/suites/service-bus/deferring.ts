/** Deferring: a message is set aside, and had by its number alone. */
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { beforeEach, expect, it } from 'vitest';
import { emptyQueue, peekAll, receiveOne, type Bus } from './entity.ts';

const queue = 'deferring';

export function deferringSuite(bus: Bus): void {
  let receiver: ServiceBusReceiver;
  beforeEach(async () => {
    await emptyQueue(bus(), queue);
    receiver = bus().createReceiver(queue);
    await emptyDeferred(receiver);
    await bus()
      .createSender(queue)
      .sendMessages([{ body: 'aside' }, { body: 'next' }]);
  });

  const deferred = async (): Promise<ServiceBusReceivedMessage> => {
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message, { why: 'later' });
    return message;
  };
  const fetch = async ({ sequenceNumber }: ServiceBusReceivedMessage) =>
    (await receiver.receiveDeferredMessages(sequenceNumber!))[0]!;

  it('sets a message aside, which is seen and had by its number, with what was changed', async () => {
    const message = await deferred();
    const next = await receiveOne(receiver);
    expect(next.body).toBe('next');
    await receiver.completeMessage(next);
    expect((await peekAll(receiver)).map(({ body, state }) => [body, state])).toEqual([
      ['aside', 'deferred'],
    ]);
    const again = await fetch(message);
    expect(again).toMatchObject({
      body: 'aside',
      state: 'deferred',
      deliveryCount: 1,
      applicationProperties: { why: 'later' },
    });
    await receiver.completeMessage(again);
    expect(await peekAll(receiver)).toEqual([]);
  });

  it('stays deferred when it is abandoned or deferred again', async () => {
    const message = await deferred();
    await receiver.abandonMessage(await fetch(message));
    await receiver.deferMessage(await fetch(message));
    const last = await fetch(message);
    expect(last).toMatchObject({ state: 'deferred', deliveryCount: 3 });
    await receiver.completeMessage(last);
  });

  it('becomes a dead letter on request, and after its last attempt', async () => {
    const message = await deferred();
    await receiver.deadLetterMessage(await fetch(message), {
      deadLetterReason: 'no',
      deadLetterErrorDescription: 'because',
    });
    const dead = bus().createReceiver(queue, { subQueueType: 'deadLetter' });
    const letter = await receiveOne(dead);
    expect(letter).toMatchObject({ body: 'aside', deadLetterReason: 'no', state: 'active' });
    await dead.completeMessage(letter);
    const other = await deferred();
    for (let attempt = 2; attempt <= 4; attempt += 1) await receiver.abandonMessage(await fetch(other));
    expect((await receiveOne(dead)).deadLetterReason).toBe('MaxDeliveryCountExceeded');
  });

  it('is renewed like any other lock', async () => {
    const again = await fetch(await deferred());
    expect((await receiver.renewMessageLock(again)).getTime()).toBeGreaterThan(Date.now());
    await receiver.completeMessage(again);
  });

  it('is deleted by a receiver without locks', async () => {
    const { sequenceNumber } = await deferred();
    const taker = bus().createReceiver(queue, { receiveMode: 'receiveAndDelete' });
    expect((await taker.receiveDeferredMessages(sequenceNumber!)).map(({ body }) => body)).toEqual(['aside']);
    await expect(taker.receiveDeferredMessages(sequenceNumber!)).rejects.toMatchObject({
      code: 'MessageNotFound',
    });
  });

  it('refuses a number that is not deferred, and gives none of the others then', async () => {
    const message = await deferred();
    const { sequenceNumber } = await receiveOne(receiver);
    const both = [message.sequenceNumber!, sequenceNumber!];
    await expect(receiver.receiveDeferredMessages(both)).rejects.toMatchObject({ code: 'MessageNotFound' });
    await receiver.completeMessage(await fetch(message));
  });

  it('is of its session', async () => {
    const sender = bus().createSender('sessions');
    await sender.sendMessages({ body: 'aside', sessionId: 'deferring' });
    const session = await bus().acceptSession('sessions', 'deferring');
    const message = await receiveOne(session);
    await session.deferMessage(message);
    const other = await bus().acceptSession('sessions', 'another');
    await expect(other.receiveDeferredMessages(message.sequenceNumber!)).rejects.toMatchObject({
      code: 'MessageNotFound',
    });
    await other.close();
    const [again] = await session.receiveDeferredMessages(message.sequenceNumber!);
    expect(again).toMatchObject({ body: 'aside', sessionId: 'deferring', state: 'deferred' });
    await session.completeMessage(again!);
    await session.close();
  });
}

async function emptyDeferred(receiver: ServiceBusReceiver): Promise<void> {
  const left = (await peekAll(receiver)).filter(({ state }) => state === 'deferred');
  for (const { sequenceNumber } of left) {
    const [message] = await receiver.receiveDeferredMessages(sequenceNumber!);
    await receiver.completeMessage(message!);
  }
}
