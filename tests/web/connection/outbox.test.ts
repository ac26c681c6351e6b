/** Messages on their way: one at a time, in order, as often as it takes, with one id. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import type { Message, PublishBody, Published } from '../../../contract/messages.ts';
import { Unreachable } from '../../../web/connection/http.ts';
import { Outbox } from '../../../web/connection/outbox.ts';
import { outboxStore } from '../../../web/connection/outbox-store.ts';
import { roomId } from './samples.ts';
import { alice, apiOf, refusal, sessionOf, settled, stateOf, Steered } from './steered.ts';

type Answer = 'ok' | Error;

/** An outbox whose publishes are answered as the test says, in turn; the last answer stands for all that follow. */
function outboxOf(
  answers: Answer[],
  { indexedDB, user = alice }: { indexedDB?: IDBFactory; user?: typeof alice } = {},
) {
  const time = new Steered();
  const store = stateOf({ session: { ...sessionOf('token'), user } });
  const published: PublishBody[] = [];
  let inFlight = 0;
  let most = 0;
  const api = apiOf({
    publish: async (body): Promise<Published> => {
      published.push(body);
      most = Math.max(most, (inFlight += 1));
      await settled();
      inFlight -= 1;
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return { status: 'success', room: 'Quay', message_id: body.message_id ?? '', seq: published.length };
    },
  });
  const acknowledged: Message[] = [];
  const kept = outboxStore(indexedDB);
  const outbox: Outbox = new Outbox(
    { store, api, environment: time.environment },
    { kept, onAcknowledged: (message) => acknowledged.push(message) },
  );
  const restored = outbox.restore(user.user_id);
  const waiting = () => store.getState().outbox[roomId] ?? [];
  const until = async (done: () => boolean): Promise<void> => {
    for (let turn = 0; !done(); turn += 1) {
      if (turn > 500) throw new Error('It never happens');
      if (inFlight === 0 && time.next !== undefined && turn % 5 === 4) await time.step();
      await settled();
    }
  };
  return { restored, outbox, store, time, published, acknowledged, kept, waiting, until, most: () => most };
}

const contents = (messages: { content: string }[]): string[] => messages.map(({ content }) => content);

test('a message is shown at once, and messages of one room go one after the other', async () => {
  const { outbox, waiting, acknowledged, until, most } = outboxOf(['ok']);
  for (const text of ['one', 'two', 'three']) outbox.send(roomId, text);
  expect(contents(waiting())).toEqual(['one', 'two', 'three']);
  await until(() => acknowledged.length === 3);
  expect(contents(acknowledged)).toEqual(['one', 'two', 'three']);
  expect(most()).toBe(1);
});

test.each([
  new Unreachable('cut'),
  refusal('busy'),
  refusal('not_announced'),
  refusal('unavailable'),
  refusal('internal'),
])('[ACK] %s passes: the same message is sent again with its id, before those behind it', async (failure) => {
  const { outbox, published, acknowledged, until } = outboxOf([failure, failure, 'ok']);
  outbox.send(roomId, 'one');
  outbox.send(roomId, 'two');
  await until(() => acknowledged.length === 2);
  expect(contents(published)).toEqual(['one', 'one', 'one', 'two']);
  expect(new Set(published.map(({ message_id }) => message_id)).size).toBe(2);
});

test('a server that names a time is not asked before it', async () => {
  const { outbox, time, published, until } = outboxOf([refusal('busy', 5_000), 'ok']);
  outbox.send(roomId, 'one');
  await until(() => published.length === 1 && time.next !== undefined);
  outbox.resume();
  await settled();
  expect(published).toHaveLength(1);
  expect(time.next).toBe(5_000);
});

test('a connection that opens ends the pause', async () => {
  const { outbox, time, published, until } = outboxOf([new Unreachable('cut'), 'ok']);
  outbox.send(roomId, 'one');
  await until(() => published.length === 1 && time.next !== undefined);
  outbox.resume();
  await settled();
  expect(published).toHaveLength(2);
});

