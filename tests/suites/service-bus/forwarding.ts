/** Forwarding: from a queue or a subscription to another entity, of dead letters too, and not for ever. */
import { beforeEach, expect, it } from 'vitest';
import { emptyQueue, receiveOne, type Bus } from './entity.ts';

const transfer = { subQueueType: 'transferDeadLetter' } as const;

export function forwardingSuite(bus: Bus): void {
  beforeEach(async () => {
    for (const each of ['chain-6', 'failing', 'failures']) await emptyQueue(bus(), each);
  });

  it('takes a message on over four entities', async () => {
    await bus()
      .createSender('chain-2')
      .sendMessages({ body: 'far', messageId: 'm', applicationProperties: { kept: true } });
    const end = bus().createReceiver('chain-6');
    const message = await receiveOne(end);
    expect(message).toMatchObject({ body: 'far', messageId: 'm', applicationProperties: { kept: true } });
    await end.completeMessage(message);
  });

  it('takes it no further, but to the dead letters of the transfer', async () => {
    await bus().createSender('chain-1').sendMessages({ body: 'too far' });
    const dead = bus().createReceiver('chain-5', transfer);
    const message = await receiveOne(dead);
    expect(message).toMatchObject({ body: 'too far', deadLetterReason: 'MaxTransferHopCountExceeded' });
    await dead.completeMessage(message);
  });

  it('takes on what a subscription gets, and what is scheduled when its time has come', async () => {
    const end = bus().createReceiver('chain-6');
    await bus()
      .createSender('relayed')
      .scheduleMessages({ body: 'relayed' }, new Date(Date.now() + 300));
    const message = await receiveOne(end);
    expect(message.body).toBe('relayed');
    await end.completeMessage(message);
  });

  it('takes dead letters on, and says whose they were', async () => {
    await bus().createSender('failing').sendMessages({ body: 'bad' });
    const receiver = bus().createReceiver('failing');
    await receiver.deadLetterMessage(await receiveOne(receiver), {
      deadLetterReason: 'no',
      deadLetterErrorDescription: 'because',
    });
    const failures = bus().createReceiver('failures');
    const message = await receiveOne(failures);
    expect(message).toMatchObject({
      body: 'bad',
      deadLetterReason: 'no',
      deadLetterSource: 'failing',
      deliveryCount: 0,
    });
    await failures.completeMessage(message);
  });

  it('lets nobody receive from an entity that forwards', async () => {
    const receiver = bus().createReceiver('chain-1');
    await expect(receiver.receiveMessages(1, { maxWaitTimeInMs: 500 })).rejects.toThrow(/forwarding/);
  });
}
