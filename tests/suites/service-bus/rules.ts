/** Rules: which messages a subscription gets, what is changed in them, and how a client changes the rules. */
import type { CorrelationRuleFilter, ServiceBusMessage, ServiceBusRuleManager } from '@azure/service-bus';
import { beforeEach, expect, it } from 'vitest';
import { emptySubscription, peekAll, receiveAll, type Bus } from './entity.ts';

const topic = 'ruled';

export function rulesSuite(bus: Bus): void {
  let manager: ServiceBusRuleManager;

  beforeEach(async () => {
    manager = bus().createRuleManager(topic, 'free');
    for (const { name } of await listed()) await manager.deleteRule(name);
    for (const each of ['free', 'sql', 'correlation']) await emptySubscription(bus(), topic, each);
  });

  const listed = async () => {
    const rules = [];
    // Where there are none, the SDK tells of one that is undefined.
    for await (const rule of manager.listRules()) if (rule) rules.push(rule);
    return rules;
  };

  const send = (...messages: ServiceBusMessage[]) => bus().createSender(topic).sendMessages(messages);
  /** What came, by then: the last message passes every rule that is tested. */
  const bodies = async (subscription: string) =>
    (await peekAll(bus().createReceiver(topic, subscription))).map(({ body }) => body as unknown);

  it('are those of the configuration, in SQL and by correlation', async () => {
    await send(
      { body: 'blue', applicationProperties: { color: 'blue' } },
      { body: 'red', applicationProperties: { color: 'red' }, subject: 'paint' },
      { body: 'paint', applicationProperties: { size: 1 }, subject: 'paint' },
    );
    expect(await bodies('sql')).toEqual(['blue']);
    expect(await bodies('correlation')).toEqual(['paint']);
    const [message] = await receiveAll(bus().createReceiver(topic, 'sql'), 1);
    expect(message).toMatchObject({
      subject: 'painted',
      applicationProperties: { shade: 'blueish', RuleName: 'blue' },
    });
    expect(message!.applicationProperties).not.toHaveProperty('color');
  });

  it('let nothing pass where there are none', async () => {
    await send({ body: 'lost' });
    expect(await bodies('free')).toEqual([]);
  });

  it('are added, listed and removed', async () => {
    const correlation: CorrelationRuleFilter = { subject: 'a', applicationProperties: { n: 5, yes: true } };
    await manager.createRule('sql', { sqlExpression: "sys.Label = 'x'" }, { sqlExpression: 'SET n = 1' });
    await manager.createRule('correlation', correlation);
    expect(await listed()).toMatchObject([
      {
        name: 'sql',
        filter: { sqlExpression: "sys.Label = 'x'" },
        action: { sqlExpression: 'SET n = 1' },
      },
      { name: 'correlation', filter: correlation, action: {} },
    ]);
    await expect(manager.createRule('sql', { sqlExpression: '1=1' })).rejects.toMatchObject({
      code: 'MessagingEntityAlreadyExists',
    });
    await manager.deleteRule('sql');
    await expect(manager.deleteRule('sql')).rejects.toMatchObject({ code: 'MessagingEntityNotFound' });
    await expect(manager.createRule('wrong', { sqlExpression: 'a = ' })).rejects.toThrow(/wanted/);
  });

  it('act on what is sent after they were added', async () => {
    await manager.createRule('large', { sqlExpression: "size > 5 AND sys.Label LIKE 'box%'" });
    await send(
      { body: 'small', subject: 'box', applicationProperties: { size: 1 } },
      { body: 'large', subject: 'boxes', applicationProperties: { size: 6 } },
    );
    expect(await bodies('free')).toEqual(['large']);
    await manager.deleteRule('large');
    await send({ body: 'late', subject: 'boxes', applicationProperties: { size: 6 } });
    expect(await bodies('free')).toEqual(['large']);
  });

  it('make one copy together, and one more each where they have an action', async () => {
    await manager.createRule('any', { sqlExpression: '1=1' });
    await manager.createRule('also', { messageId: 'm' });
    await manager.createRule('first', { messageId: 'm' }, { sqlExpression: "SET who = 'first'" });
    await manager.createRule('second', { messageId: 'm' }, { sqlExpression: "SET sys.To = 'second'" });
    await send({ body: 'x', messageId: 'm' });
    const copies = await peekAll(bus().createReceiver(topic, 'free'));
    expect(copies.map(({ to, applicationProperties: own }) => [own?.['RuleName'], own?.['who'], to])).toEqual(
      [
        [undefined, undefined, undefined],
        ['first', 'first', undefined],
        ['second', undefined, 'second'],
      ],
    );
  });
}
