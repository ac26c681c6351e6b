/** Scheduled messages: not before their time, and cancellable until then. */
import { beforeEach, expect, it } from 'vitest';
import { emptyQueue, peekAll, receiveOne, type Bus } from './entity.ts';

const queue = 'scheduling';
const soon = () => new Date(Date.now() + 700);
const late = () => new Date(Date.now() + 3_600_000);

export function schedulingSuite(bus: Bus): void {
  beforeEach(() => emptyQueue(bus(), queue));

  const sender = () => bus().createSender(queue);
  const receiver = () => bus().createReceiver(queue);

  it('delivers a scheduled message when its time has come, not before', async () => {
    const time = soon();
    const [number] = await sender().scheduleMessages({ body: 'later' }, time);
    expect((await peekAll(receiver()))[0]).toMatchObject({ body: 'later', state: 'scheduled' });

    const waiting = receiver();
    const message = await receiveOne(waiting);
    expect(message).toMatchObject({ body: 'later', state: 'active' });
    expect(message.enqueuedTimeUtc!.getTime()).toBeGreaterThanOrEqual(time.getTime());
    expect(message.sequenceNumber!.toNumber()).toBeGreaterThan(number!.toNumber());
    await waiting.completeMessage(message);
  });

  it('takes the time from a property of a message that is sent', async () => {
    const scheduledEnqueueTimeUtc = soon();
    await sender().sendMessages({ body: 'later', scheduledEnqueueTimeUtc });
    const waiting = receiver();
    const message = await receiveOne(waiting);
    expect(message.scheduledEnqueueTimeUtc).toEqual(scheduledEnqueueTimeUtc);
    expect(message.enqueuedTimeUtc!.getTime()).toBeGreaterThanOrEqual(scheduledEnqueueTimeUtc.getTime());
    await waiting.completeMessage(message);
  });

  it('does not let a scheduled message wait behind others, nor others behind it', async () => {
    await sender().scheduleMessages({ body: 'later' }, late());
    await sender().sendMessages({ body: 'now' });
    const waiting = receiver();
    const message = await receiveOne(waiting);
    expect(message.body).toBe('now');
    await waiting.completeMessage(message);
    const [scheduled] = await peekAll(waiting);
    await sender().cancelScheduledMessages(scheduled!.sequenceNumber!);
  });

  it('cancels what was scheduled', async () => {
    const numbers = await sender().scheduleMessages([{ body: 1 }, { body: 2 }], late());
    expect(new Set(numbers.map(String)).size).toBe(2);
    await sender().cancelScheduledMessages(numbers);
    expect(await peekAll(receiver())).toEqual([]);
  });

  it('refuses to cancel what is not there', async () => {
    const [number] = await sender().scheduleMessages({ body: 1 }, late());
    await sender().cancelScheduledMessages(number!);
    await expect(sender().cancelScheduledMessages(number!)).rejects.toMatchObject({
      code: 'MessageNotFound',
    });
  });

  it('delivers at once what was scheduled for a time that is over', async () => {
    await sender().sendMessages({ body: 'past', scheduledEnqueueTimeUtc: new Date(Date.now() - 1_000) });
    const waiting = receiver();
    await waiting.completeMessage(await receiveOne(waiting));
  });
}
