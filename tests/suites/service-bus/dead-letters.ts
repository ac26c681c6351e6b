/** Dead letters: how a message becomes one, and that it says why. */
import { beforeEach, expect, it } from 'vitest';
import { emptyQueue, peekAll, receiveOne, type Bus } from './entity.ts';

const queue = 'dead-letters';
const maxDeliveryCount = 2;

export function deadLettersSuite(bus: Bus): void {
  beforeEach(() => emptyQueue(bus(), queue));

  const live = () => bus().createReceiver(queue);
  const dead = () => bus().createReceiver(queue, { subQueueType: 'deadLetter' });

  it('moves a message with the reason that its receiver gives, and all that it had', async () => {
    await bus()
      .createSender(queue)
      .sendMessages({ body: { n: 1 }, messageId: 'dead-1', applicationProperties: { room: 'r' } });
    const receiver = live();
    const message = await receiveOne(receiver);
    await receiver.deadLetterMessage(message, {
      deadLetterReason: 'malformed',
      deadLetterErrorDescription: 'no room id',
      seen: 3,
    });
    expect(await peekAll(receiver)).toEqual([]);

    const graveyard = dead();
    const letter = await receiveOne(graveyard);
    expect(letter).toMatchObject({
      body: { n: 1 },
      messageId: 'dead-1',
      deadLetterReason: 'malformed',
      deadLetterErrorDescription: 'no room id',
    });
    expect(letter.applicationProperties).toMatchObject({ room: 'r', seen: 3 });
    await graveyard.completeMessage(letter);
    expect(await peekAll(graveyard)).toEqual([]);
  });

  it('moves a message without a reason, if none is given', async () => {
    await bus().createSender(queue).sendMessages({ body: 1 });
    const receiver = live();
    await receiver.deadLetterMessage(await receiveOne(receiver));
    const graveyard = dead();
    const letter = await receiveOne(graveyard);
    expect(letter.deadLetterReason ?? undefined).toBeUndefined();
    await graveyard.completeMessage(letter);
  });

  it('moves a message after its last attempt', async () => {
    await bus().createSender(queue).sendMessages({ body: 'hopeless' });
    const receiver = live();
    for (let attempt = 0; attempt < maxDeliveryCount; attempt += 1) {
      const message = await receiveOne(receiver);
      expect(message.deliveryCount).toBe(attempt);
      await receiver.abandonMessage(message);
    }
    const graveyard = dead();
    const letter = await receiveOne(graveyard);
    expect(letter).toMatchObject({ body: 'hopeless', deadLetterReason: 'MaxDeliveryCountExceeded' });
    expect(letter.deadLetterErrorDescription).toContain(String(maxDeliveryCount));
    await graveyard.completeMessage(letter);
    expect(await peekAll(receiver)).toEqual([]);
  });

  it('keeps a dead letter however often it is abandoned', async () => {
    await bus().createSender(queue).sendMessages({ body: 1 });
    const receiver = live();
    await receiver.deadLetterMessage(await receiveOne(receiver));
    const graveyard = dead();
    for (let attempt = 0; attempt <= maxDeliveryCount; attempt += 1) {
      await graveyard.abandonMessage(await receiveOne(graveyard));
    }
    await graveyard.completeMessage(await receiveOne(graveyard));
  });
}
