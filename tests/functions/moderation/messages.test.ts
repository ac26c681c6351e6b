/** What moderators do with messages, and members with what they do not want to see: removing, pins, slow mode, reports, blocks. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../contract/rooms.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { join } from '../../../functions/membership/membership.ts';
import { until } from '../../support/until.ts';
import { connect, startLive, type Live } from '../realtime/live.ts';
import { signIn, type Caller } from '../rooms/api.ts';
import { actsOf, blocksOf, outcome } from './acts.ts';

let live: Live;
let alice: Caller;
let bob: Caller;
const { now } = clock;
beforeAll(async () => {
  live = await startLive();
  [alice, bob] = [await signIn(), await signIn()];
});
afterAll(() => live.stop());
afterEach(() => {
  clock.now = now;
});

async function roomWith(...members: Caller[]): Promise<string> {
  const { id } = await alice.room(`Room ${newId()}`);
  for (const { principal } of members) await join(principal, id);
  return id;
}

describe('a removed message', () => {
  it('[LOG] keeps its number and loses its content, for the history, for who is there and for its pin', async () => {
    const room = await roomWith(bob);
    const [mine, hers] = [actsOf(bob, room), actsOf(alice, room)];
    for (const content of ['one', 'a secret', 'three']) await mine.publish(content);
    await hers.pin(2);
    const phone = await connect(bob);
    const removed = await hers.removeMessage(2, { reason: 'secret' });
    expect(removed.body).toMatchObject({ seq: 2, content: '', removed_at: expect.any(String) });
    const { body } = await mine.history();
    expect(body.messages.map(({ seq, content }) => [seq, content])).toEqual([
      [1, 'one'],
      [2, ''],
      [3, 'three'],
    ]);
    expect(body.edition).toBe(1);
    expect((await mine.pins()).body).toEqual([]);
    const told = await until(() => phone.frames.find(({ type }) => type === 'message_removed'), {
      what: 'the frame that tells of it',
    });
    expect(told).toMatchObject({ room_id: room, seq: 2, edition: 1 });
    phone.close();
  });

  it('is removed once, however often one asks, and can still be repeated by who sent it', async () => {
    const room = await roomWith(bob);
    const message_id = newId();
    const sent = await actsOf(bob, room).publish('gone', { message_id });
    await actsOf(alice, room).removeMessage(1);
    await actsOf(alice, room).removeMessage(1);
    expect((await actsOf(bob, room).history()).body.edition).toBe(1);
    expect((await actsOf(bob, room).publish('gone', { message_id })).body.seq).toBe(sent.body.seq);
    expect((await actsOf(alice, room).audit({ action: 'message_removed' })).body).toHaveLength(1);
  });

  it('[BAD] must be there, and is not removed by a member', async () => {
    const room = await roomWith(bob);
    await actsOf(bob, room).publish('mine');
    expect(outcome(await actsOf(alice, room).removeMessage(7))).toEqual([404, 'message_not_found']);
    expect(outcome(await actsOf(bob, room).removeMessage(1))).toEqual([403, 'not_moderator']);
    expect((await actsOf(bob, room).history()).body.messages[0]?.content).toBe('mine');
  });
});

describe('pins', () => {
  it('show members what moderators chose, and no more than a room may have', async () => {
    const room = await roomWith(bob);
    const acts = actsOf(alice, room);
    for (let seq = 1; seq <= limits.pins + 1; seq += 1) await acts.publish(`message ${seq}`);
    for (let seq = 1; seq <= limits.pins; seq += 1) expect((await acts.pin(seq)).status).toBe(204);
    expect(outcome(await acts.pin(limits.pins + 1))).toEqual([409, 'too_many_pins']);
    await acts.unpin(1);
    await acts.unpin(1);
    expect((await acts.pin(limits.pins + 1)).status).toBe(204);
    const shown = (await actsOf(bob, room).pins()).body.map(({ seq }) => seq);
    expect(shown).toEqual(Array.from({ length: limits.pins }, (_, index) => index + 2));
    expect(outcome(await actsOf(bob, room).pin(1))).toEqual([403, 'not_moderator']);
  });
});

describe('slow mode', () => {
  it('takes one message in so many seconds from a member, says how long to wait, and lets moderators write', async () => {
    const room = await roomWith(bob);
    expect((await alice.change(room, { slow_mode_seconds: 30 })).body.slow_mode_seconds).toBe(30);
    const [slow, free] = [actsOf(bob, room), actsOf(alice, room)];
    const message_id = newId();
    expect((await slow.publish('first', { message_id })).status).toBe(200);
    const refused = await slow.publish('second');
    expect(outcome(refused)).toEqual([429, 'slow_mode']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await slow.publish('first', { message_id })).body.seq).toBe(1);
    for (const content of ['a', 'b']) expect((await free.publish(content)).status).toBe(200);
    clock.now = () => new Date(now().getTime() + 31_000);
    expect((await slow.publish('second')).status).toBe(200);
    expect((await slow.publish('first', { message_id })).body.seq).toBe(1);
  });

  it('takes one of many that come at one instant', async () => {
    const room = await roomWith(bob);
    await alice.change(room, { slow_mode_seconds: 30 });
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => actsOf(bob, room).publish(`${index}`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await actsOf(bob, room).history()).body.head).toBe(1);
  });
});

describe('reports', () => {
  it('reach the moderators, who decide each once', async () => {
    const room = await roomWith(bob);
    const [mine, hers] = [actsOf(bob, room), actsOf(alice, room)];
    await hers.publish('rude');
    const desk = await connect(alice);
    const made = await mine.report({ seq: 1, reason: 'rude' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ seq: 1, content: 'rude', state: 'open', reported_by: bob.id });
    expect((await mine.report({ seq: 1, reason: 'again' })).body).toEqual(made.body);
    const told = await until(() => desk.frames.find(({ type }) => type === 'waiting'), { what: 'a count' });
    expect(told).toMatchObject({ room_id: room, reports: 1, join_requests: 0 });
    expect((await hers.reports({ state: 'open' })).body).toEqual([made.body]);
    expect(outcome(await mine.reports())).toEqual([403, 'not_moderator']);
    const decided = await hers.decide(made.body.id, { decision: 'dismissed', note: 'it is fine' });
    expect(decided.body).toMatchObject({ state: 'dismissed', note: 'it is fine' });
    await hers.decide(made.body.id, { decision: 'acted' });
    expect((await hers.reports()).body[0]?.state).toBe('dismissed');
    expect((await hers.reports({ state: 'open' })).body).toEqual([]);
    desk.close();
  });

  it('[BAD] are of messages that are there', async () => {
    const room = await roomWith(bob);
    expect(outcome(await actsOf(bob, room).report({ seq: 3 }))).toEqual([404, 'message_not_found']);
    expect(outcome(await actsOf(alice, room).decide('nonsense', { decision: 'acted' }))).toEqual([
      404,
      'not_found',
    ]);
  });
});

describe('blocks', () => {
  it('are a person’s own', async () => {
    const [mine, theirs] = [blocksOf(alice), blocksOf(bob)];
    for (let round = 0; round < 2; round += 1) expect((await mine.put(bob.id)).status).toBe(204);
    expect((await mine.list()).body.map(({ user_id }) => user_id)).toEqual([bob.id]);
    expect((await theirs.list()).body).toEqual([]);
    for (let round = 0; round < 2; round += 1) expect((await mine.drop(bob.id)).status).toBe(204);
    expect((await mine.list()).body).toEqual([]);
    expect((await mine.put(alice.id)).status).toBe(403);
    expect(outcome(await mine.put('../nobody'))).toEqual([404, 'user_not_found']);
  });
});
