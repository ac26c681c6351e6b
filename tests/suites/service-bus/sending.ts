/** Sending: what is accepted, and that it arrives as it was sent. */
import { beforeEach, expect, it } from 'vitest';
import { emptyQueue, peekAll, receiveAll, receiveOne, type Bus } from './entity.ts';

const queue = 'sending';

export function sendingSuite(bus: Bus): void {
  beforeEach(() => emptyQueue(bus(), queue));

  const receiver = () => bus().createReceiver(queue, { receiveMode: 'receiveAndDelete' });

  it.each([
    ['an object', { text: 'hello', list: [1, 2.5, null] }],
    ['text', 'grüß Gott 👋'],
    ['a whole number', 5],
    ['null', null],
    ['bytes', Buffer.from([0, 1, 254, 255])],
    ['nothing but an empty text', ''],
  ])('delivers %s as it was sent', async (_what, body) => {
    await bus().createSender(queue).sendMessages({ body });
    expect((await receiveOne(receiver())).body).toEqual(body);
  });

  it('keeps every property of a message', async () => {
    const sent = {
      body: 'x',
      messageId: 'm-1',
      correlationId: 'c-1',
      subject: 'a subject',
      contentType: 'text/plain',
      to: 'somebody',
      replyTo: 'me',
      partitionKey: 'p',
      timeToLive: 60_000,
      applicationProperties: { text: 'text', whole: 7, half: 0.5, yes: true },
    };
    await bus().createSender(queue).sendMessages(sent);
    expect(await receiveOne(receiver())).toMatchObject(sent);
  });

  it('gives a message without an id one', async () => {
    await bus().createSender(queue).sendMessages({ body: 1 });
    expect((await receiveOne(receiver())).messageId).toMatch(/^[0-9a-f]{32}$/i);
  });

  it('says when a message was enqueued and when it expires', async () => {
    await bus().createSender(queue).sendMessages({ body: 1, timeToLive: 60_000 });
    const { enqueuedTimeUtc, expiresAtUtc } = await receiveOne(receiver());
    expect(expiresAtUtc!.getTime() - enqueuedTimeUtc!.getTime()).toBe(60_000);
  });

  it('takes a batch and keeps its order', async () => {
    const sender = bus().createSender(queue);
    const batch = await sender.createMessageBatch();
    expect(batch.maxSizeInBytes).toBeGreaterThanOrEqual(262_144);
    for (let n = 0; n < 50; n += 1) expect(batch.tryAddMessage({ body: n })).toBe(true);
    await sender.sendMessages(batch);
    const received = await receiveAll(receiver(), 50);
    expect(received.map((each) => each.body as number)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it('numbers messages in the order of their arrival', async () => {
    const sender = bus().createSender(queue);
    for (let n = 0; n < 5; n += 1) await sender.sendMessages({ body: n });
    const received = await receiveAll(receiver(), 5);
    const numbers = received.map((each) => each.sequenceNumber!.toNumber());
    expect(numbers).toEqual(Array.from({ length: 5 }, (_, n) => numbers[0]! + n));
    expect(received.map((each) => each.body as number)).toEqual([0, 1, 2, 3, 4]);
  });

  it('accepts many messages at the same time, and loses none', async () => {
    const sender = bus().createSender(queue);
    const ids = Array.from({ length: 300 }, (_, n) => `many-${n}`);
    await Promise.all(ids.map((messageId) => sender.sendMessages({ body: 1, messageId })));
    const received = await receiveAll(receiver(), ids.length);
    expect(new Set(received.map((each) => each.messageId))).toEqual(new Set(ids));
  });

  it('refuses a message that is too large, and keeps nothing of it', async () => {
    const sender = bus().createSender(queue);
    await expect(sender.sendMessages({ body: Buffer.alloc(1_100_000) })).rejects.toMatchObject({
      code: 'MessageSizeExceeded',
    });
    expect(await peekAll(receiver())).toEqual([]);
  });

  it('refuses an entity that does not exist', async () => {
    const sender = bus().createSender('no-such-queue');
    await expect(sender.sendMessages({ body: 1 })).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
    });
  });

  it('finds an entity whatever the case of its name', async () => {
    await bus().createSender('SENDING').sendMessages({ body: 'found' });
    expect((await receiveOne(receiver())).body).toBe('found');
  });
}
