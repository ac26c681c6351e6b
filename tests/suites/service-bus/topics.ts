/** Topics: every subscription has a copy of its own. */
import { beforeEach, expect, it } from 'vitest';
import { emptySubscription, peekAll, receiveOne, type Bus } from './entity.ts';

const topic = 'news';
const subscriptions = ['morning', 'evening'] as const;

export function topicsSuite(bus: Bus): void {
  beforeEach(async () => {
    for (const each of subscriptions) await emptySubscription(bus(), topic, each);
  });

  it('gives every subscription a copy, settled on its own', async () => {
    await bus()
      .createSender(topic)
      .sendMessages({ body: 'news', messageId: 'n1', applicationProperties: { room_id: 'r' } });
    const morning = bus().createReceiver(topic, 'morning');
    const copy = await receiveOne(morning);
    expect(copy).toMatchObject({ body: 'news', messageId: 'n1', applicationProperties: { room_id: 'r' } });
    await morning.completeMessage(copy);
    expect(await peekAll(morning)).toEqual([]);

    const evening = bus().createReceiver(topic, 'evening');
    const other = await receiveOne(evening);
    expect(other).toMatchObject({ body: 'news', deliveryCount: 0 });
    await evening.completeMessage(other);
  });

  it('has dead letters for each subscription', async () => {
    await bus().createSender(topic).sendMessages({ body: 1 });
    const morning = bus().createReceiver(topic, 'morning');
    await morning.deadLetterMessage(await receiveOne(morning), {
      deadLetterReason: 'no',
      deadLetterErrorDescription: 'because',
    });
    const dead = (name: string) => bus().createReceiver(topic, name, { subQueueType: 'deadLetter' });
    const letter = await receiveOne(dead('morning'));
    expect(letter.deadLetterReason).toBe('no');
    await dead('morning').completeMessage(letter);
    expect(await peekAll(dead('evening'))).toEqual([]);
  });

  it('schedules for every subscription, and cancels for every one', async () => {
    const sender = bus().createSender(topic);
    const [cancelled] = await sender.scheduleMessages({ body: 'never' }, new Date(Date.now() + 3_600_000));
    await sender.scheduleMessages({ body: 'soon' }, new Date(Date.now() + 500));
    await sender.cancelScheduledMessages(cancelled!);
    for (const each of subscriptions) {
      const receiver = bus().createReceiver(topic, each);
      const message = await receiveOne(receiver);
      expect(message.body).toBe('soon');
      await receiver.completeMessage(message);
      expect(await peekAll(receiver)).toEqual([]);
    }
  });

  it('tells the rule of a subscription, which lets everything pass', async () => {
    const rules = [];
    for await (const rule of bus().createRuleManager(topic, 'morning').listRules()) rules.push(rule);
    expect(rules.map((each) => each.name)).toEqual(['$Default']);
  });

  it('refuses a subscription that does not exist', async () => {
    const receiver = bus().createReceiver(topic, 'midnight');
    await expect(receiver.receiveMessages(1, { maxWaitTimeInMs: 1_000 })).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
    });
  });
}
