/**
 * A process that dies at any step of a change of several partitions: from its n-th request to the tables on nothing
 * passes any more, for every n, with the n-th lost or done and unanswered. The sweep then carries it to its end.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Principal } from '../../../functions/identity/principal.ts';
import { join, leave } from '../../../functions/membership/membership.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { deleteRoom } from '../../../functions/rooms/deletion.ts';
import { changeRoom, createRoom } from '../../../functions/rooms/rooms.ts';
import { person, startWorld, type World } from '../messages/world.ts';
import { expectConsistent, sweepAll, type RoomTruth } from './truth.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
afterEach(() => {
  world.line.fate = () => 'pass';
});

/** Lets `n` requests pass, answers nothing from then on. Says whether the line was ever cut. */
function cutAfter(n: number, last: 'lose' | 'mute'): { wasCut: () => boolean } {
  let seen = 0;
  world.line.fate = () => {
    seen += 1;
    if (seen <= n) return 'pass';
    return seen === n + 1 ? last : 'lose';
  };
  return { wasCut: () => seen > n };
}

const owner = person();
const guest = person();
const people = [owner.user_id, guest.user_id];

async function ownRoom(): Promise<string> {
  const { id } = await createRoom(owner, { name: `Room ${newId()}`, description: '' });
  await join(owner, id);
  return id;
}

interface Change {
  /** Brings a room into being, or only its id. */
  prepare: () => Promise<string>;
  run: (roomId: string) => Promise<unknown>;
  /** What may be true in the end. */
  expected: (truth: RoomTruth) => void;
}

const one = (truth: RoomTruth, member: Principal): void => expect(truth.members).toContain(member.user_id);

const changes: Record<string, Change> = {
  create: {
    prepare: () => Promise.resolve(newId()),
    run: async (id) => {
      await createRoom(owner, { id, name: `Room ${id}`, description: '' });
      await join(owner, id);
    },
    expected: (truth) => expect([undefined, 'open']).toContain(truth.state),
  },
  rename: {
    prepare: ownRoom,
    run: (id) => changeRoom(owner, id, { name: `New ${id}` }),
    expected: (truth) => expect(truth.state).toBe('open'),
  },
  join: {
    prepare: ownRoom,
    run: (id) => join(guest, id),
    expected: (truth) => one(truth, owner),
  },
  leave: {
    prepare: async () => {
      const id = await ownRoom();
      await join(guest, id);
      return id;
    },
    run: (id) => leave(guest.user_id, id),
    expected: (truth) => one(truth, owner),
  },
  delete: {
    prepare: ownRoom,
    run: (id) => deleteRoom(owner, id),
    expected: (truth) => expect(['open', 'closed', undefined]).toContain(truth.state),
  },
};

describe('a process that dies', () => {
  for (const [name, change] of Object.entries(changes)) {
    for (const last of ['lose', 'mute'] as const) {
      it(`[COUNT] [NAME] while it is to ${name}, its last request ${last === 'lose' ? 'lost' : 'unanswered'}, leaves nothing half done`, async () => {
        for (let n = 0; ; n += 1) {
          const id = await change.prepare();
          const line = cutAfter(n, last);
          await change.run(id).catch(() => {});
          const wasCut = line.wasCut();
          world.line.fate = () => 'pass';
          await sweepAll();
          change.expected(await expectConsistent(id, people));
          if (!wasCut) break;
          expect(n).toBeLessThan(60);
        }
      }, 120_000);
    }

    it(`[COUNT] [NAME] while it is to ${name}, can be repeated by its caller`, async () => {
      for (let n = 0; ; n += 1) {
        const id = await change.prepare();
        const line = cutAfter(n, 'mute');
        await change.run(id).catch(() => {});
        const wasCut = line.wasCut();
        world.line.fate = () => 'pass';
        // A room that was deleted at the first try is not there any more.
        await change.run(id).catch((error: unknown) => expect(String(error)).toContain('no room'));
        await sweepAll();
        change.expected(await expectConsistent(id, people));
        if (!wasCut) break;
      }
    }, 120_000);
  }
});
