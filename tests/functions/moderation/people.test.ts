/** Removing, banning and muting people: what it takes from them, from when on, and what is written down of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '../../../functions/platform/ids.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { join } from '../../../functions/membership/membership.ts';
import { changeRole } from '../../../functions/membership/roles.ts';
import { hubClient } from '../../../functions/platform/web-pubsub.ts';
import { until } from '../../support/until.ts';
import { connect, startLive, type Live } from '../realtime/live.ts';
import { signIn, type Caller } from '../rooms/api.ts';
import { sweepAll } from '../rooms/truth.ts';
import { actsOf, outcome } from './acts.ts';

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

describe('a removed member', () => {
  it('[ISO] is out with every connection when the answer comes, is told why, and may come again', async () => {
    const room_id = await roomWith(bob);
    const phone = await connect(bob);
    expect((await actsOf(alice, room_id).remove(bob.id, { reason: 'shouting' })).status).toBe(204);
    expect(outcome(await actsOf(bob, room_id).publish('still here?'))).toEqual([403, 'not_member']);
    expect(outcome(await actsOf(bob, room_id).history())).toEqual([403, 'not_member']);
    const told = await until(() => phone.frames.find(({ type }) => type === 'you_were_removed'), {
      what: 'the frame that tells of it',
    });
    expect(told).toMatchObject({ room_id, banned: false, reason: 'shouting' });
    expect((await phone.ask('join', { room_id })).type).toBe('room_joined');
    phone.close();
  });

  it('must be a member, and neither the owner nor oneself', async () => {
    const room = await roomWith(bob);
    expect(outcome(await actsOf(alice, room).remove((await signIn()).id))).toEqual([404, 'user_not_found']);
    expect(outcome(await actsOf(bob, room).remove(alice.id))).toEqual([403, 'not_moderator']);
    expect(outcome(await actsOf(alice, room).remove(alice.id))[0]).toBe(403);
  });
});

describe('a ban', () => {
  it('[ISO] puts a member out, and keeps them out until it ends', async () => {
    const room_id = await roomWith(bob);
    const before = await connect(bob);
    const later = new Date(Date.now() + 1_800_000).toISOString();
    const banned = await actsOf(alice, room_id).ban(bob.id, { reason: 'spam', until: later });
    expect(banned.body).toMatchObject({ user_id: bob.id, reason: 'spam', until: later, by: alice.id });
    // Told why, and closed.
    expect(await before.closed).toBe(1000);
    expect(before.frames.find(({ type }) => type === 'you_were_removed')).toMatchObject({
      room_id,
      banned: true,
      reason: 'spam',
      until: later,
    });
    const phone = await connect(bob);
    expect((await phone.ask('join', { room_id }))['problem']).toMatchObject({ code: 'banned' });
    expect((await actsOf(alice, room_id).bans()).body).toHaveLength(1);
    clock.now = () => new Date(now().getTime() + 1_900_000);
    expect((await phone.ask('join', { room_id })).type).toBe('room_joined');
    expect((await actsOf(alice, room_id).bans()).body).toEqual([]);
    phone.close();
  });

  it('closes no connection of who is not in: nobody cuts off others by banning them somewhere', async () => {
    const [room, other] = [await roomWith(), await roomWith(bob)];
    const phone = await connect(bob);
    await actsOf(alice, room).ban(bob.id);
    await actsOf(alice, room).ban(bob.id, { reason: 'again' });
    expect((await phone.ask('join', { room_id: other })).type).toBe('room_joined');
    phone.close();
  });

  it('[ISO] closes connections that are opening', async () => {
    const room = await roomWith(bob);
    const opened: string[] = [];
    let letIn = (): void => {};
    const held = new Promise<void>((done) => (letIn = done));
    live.answered = async (event, id) => {
      if (event !== 'connect') return;
      opened.push(id);
      await held;
    };
    const opening = connect(bob);
    await until(() => opened.length > 0, { what: 'the connection' });
    const banned = actsOf(alice, room).ban(bob.id);
    await until(async () => (await actsOf(alice, room).bans()).body.length > 0, { what: 'the ban' });
    letIn();
    expect((await banned).status).toBe(200);
    expect(await (await opening).closed).toBe(1000);
    live.answered = () => {};
  });

  it('[ISO] is carried on by the sweep where the process died that should have closed them', async () => {
    const room = await roomWith(bob);
    const phone = await connect(bob);
    const dying = vi.spyOn(hubClient(), 'closeConnection').mockRejectedValueOnce(new Error('dead'));
    expect((await actsOf(alice, room).ban(bob.id)).status).toBe(500);
    dying.mockRestore();
    await sweepAll();
    expect(await phone.closed).toBe(1000);
    expect((await alice.members(room)).body.map(({ user_id }) => user_id)).toEqual([alice.id]);
  });

  it('holds for who is not in yet, and ends when it is lifted', async () => {
    const room_id = await roomWith();
    const phone = await connect(bob);
    await actsOf(alice, room_id).ban(bob.id);
    expect((await phone.ask('join', { room_id }))['problem']).toMatchObject({ code: 'banned' });
    expect((await actsOf(alice, room_id).unban(bob.id)).status).toBe(204);
    expect((await phone.ask('join', { room_id })).type).toBe('room_joined');
    phone.close();
  });

  it('[ISO] wins over a join that is under way', async () => {
    for (let round = 0; round < 10; round += 1) {
      const room = await roomWith();
      await Promise.all([
        join(bob.principal, room).catch(() => {}),
        actsOf(alice, room).ban(bob.id, { reason: 'race' }),
      ]);
      expect(outcome(await actsOf(bob, room).publish('in?'))[0]).toBe(403);
      expect((await alice.members(room)).body.map(({ user_id }) => user_id)).toEqual([alice.id]);
    }
  });

  it('[BAD] has its end in the future', async () => {
    const room = await roomWith(bob);
    const past = new Date(Date.now() - 1_000).toISOString();
    expect(outcome(await actsOf(alice, room).ban(bob.id, { until: past }))).toEqual([400, 'invalid']);
    expect((await actsOf(bob, room).publish('still in')).status).toBe(200);
  });
});

describe('a mute', () => {
  it('takes writing and leaves reading, over leaving and joining again, until it ends', async () => {
    const room = await roomWith(bob);
    const later = new Date(Date.now() + 1_800_000).toISOString();
    await actsOf(alice, room).mute(bob.id, { reason: 'calm down', until: later });
    expect(outcome(await actsOf(bob, room).publish('!'))).toEqual([403, 'muted']);
    expect((await actsOf(bob, room).history()).status).toBe(200);
    const phone = await connect(bob);
    await phone.ask('leave', { room_id: room });
    await phone.ask('join', { room_id: room });
    expect(outcome(await actsOf(bob, room).publish('!'))).toEqual([403, 'muted']);
    clock.now = () => new Date(now().getTime() + 1_900_000);
    expect((await actsOf(bob, room).publish('thank you')).status).toBe(200);
    phone.close();
  });

  it('is seen in the list of members, until it ends, by who decides on it and nobody else', async () => {
    const [carol, dave] = [await signIn(), await signIn()];
    const room = await roomWith(bob, carol, dave);
    await changeRole(alice.principal, { roomId: room, userId: dave.id }, 'moderator');
    const later = new Date(Date.now() + 1_800_000).toISOString();
    await actsOf(alice, room).mute(bob.id, { until: later });
    await actsOf(alice, room).mute(carol.id);
    const seenBy = async (who: Caller) =>
      Object.fromEntries(
        (await who.members(room)).body.flatMap(({ user_id, muted_until }) =>
          muted_until === undefined ? [] : [[user_id, muted_until]],
        ),
      );
    const both = { [bob.id]: later, [carol.id]: '9999-12-31T23:59:59.999Z' };
    expect([await seenBy(alice), await seenBy(dave)]).toEqual([both, both]);
    expect([await seenBy(bob), await seenBy(carol)]).toEqual([{}, {}]);
    clock.now = () => new Date(now().getTime() + 1_900_000);
    expect(await seenBy(alice)).toEqual({ [carol.id]: both[carol.id] });
    await actsOf(alice, room).unmute(carol.id);
    expect(await seenBy(alice)).toEqual({});
  });

  it('ends when it is lifted', async () => {
    const room = await roomWith(bob);
    await actsOf(alice, room).mute(bob.id);
    expect((await actsOf(alice, room).mutes()).body).toHaveLength(1);
    await actsOf(alice, room).unmute(bob.id);
    expect((await actsOf(bob, room).publish('hello')).status).toBe(200);
  });
});

describe('the audit trail', () => {
  it('says who did what to whom, when and why, newest first, to owner and moderators alone', async () => {
    const room = await roomWith(bob);
    const acts = actsOf(alice, room);
    await acts.mute(bob.id, { reason: 'noise' });
    await acts.unmute(bob.id);
    await acts.ban(bob.id, { reason: 'more noise' });
    await acts.unban(bob.id);
    const { body } = await acts.audit();
    const about = body
      .filter(({ target }) => target === bob.id)
      .map(({ action, reason }) => [action, reason]);
    expect(about.slice(0, 4)).toEqual([
      ['ban_lifted', undefined],
      ['member_banned', 'more noise'],
      ['mute_lifted', undefined],
      ['member_muted', 'noise'],
    ]);
    expect(body.every(({ at }, index) => index === 0 || at <= body[index - 1]!.at)).toBe(true);
    expect((await acts.audit({ action: 'member_banned' })).body).toHaveLength(1);
    expect((await acts.audit({ target: alice.id, action: 'member_banned' })).body).toEqual([]);
    await join(bob.principal, room);
    expect(outcome(await actsOf(bob, room).audit())).toEqual([403, 'not_moderator']);
  });

  it('pages', async () => {
    const room = await roomWith(bob);
    const acts = actsOf(alice, room);
    for (let round = 0; round < 3; round += 1) {
      await acts.mute(bob.id);
      await acts.unmute(bob.id);
    }
    const all = (await acts.audit()).body.map(({ id }) => id);
    const paged: string[] = [];
    let query: Record<string, string> = { limit: '2' };
    for (;;) {
      const page = await acts.audit(query);
      paged.push(...page.body.map(({ id }) => id));
      const address = /<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1];
      if (address === undefined) break;
      query = Object.fromEntries(new URL(address, 'http://localhost').searchParams);
    }
    expect(paged).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
  });
});
