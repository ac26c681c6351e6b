/** [NAME] At any instant a name belongs to one room: many hands at once, leftovers, and slow hands. */
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../functions/platform/ids.ts';
import { write } from '../../../functions/platform/tables.ts';
import { renameRoom } from '../../../functions/rooms/renaming.ts';
import type { Fate } from '../messages/faults.ts';
import { startWorld, type World } from '../messages/world.ts';
import { signIn, type Caller } from './api.ts';
import { expectConsistent, sweepAll, sweepNow } from './truth.ts';

let world: World;
let people: Caller[];
beforeAll(async () => {
  world = await startWorld();
  people = await Promise.all(Array.from({ length: 4 }, signIn));
});
afterAll(() => world.stop());
afterEach(() => {
  world.line.fate = () => 'pass';
});

const anybody = (index: number): Caller => people[index % people.length]!;
const ids = (): string[] => people.map(({ id }) => id);

describe('[NAME] a name', () => {
  it('goes to one of two hundred who want it at one instant', async () => {
    const forms = ['Only one', 'only one', 'ONLY  ONE', ' Only\u2003one '];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => anybody(index).create({ name: forms[index % forms.length] })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'name_taken')).toHaveLength(199);
    const winner = answers.find(({ status }) => status === 201)!.body;
    expect((await anybody(0).list({ query: 'only one' })).body).toEqual([winner]);
    // Who lost is in no room, and nothing of theirs is left.
    const mine = await Promise.all(people.map((one) => one.mine()));
    expect(mine.flatMap(({ body }) => body.map(({ room }) => room.id))).toEqual([winner.id]);
  }, 120_000);

  it('goes to one of a creation and several renames that want it at one instant', async () => {
    const rooms = await Promise.all(people.map((one, index) => one.room(`Wants ${index}`)));
    const answers = await Promise.all([
      ...rooms.map(({ id }, index) => anybody(index).change(id, { name: 'Wanted' })),
      anybody(0).create({ name: 'wanted' }),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expect((await anybody(0).list({ query: 'wanted' })).body).toHaveLength(1);
    for (const { id } of rooms) await expectConsistent(id, ids());
  });

  it('is one of the two that two renames of a room want, and the other is free', async () => {
    const { id } = await anybody(0).room('Torn');
    const owner = anybody(0);
    await Promise.all([owner.change(id, { name: 'Left' }), owner.change(id, { name: 'Right' })]);
    const { name } = await expectConsistent(id, ids());
    expect(['Left', 'Right']).toContain(name);
    const free = ['Torn', 'Left', 'Right'].filter((each) => each !== name);
    for (const each of free) expect((await owner.create({ name: each })).status).toBe(201);
  });

  it('is given back by a rename that knew the room under a name from before another rename', async () => {
    const { id } = await anybody(0).room('Known');
    await anybody(0).change(id, { name: 'Meanwhile' });
    await renameRoom(id, 'Known', { name: 'Afterwards', by: 'somebody', by_name: 'Somebody' });
    expect(await expectConsistent(id, ids())).toMatchObject({ name: 'Afterwards' });
    expect((await anybody(0).create({ name: 'Meanwhile' })).status).toBe(201);
  });

  it('can be swapped back and forth, and is free again after a deletion', async () => {
    const owner = anybody(0);
    const { id } = await owner.room('Here');
    for (const name of ['There', 'Here', 'There']) {
      expect((await owner.change(id, { name })).body.name).toBe(name);
      await expectConsistent(id, ids());
    }
    await owner.remove(id);
    for (const name of ['Here', 'There']) expect((await owner.create({ name })).status).toBe(201);
  });

  it('is not kept by an entry whose room is gone, as a crash can leave one', async () => {
    const row = { partitionKey: 'rooms', rowKey: 'haunted', room_id: newId(), name: 'Haunted', version: 1 };
    await write('directory', { type: 'insert', row });
    expect((await anybody(0).create({ name: 'Haunted' })).status).toBe(201);
  });

  it('is not lost to a hand that slept while others renamed the room and took the name', async () => {
    const [owner, other] = [anybody(0), anybody(1)];
    const id = newId();
    let slept = false;
    // The creation sleeps before it opens its room; the sweep carries it on, and life goes on.
    world.line.fate = async ({ path, body }): Promise<Fate> => {
      if (slept || !path.startsWith('/$batch') || !body.includes(`PartitionKey='${id}'`)) return 'pass';
      slept = true;
      await sweepNow();
      await owner.change(id, { name: 'Renamed' });
      await other.room('Slept on');
      return 'pass';
    };
    expect((await owner.create({ id, name: 'Slept on' })).body.name).toBe('Renamed');
    expect(slept).toBe(true);
    await expectConsistent(id, ids());
    expect((await owner.list({ query: 'slept on' })).body).toMatchObject([{ created_by: other.id }]);
  });

  it('of any room is its own, whatever people create, rename and delete at the same time', async () => {
    const action = fc.record({
      who: fc.nat(3),
      what: fc.constantFrom('create', 'rename', 'rename', 'delete'),
      room: fc.nat(3),
      name: fc.constantFrom('A', 'b', 'B', 'ｂ', 'C'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 12 }), async (actions) => {
        const prefix = newId();
        const rooms = await Promise.all(
          [0, 1, 2, 3].map((index) => anybody(index).room(`${prefix.slice(-12)} ${index}`)),
        );
        const touched = new Set(rooms.map(({ id }) => id));
        await Promise.all(
          actions.map(async ({ who, what, room, name }) => {
            const { id } = rooms[room]!;
            const full = `${prefix.slice(-12)} ${name}`;
            if (what === 'rename') await anybody(room).change(id, { name: full });
            else if (what === 'delete') await anybody(room).remove(id);
            else {
              const { status, body } = await anybody(who).create({ name: full });
              if (status === 201) touched.add(body.id);
            }
          }),
        );
        await sweepAll();
        const names = new Set<string>();
        for (const id of touched) {
          const { state, name } = await expectConsistent(id, ids());
          if (state !== 'open') continue;
          const key = name!.normalize('NFKC').toLowerCase();
          expect(names.has(key)).toBe(false);
          names.add(key);
        }
      }),
      { numRuns: 8 },
    );
  }, 90_000);
});