test.each(['invalid', 'not_member', 'room_not_found', 'message_id_in_use', 'too_long'] as const)(
  'a refusal (%s) is shown, and does not hold up what follows',
  async (code) => {
    const { outbox, waiting, acknowledged, until } = outboxOf([refusal(code), 'ok']);
    outbox.send(roomId, 'refused');
    outbox.send(roomId, 'fine');
    await until(() => acknowledged.length === 1);
    expect(contents(acknowledged)).toEqual(['fine']);
    expect(waiting()[0]).toMatchObject({ content: 'refused', state: 'failed', problem: { code } });
  },
);

test('a failed message is sent again, or given up, when the person says so', async () => {
  const { outbox, waiting, acknowledged, until } = outboxOf([refusal('too_long'), refusal('too_long'), 'ok']);
  outbox.send(roomId, 'again');
  outbox.send(roomId, 'given up');
  await until(() => waiting().every(({ state }) => state === 'failed'));
  const [again, givenUp] = waiting();
  outbox.discard(roomId, givenUp!.message_id);
  outbox.retry(roomId, again!.message_id);
  expect(waiting()).toEqual([expect.objectContaining({ content: 'again', state: 'sending' })]);
  expect(waiting()[0]).not.toHaveProperty('problem');
  await until(() => acknowledged.length === 1);
});

test('[ACK] what waits survives a reload, in order, and what was acknowledged does not come back', async () => {
  const indexedDB = new IDBFactory();
  const before = outboxOf(['ok', new Unreachable('cut')], { indexedDB });
  for (const text of ['sent', 'kept', 'kept too']) before.outbox.send(roomId, text);
  await before.until(() => before.published.length === 2);
  const after = outboxOf(['ok'], { indexedDB });
  await after.until(() => after.acknowledged.length === 2);
  expect(contents(after.acknowledged)).toEqual(['kept', 'kept too']);
  await after.until(() => after.time.next === undefined);
  expect(await after.kept.read(alice.user_id)).toEqual([]);
});

test('what another person of this browser left unsent is not sent, and forgotten', async () => {
  const indexedDB = new IDBFactory();
  const before = outboxOf([new Unreachable('cut')], { indexedDB });
  before.outbox.send(roomId, 'mine');
  await before.until(() => before.published.length === 1);
  const after = outboxOf(['ok'], { indexedDB, user: { ...alice, user_id: 'other' } });
  await after.restored;
  expect(after.waiting()).toEqual([]);
  expect(await after.kept.read(alice.user_id)).toEqual([]);
});

test('nobody’s messages are sent while nobody is signed in', async () => {
  const { outbox, store, published } = outboxOf(['ok']);
  store.setState({ session: undefined });
  outbox.send(roomId, 'one');
  await settled();
  expect(published).toEqual([]);
});

test('[ACK] what is written before the earlier messages are read does not overtake them', async () => {
  const indexedDB = new IDBFactory();
  const before = outboxOf([new Unreachable('cut')], { indexedDB });
  before.outbox.send(roomId, 'earlier');
  await before.until(() => before.published.length === 1);
  const after = outboxOf(['ok'], { indexedDB });
  after.outbox.send(roomId, 'later');
  await after.until(() => after.acknowledged.length === 2);
  expect(contents(after.published)).toEqual(['earlier', 'later']);
});

test('a message whose id is another one’s is sent again under a new id', async () => {
  const { outbox, waiting, published, acknowledged, until } = outboxOf([refusal('message_id_in_use'), 'ok']);
  outbox.send(roomId, 'one');
  await until(() => waiting()[0]?.state === 'failed');
  outbox.retry(roomId, waiting()[0]!.message_id);
  await until(() => acknowledged.length === 1);
  expect(new Set(published.map(({ message_id }) => message_id)).size).toBe(2);
});
