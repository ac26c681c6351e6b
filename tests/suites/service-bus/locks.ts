/** Peek-locks: how long one holds, and what its loss means. */
import { beforeEach, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { emptyQueue, peekAll, receiveOne, type Bus } from './entity.ts';

const queue = 'locks';
// Else the SDK renews every lock that it was given for five minutes.
const unrenewed = { maxAutoLockRenewalDurationInMs: 0 };

export function locksSuite(bus: Bus): void {
  beforeEach(async () => {
    await emptyQueue(bus(), queue);
    await bus().createSender(queue).sendMessages({ body: 'locked' });
  });

  it('delivers a message again when its lock is over, and refuses what the old lock settles', async () => {
    const receiver = bus().createReceiver(queue, unrenewed);
    const lost = await receiveOne(receiver);
    const again = await receiveOne(receiver);
    expect(again).toMatchObject({ body: 'locked', deliveryCount: 1 });
    expect(again.enqueuedTimeUtc).toEqual(lost.enqueuedTimeUtc);
    await expect(receiver.completeMessage(lost)).rejects.toMatchObject({ code: 'MessageLockLost' });
    await receiver.completeMessage(again);
  });

  it('holds a lock for as long as it is renewed', async () => {
    const receiver = bus().createReceiver(queue, unrenewed);
    const message = await receiveOne(receiver);
    const first = message.lockedUntilUtc!;
    await until(
      async () => {
        const renewed = await receiver.renewMessageLock(message);
        expect(renewed.getTime()).toBeGreaterThan(Date.now());
        return Date.now() > first.getTime();
      },
      { interval: 200, what: 'the end of the first lock' },
    );
    await receiver.completeMessage(message);
    expect(await peekAll(receiver)).toEqual([]);
  });

  it('does not renew a lock that is lost', async () => {
    const receiver = bus().createReceiver(queue, unrenewed);
    const lost = await receiveOne(receiver);
    const again = await receiveOne(receiver);
    await expect(receiver.renewMessageLock(lost)).rejects.toMatchObject({ code: 'MessageLockLost' });
    await receiver.completeMessage(again);
  });

  it('keeps a message locked when its receiver goes, until the lock is over', async () => {
    const first = bus().createReceiver(queue, unrenewed);
    const held = await receiveOne(first);
    await first.close();
    const second = bus().createReceiver(queue);
    const again = await receiveOne(second);
    expect(again.deliveryCount).toBe(1);
    expect(again.lockedUntilUtc!.getTime()).toBeGreaterThan(held.lockedUntilUtc!.getTime());
    await second.completeMessage(again);
  });

  it('renews the locks of a subscriber that is slow', async () => {
    const deliveries: number[] = [];
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let lockedUntil = Infinity;
    const subscription = bus()
      .createReceiver(queue)
      .subscribe({
        processMessage: async (message) => {
          deliveries.push(message.deliveryCount!);
          lockedUntil = Math.min(lockedUntil, message.lockedUntilUtc!.getTime());
          await finished;
        },
        processError: async () => {},
      });
    await until(() => Date.now() > lockedUntil + 300, { what: 'the end of the first lock' });
    finish();
    const left = () => peekAll(bus().createReceiver(queue));
    await until(async () => (await left()).length === 0, { what: 'the completion' });
    expect(deliveries).toEqual([0]);
    await subscription.close();
  });
}
