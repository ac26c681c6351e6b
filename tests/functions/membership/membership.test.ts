/** Joining, leaving and what members see of it: [COUNT] holds whatever comes at the same time. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits, type Member } from '../../../contract/rooms.ts';
import { join, leave } from '../../../functions/membership/membership.ts';
import { changeRole } from '../../../functions/membership/roles.ts';
import { postPublish } from '../../../functions/messages/http.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { transact, type Action } from '../../../functions/platform/tables.ts';
import { call } from '../call.ts';
import { startWorld, type World } from '../messages/world.ts';
import { nextPage, signIn, type Caller } from '../rooms/api.ts';
import { expectConsistent, sweepAll } from '../rooms/truth.ts';

let world: World;
let alice: Caller;
let guests: Caller[];
beforeAll(async () => {
  world = await startWorld();
  alice = await signIn();
  guests = await Promise.all(Array.from({ length: 5 }, signIn));
});
afterAll(() => world.stop());

const newRoom = async (): Promise<string> => (await alice.room(`Room ${newId()}`)).id;
const everybody = (): string[] => [alice, ...guests].map(({ id }) => id);

async function publish(who: Caller, room_id: string): Promise<number> {
  return (await call(postPublish, { token: who.token, body: { room_id, content: 'x' } })).status;
}

describe('joining and leaving', () => {
  it('[COUNT] count each person once, however often and however many at one instant', async () => {
    const id = await newRoom();
    await Promise.all([...guests, ...guests].map(({ principal }) => join(principal, id)));
    expect((await join(alice.principal, id)).room.member_count).toBe(6);
    await Promise.all([...guests, ...guests].map((guest) => leave(guest.id, id)));
    expect(await leave(guests[0]!.id, id)).toBe(1);
    await sweepAll();
    expect((await expectConsistent(id, everybody())).count).toBe(1);
  });

  it('[COUNT] [ISO] end alike for count, members and access, in whatever order they meet', async () => {
    const action = fc.record({ who: fc.nat(2), joins: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 10 }), async (actions) => {
        const id = await newRoom();
        await Promise.all(
          actions.map(async ({ who, joins }) => {
            const guest = guests[who]!;
            await (joins ? join(guest.principal, id) : leave(guest.id, id));
          }),
        );
        await sweepAll();
        const { members } = await expectConsistent(id, everybody());
        for (const guest of guests.slice(0, 3)) {
          expect(await publish(guest, id)).toBe(members.includes(guest.id) ? 200 : 403);
        }
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  it('[ISO] open and close everything that only members may do', async () => {
    const id = await newRoom();
    const [bob] = guests as [Caller];
    const tries = async () => [
      await publish(bob, id),
      (await bob.members(id)).status,
      (await bob.markRead(id, { seq: 0 })).status,
    ];
    expect(await tries()).toEqual([403, 403, 403]);
    await join(bob.principal, id);
    expect(await tries()).toEqual([200, 200, 200]);
    await leave(bob.id, id);
    expect(await tries()).toEqual([403, 403, 403]);
  });

  it('delete a room that its owner leaves as the last', async () => {
    const id = await newRoom();
    expect(await leave(alice.id, id)).toBe(0);
    expect((await alice.read(id)).body.code).toBe('room_not_found');
    expect((await alice.mine()).body.map(({ room }) => room.id)).not.toContain(id);
  });

  it('let an owner leave others only with a moderator to follow, who has been in the longest', async () => {
    const id = await newRoom();
    for (const guest of guests.slice(0, 3)) await join(guest.principal, id);
    await expect(leave(alice.id, id)).rejects.toMatchObject({ code: 'must_hand_over' });
    for (const guest of [guests[2]!, guests[1]!]) {
      await changeRole(alice.principal, { roomId: id, userId: guest.id }, 'moderator');
    }
    expect(await leave(alice.id, id)).toBe(3);
    const { body } = await guests[1]!.read(id);
    expect(body).toMatchObject({ owner: guests[1]!.id, created_by: alice.id });
    await sweepAll();
    expect((await guests[1]!.change(id, { description: 'mine now' })).status).toBe(200);
    expect((await guests[2]!.change(id, { description: 'not mine' })).body.code).toBe('not_owner');
  });

  it('tell who joins the newest number', async () => {
    const id = await newRoom();
    await publish(alice, id);
    await publish(alice, id);
    const [bob] = guests as [Caller];
    expect((await join(bob.principal, id)).head).toBe(2);
    const mine = (await bob.mine()).body.find(({ room }) => room.id === id);
    // What was said before does not count as unread.
    expect(mine).toMatchObject({ head: 2, last_read: 2 });
  });

  it('[BAD] stop at five hundred rooms, and go on after one was left', async () => {
    const many = await signIn();
    const rows = Array.from({ length: limits.roomsPerPerson - 1 }, (): Action => {
      const row = { partitionKey: many.id, rowKey: newId(), state: 'member', role: 'member', used_at: '' };
      return { type: 'insert', row };
    });
    for (let from = 0; from < rows.length; from += 100)
      await transact('memberships', rows.slice(from, from + 100));
    const last = await many.room(`Last ${newId()}`);
    const id = newId();
    expect((await many.create({ id, name: `One more ${id}` })).body.code).toBe('too_many_rooms');
    expect((await many.read(id)).status).toBe(404);
    const other = await newRoom();
    await expect(join(many.principal, other)).rejects.toMatchObject({ code: 'too_many_rooms' });
    await join(many.principal, last.id);
    await leave(many.id, last.id);
    expect((await join(many.principal, other)).room.member_count).toBe(2);
  }, 60_000);
});

describe('GET /me/rooms', () => {
  it('pages through all of one’s rooms, each once', async () => {
    const carol = await signIn();
    const rooms: string[] = [];
    for (let index = 0; index < 5; index += 1) rooms.push((await carol.room(`Mine ${newId()}`)).id);
    const seen: string[] = [];
    let query: Record<string, string> | undefined = { limit: '2' };
    while (query) {
      const page = await carol.mine(query);
      seen.push(...page.body.map(({ room }) => room.id));
      query = nextPage(page);
    }
    expect(seen.toSorted()).toEqual(rooms.toSorted());
  });

  it.each([
    [{ limit: '101' }, 'invalid'],
    [{ cursor: "x' or '" }, 'bad_cursor'],
  ])('[BAD] refuses %j', async (query, code) => {
    expect((await alice.mine(query)).body.code).toBe(code);
  });
});

describe('PUT /rooms/{id}/read', () => {
  it('only ever rises, and never above the head, also when several devices say so at once', async () => {
    const id = await newRoom();
    for (let index = 0; index < 5; index += 1) await publish(alice, id);
    const read = async (seq: number) => (await alice.markRead(id, { seq })).body.last_read;
    expect(await read(2)).toBe(2);
    expect(await read(1)).toBe(2);
    await Promise.all([3, 5, 4].map(read));
    expect(await read(0)).toBe(5);
    expect(await read(1_000)).toBe(5);
    expect((await alice.mine()).body.find(({ room }) => room.id === id)?.last_read).toBe(5);
  });

  it.each([{}, { seq: -1 }, { seq: 1.5 }, { seq: '1' }])('[BAD] refuses %j', async (body) => {
    expect((await alice.markRead(await newRoom(), body)).status).toBe(400);
  });
});

describe('GET /rooms/{id}/members', () => {
  it('pages through the members, each once', async () => {
    const id = await newRoom();
    for (const { principal } of guests) await join(principal, id);
    const seen: Member[] = [];
    let query: Record<string, string> | undefined = { limit: '4' };
    while (query) {
      const page = await alice.members(id, query);
      seen.push(...page.body);
      query = nextPage(page);
    }
    expect(seen.map(({ user_id }) => user_id).toSorted()).toEqual(everybody().toSorted());
    expect(seen.find(({ user_id }) => user_id === guests[0]!.id)).toMatchObject({
      name: guests[0]!.principal.name,
      role: 'member',
      online: false,
    });
  });

  it.each([
    [{ limit: '201' }, 'invalid'],
    [{ cursor: Buffer.from('room').toString('base64url') }, 'bad_cursor'],
    [{ cursor: Buffer.from("member_a' or '").toString('base64url') }, undefined],
  ])('[BAD] takes %j for what it is', async (query, code) => {
    expect((await alice.members(await newRoom(), query)).body.code).toBe(code);
  });
});
