/** Rooms against a model: whatever a few people do one after the other, everybody sees what the model says. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join, leave } from '../../../functions/membership/membership.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { startWorld, type World } from '../messages/world.ts';
import { signIn, type Caller } from './api.ts';

let world: World;
let people: Caller[];
beforeAll(async () => {
  world = await startWorld();
  people = await Promise.all([signIn(), signIn(), signIn()]);
});
afterAll(() => world.stop());

interface ModelRoom {
  name: string;
  owner: number;
  members: Set<number>;
}

interface Action {
  what: 'create' | 'rename' | 'delete' | 'join' | 'leave';
  who: number;
  room: number;
  name: string;
}

/** What should be, and the status that each action should get. */
class Model {
  readonly rooms = new Map<number, ModelRoom>();

  expect({ what, who, room: slot, name }: Action): number {
    const room = this.rooms.get(slot);
    const isTaken = [...this.rooms].some(
      ([other, { name: used }]) => used.toLowerCase() === name.toLowerCase() && other !== slot,
    );
    if (what === 'create') {
      if (room) return 0;
      if (isTaken) return 409;
      this.rooms.set(slot, { name, owner: who, members: new Set([who]) });
      return 201;
    }
    if (!room) return 404;
    if (what === 'join') room.members.add(who);
    else if (what === 'leave') return this.#leave(slot, room, who);
    else if (room.owner !== who) return 403;
    else if (what === 'delete') this.rooms.delete(slot);
    else if (isTaken) return 409;
    else room.name = name;
    return 200;
  }

  /** Nobody is a moderator here: an owner leaves as the last, and the room goes with them. */
  #leave(slot: number, room: ModelRoom, who: number): number {
    if (room.owner === who && room.members.size > 1) return 409;
    room.members.delete(who);
    if (room.owner === who) this.rooms.delete(slot);
    return 200;
  }
}

const statusOf = (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => 200,
    (error: { toProblem(): { status: number } }) => error.toProblem().status,
  );

async function act({ what, who, name }: Action, id: string, prefix: string): Promise<number> {
  const caller = people[who]!;
  switch (what) {
    case 'create':
      return (await caller.create({ id, name: prefix + name })).status;
    case 'rename':
      return (await caller.change(id, { name: prefix + name })).status;
    case 'delete':
      return (await caller.remove(id)).status;
    case 'join':
      return statusOf(join(caller.principal, id));
    case 'leave':
      return statusOf(leave(caller.id, id));
  }
}

const action = fc.record({
  what: fc.constantFrom<Action['what']>('create', 'create', 'rename', 'delete', 'join', 'join', 'leave'),
  who: fc.nat(2),
  room: fc.nat(2),
  name: fc.constantFrom('a', 'A', 'b', 'c'),
});

describe('[COUNT] [NAME] [GONE] rooms', () => {
  it('are what the model says, after each step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 8, maxLength: 20 }), async (actions) => {
        const model = new Model();
        const prefix = `${newId().slice(-12)} `;
        // A deleted room's id is not used again, so each creation has a new one.
        const ids = [newId(), newId(), newId()];
        for (const step of actions) {
          const exists = model.rooms.has(step.room);
          if (step.what === 'create' && !exists) ids[step.room] = newId();
          const expected = model.expect(step);
          if (expected === 0) continue;
          expect(await act(step, ids[step.room]!, prefix), JSON.stringify(step)).toBe(expected);
        }
        const listed = await people[0]!.list({ query: prefix });
        const seen = new Map(listed.body.map((room) => [room.id, room]));
        expect(seen.size).toBe(model.rooms.size);
        for (const [slot, { name, owner, members }] of model.rooms) {
          const { body } = await people[0]!.read(ids[slot]!);
          const truth = { name: prefix + name, created_by: people[owner]!.id, member_count: members.size };
          expect(body).toMatchObject(truth);
          expect(seen.get(ids[slot]!)).toMatchObject({ name: prefix + name, created_by: people[owner]!.id });
        }
        for (const [index, one] of people.entries()) {
          const mine = (await one.mine()).body.map(({ room }) => room.id).filter((id) => ids.includes(id));
          const should = [...model.rooms].filter(([, { members }]) => members.has(index));
          expect(mine.toSorted()).toEqual(should.map(([slot]) => ids[slot]!).toSorted());
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
