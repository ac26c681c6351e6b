/** Messages that nobody took in time. */
import { beforeEach, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { emptyQueue, peekAll, receiveOne, type Bus } from './entity.ts';

export function expirySuite(bus: Bus): void {
  beforeEach(async () => {
    await emptyQueue(bus(), 'expiring');
    await emptyQueue(bus(), 'vanishing');
  });

  it('makes a message that expires a dead letter, where the queue asks for it', async () => {
    await bus()
      .createSender('expiring')
      .sendMessages([
        { body: 'short', timeToLive: 300 },
        { body: 'long', timeToLive: 60_000 },
      ]);
    const dead = bus().createReceiver('expiring', { subQueueType: 'deadLetter' });
    const letter = await receiveOne(dead);
    expect(letter).toMatchObject({ body: 'short', deadLetterReason: 'TTLExpiredException' });
    await dead.completeMessage(letter);
    const left = await peekAll(bus().createReceiver('expiring'));
    expect(left.map((each) => each.body as string)).toEqual(['long']);
  });

  it('forgets a message that expires, where the queue does not', async () => {
    await bus().createSender('vanishing').sendMessages({ body: 1, timeToLive: 300 });
    const left = () => peekAll(bus().createReceiver('vanishing'));
    await until(async () => (await left()).length === 0, { what: 'the message to vanish' });
    const dead = bus().createReceiver('vanishing', { subQueueType: 'deadLetter' });
    expect(await peekAll(dead)).toEqual([]);
  });

  it('lets a locked message live until it is settled', async () => {
    await bus().createSender('expiring').sendMessages({ body: 'held', timeToLive: 400 });
    const receiver = bus().createReceiver('expiring');
    const held = await receiveOne(receiver);
    await until(() => Date.now() > held.expiresAtUtc!.getTime(), { what: 'its time to be over' });
    await receiver.completeMessage(held);
    const dead = bus().createReceiver('expiring', { subQueueType: 'deadLetter' });
    expect(await peekAll(dead)).toEqual([]);
  });

  it('makes it a dead letter when it is given back too late', async () => {
    await bus().createSender('expiring').sendMessages({ body: 'late', timeToLive: 400 });
    const receiver = bus().createReceiver('expiring');
    const held = await receiveOne(receiver);
    await until(() => Date.now() > held.expiresAtUtc!.getTime(), { what: 'its time to be over' });
    await receiver.abandonMessage(held);
    const dead = bus().createReceiver('expiring', { subQueueType: 'deadLetter' });
    const letter = await receiveOne(dead);
    expect(letter).toMatchObject({ body: 'late', deadLetterReason: 'TTLExpiredException' });
    await dead.completeMessage(letter);
  });
}
