/** Changes of the list of rooms: merged, in any order, into the newest state, and never more than the budget takes. */
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Room } from '../../../contract/rooms.ts';
import { announceRoom } from '../../../functions/messages/announce.ts';
import type { RoomChange } from '../../../functions/messages/announcement.ts';
import { deliver } from '../../../functions/messages/delivery.ts';
import { deliveries, merge, tellChanges } from '../../../functions/messages/changes.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { until } from '../../support/until.ts';
import { listenToDirectory, startWorld, type World } from './world.ts';

let world: World;
const now = clock.now;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
afterEach(() => {
  clock.now = now;
});

function change(id: string, version: number): RoomChange {
  const room: Room = {
    id,
    name: `Room ${id}`,
    description: '',
    kind: 'open',
    history: 'all',
    slow_mode_seconds: 0,
    owner: 'somebody',
    created_by: 'somebody',
    created_at: new Date(0).toISOString(),
    member_count: version,
    version,
  };
  return { room_id: id, version, room };
}

const removal = (id: string, version: number): RoomChange => ({ room_id: id, version, removed: true });

describe('merging', () => {
  const rooms = ['a', 'b', 'c'];
  const changes = fc.array(
    fc.record({ room: fc.constantFrom(...rooms), version: fc.nat(9), removed: fc.boolean() }),
    { maxLength: 12 },
  );

  it('keeps of each room the newest change, and a removal for ever, in whatever order they come', () => {
    fc.assert(
      fc.property(changes, (drawn) => {
        const made = drawn.map(({ room, version, removed }) => (removed ? removal : change)(room, version));
        const merged = merge(made);
        expect(new Set(merged.map(({ room_id }) => room_id)).size).toBe(merged.length);
        for (const id of new Set(made.map(({ room_id }) => room_id))) {
          const own = made.filter(({ room_id }) => room_id === id);
          const kept = merged.find(({ room_id }) => room_id === id);
          const newest = Math.max(...own.map(({ version }) => version));
          expect(kept?.version).toBe(newest);
          // A room that went out of the list may come back, as a newer one.
          const gone = own.some(({ version, removed }) => removed && version === newest);
          expect(kept?.removed ?? false).toBe(gone);
        }
      }),
    );
  });
});

describe('telling', () => {
  it('brings changes that meet in one frame to everybody who shows the list', async () => {
    const listeners = await Promise.all([listenToDirectory(world), listenToDirectory(world)]);
    const [kept, gone] = [newId(), newId()];
    for (const each of [change(kept, 1), change(kept, 3), change(kept, 2), change(gone, 1), removal(gone, 2)])
      await announceRoom(each);
    await deliver(await world.takeArrivals(5));
    for (const listener of listeners) {
      const { frames } = listener;
      await until(() => frames.length > 0, { what: 'rooms_updated' });
      expect(frames).toEqual([{ type: 'rooms_updated', rooms: [change(kept, 3).room], removed: [gone] }]);
      listener.close();
    }
  });

  it('puts off what exceeds the budget, and then tells the newest of it', async () => {
    const listener = await listenToDirectory(world);
    const id = newId();
    // The clock stands still, so that nothing comes in.
    const moment = now();
    clock.now = () => moment;
    await tellChanges([change(id, 1)]);
    deliveries.spend(2_500);
    await tellChanges([change(id, 2)]);
    await tellChanges([change(id, 3)]);
    clock.now = now;
    await world.route(2);
    const versions = () =>
      listener.frames.flatMap(({ rooms }) => (rooms as Room[]).map(({ version }) => version));
    await until(() => versions().at(-1) === 3, { what: 'the newest version' });
    expect(versions()[0]).toBe(1);
    listener.close();
  });
});
