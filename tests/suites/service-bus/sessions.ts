/** Sessions: one receiver at a time, in order, with a state, for as long as the lock is renewed. */
import type { ServiceBusClient, ServiceBusSessionReceiver } from '@azure/service-bus';
import { beforeEach, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { peekAll, receiveAll, receiveOne, type Bus } from './entity.ts';

const queue = 'sessions';
const short = 'short-sessions';
// Else the SDK renews every lock that it was given for five minutes.
const unrenewed = { maxAutoLockRenewalDurationInMs: 0 };

export function sessionsSuite(bus: Bus): void {
  beforeEach(async () => {
    for (const each of [queue, short]) await emptySessions(bus(), each);
  });

  const send = (entity: string, sessionId: string, ...bodies: string[]) =>
    bus()
      .createSender(entity)
      .sendMessages(bodies.map((body) => ({ body, sessionId })));

  it('gives the messages of a named session, in order, and no others', async () => {
    await send(queue, 'a', 'a1', 'a2');
    await send(queue, 'b', 'b1');
    await send(queue, 'a', 'a3');
    const session = await bus().acceptSession(queue, 'a');
    expect(session.sessionId).toBe('a');
    expect(session.sessionLockedUntilUtc.getTime()).toBeGreaterThan(Date.now());
    const messages = await receiveAll(session, 3);
    expect(messages.map(({ body, sessionId }) => [body, sessionId])).toEqual([
      ['a1', 'a'],
      ['a2', 'a'],
      ['a3', 'a'],
    ]);
    for (const message of messages) await session.completeMessage(message);
    expect(await session.receiveMessages(1, { maxWaitTimeInMs: 300 })).toEqual([]);
    await session.close();
  });

  it('gives the next session that has messages and that nobody holds', async () => {
    await send(queue, 'a', 'a1');
    await send(queue, 'b', 'b1');
    const [first, second] = [await bus().acceptNextSession(queue), await bus().acceptNextSession(queue)];
    expect([first.sessionId, second.sessionId].toSorted()).toEqual(['a', 'b']);
    for (const session of [first, second]) {
      const message = await receiveOne(session);
      expect(message.body).toBe(`${session.sessionId}1`);
      await session.completeMessage(message);
      await session.close();
    }
  });

  it('keeps who asks for the next session waiting until there is one', async () => {
    const next = bus().acceptNextSession(queue);
    const early = await Promise.race([next, peekAll(bus().createReceiver(queue, {}))]);
    expect(early).toEqual([]);
    await send(queue, 'late', 'at last');
    const session = await next;
    expect(session.sessionId).toBe('late');
    expect((await receiveOne(session)).body).toBe('at last');
    await session.close();
  });

  it('lets nobody else have a session that is held, until it is closed', async () => {
    const holder = await bus().acceptSession(queue, 'held');
    await expect(bus().acceptSession(queue, 'held')).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
    await holder.close();
    await (await bus().acceptSession(queue, 'held')).close();
  });

  it('gives back what was not settled when it is closed, as if it had not been tried', async () => {
    await send(queue, 'a', 'a1', 'a2');
    const first = await bus().acceptSession(queue, 'a');
    await receiveAll(first, 2);
    await first.close();
    const second = await bus().acceptSession(queue, 'a');
    const messages = await receiveAll(second, 2);
    expect(messages.map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([
      ['a1', 0],
      ['a2', 0],
    ]);
    for (const message of messages) await second.completeMessage(message);
    await second.close();
  });

  it('gives an abandoned message again before those after it', async () => {
    await send(queue, 'a', 'a1', 'a2');
    const session = await bus().acceptSession(queue, 'a');
    await session.abandonMessage(await receiveOne(session));
    const messages = await receiveAll(session, 2);
    expect(messages.map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([
      ['a1', 1],
      ['a2', 0],
    ]);
    for (const message of messages) await session.completeMessage(message);
    await session.close();
  });

  it('keeps a state for a session, that has no messages too, until it is cleared', async () => {
    const first = await bus().acceptSession(queue, 'stateful');
    await first.setSessionState(null);
    expect(await first.getSessionState()).toBeNull();
    await first.setSessionState({ step: 3 });
    await first.close();
    const second = await bus().acceptSession(queue, 'stateful');
    expect(await second.getSessionState()).toEqual({ step: 3 });
    await second.setSessionState(null);
    expect(await second.getSessionState()).toBeNull();
    await second.close();
  });

  it('takes the session away when its lock is over, and counts the attempts', async () => {
    await send(short, 'a', 'a1');
    const first = await bus().acceptSession(short, 'a', unrenewed);
    const lost = await receiveOne(first);
    const second = await acceptWhenFree(bus(), short, 'a');
    const again = await receiveOne(second);
    expect(again).toMatchObject({ body: 'a1', deliveryCount: 1 });
    await expect(first.completeMessage(lost)).rejects.toMatchObject({ code: 'SessionLockLost' });
    await expect(first.renewSessionLock()).rejects.toMatchObject({ code: 'SessionLockLost' });
    await expect(first.setSessionState('x')).rejects.toMatchObject({ code: 'SessionLockLost' });
    await second.completeMessage(again);
    await second.close();
    await first.close();
  });

  it('holds a session for as long as it is renewed', async () => {
    await send(short, 'a', 'a1');
    const session = await bus().acceptSession(short, 'a', unrenewed);
    const message = await receiveOne(session);
    const first = session.sessionLockedUntilUtc.getTime();
    await until(
      async () => {
        expect((await session.renewSessionLock()).getTime()).toBeGreaterThan(Date.now());
        return Date.now() > first;
      },
      { interval: 200, what: 'the end of the first lock' },
    );
    await session.completeMessage(message);
    await session.close();
    expect(await peekAll(bus().createReceiver(short))).toEqual([]);
  });

  it('shows a session its own messages alone', async () => {
    await send(queue, 'a', 'a1');
    await send(queue, 'b', 'b1');
    const session = await bus().acceptSession(queue, 'a');
    const peeked = await peekAll(session);
    expect(peeked.map((each) => each.body)).toEqual(['a1']);
    await session.close();
  });

  it('subscribes to a session', async () => {
    await send(queue, 'a', 'a1', 'a2', 'a3');
    const session = await bus().acceptSession(queue, 'a');
    const bodies: unknown[] = [];
    session.subscribe({
      processMessage: async (message) => void bodies.push(message.body),
      processError: async () => {},
    });
    await until(() => bodies.length === 3);
    expect(bodies).toEqual(['a1', 'a2', 'a3']);
    await session.close();
  });

  it('deletes what is received without locks', async () => {
    await send(queue, 'a', 'a1', 'a2');
    const session = await bus().acceptSession(queue, 'a', { receiveMode: 'receiveAndDelete' });
    expect((await receiveAll(session, 2)).map(({ body }) => body)).toEqual(['a1', 'a2']);
    await session.close();
    expect(await peekAll(bus().createReceiver(queue))).toEqual([]);
  });

  it('schedules messages of a session', async () => {
    await bus()
      .createSender(queue)
      .scheduleMessages({ body: 'soon', sessionId: 'a' }, new Date(Date.now() + 300));
    const session = await bus().acceptNextSession(queue);
    expect(session.sessionId).toBe('a');
    expect((await receiveOne(session)).body).toBe('soon');
    await session.close();
  });

  it('has dead letters without sessions', async () => {
    await send(queue, 'a', 'a1');
    const session = await bus().acceptSession(queue, 'a');
    await session.deadLetterMessage(await receiveOne(session), {
      deadLetterReason: 'no',
      deadLetterErrorDescription: 'because',
    });
    await session.close();
    const dead = bus().createReceiver(queue, { subQueueType: 'deadLetter' });
    const letter = await receiveOne(dead);
    expect(letter).toMatchObject({ sessionId: 'a', deadLetterReason: 'no' });
    await dead.completeMessage(letter);
  });

  it('has sessions in subscriptions, and dead letters of what has none', async () => {
    await emptySessions(bus(), 'talks', 'each');
    const sender = bus().createSender('talks');
    await sender.sendMessages([{ body: 'lost' }, { body: 'talk', sessionId: 'a' }]);
    const session = await bus().acceptNextSession('talks', 'each');
    expect(session.sessionId).toBe('a');
    await session.completeMessage(await receiveOne(session));
    await session.close();
    const dead = bus().createReceiver('talks', 'each', { subQueueType: 'deadLetter' });
    const letter = await receiveOne(dead);
    expect(letter).toMatchObject({ body: 'lost', deadLetterReason: 'Session ID is null.' });
    await dead.completeMessage(letter);
  });

  it('refuses what does not fit: a message without a session, a receiver of the wrong kind', async () => {
    await expect(bus().createSender(queue).sendMessages({ body: 'x' })).rejects.toThrow(/SessionId/);
    const plain = bus().createReceiver(queue);
    await expect(plain.receiveMessages(1, { maxWaitTimeInMs: 500 })).rejects.toThrow(/sessions/);
    await expect(bus().acceptSession('receiving', 'a')).rejects.toThrow(/session/);
  });
}

/** Accepts a session as soon as whoever holds it has lost it. */
function acceptWhenFree(
  client: ServiceBusClient,
  entity: string,
  id: string,
): Promise<ServiceBusSessionReceiver> {
  return until(async () => client.acceptSession(entity, id, unrenewed).catch(() => undefined), {
    interval: 100,
    what: 'the session to be free',
  });
}

/** Removes what earlier tests or runs left. */
async function emptySessions(client: ServiceBusClient, entity: string, subscription?: string): Promise<void> {
  const receiver = (options: object) =>
    subscription === undefined
      ? client.createReceiver(entity, options)
      : client.createReceiver(entity, subscription, options);
  const ids = new Set((await peekAll(receiver({}))).map(({ sessionId }) => sessionId!));
  for (const id of ids) {
    const options = { receiveMode: 'receiveAndDelete' } as const;
    const session =
      subscription === undefined
        ? await client.acceptSession(entity, id, options)
        : await client.acceptSession(entity, subscription, id, options);
    const { length } = await peekAll(session);
    if (length > 0) await session.receiveMessages(length, { maxWaitTimeInMs: 500 });
    await session.close();
  }
  const dead = receiver({ receiveMode: 'receiveAndDelete', subQueueType: 'deadLetter' });
  const letters = (await peekAll(dead)).length;
  if (letters > 0) await dead.receiveMessages(letters, { maxWaitTimeInMs: 500 });
  await dead.close();
}
