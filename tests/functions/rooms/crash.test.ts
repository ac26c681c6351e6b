/**
 * Every change of several partitions, disturbed at each of its writes in turn: the process dies there, or the answer
 * is lost, or it sleeps there while the sweep takes its intent for an abandoned one. In the end nothing is half done,
 * and what was acknowledged or repeated is so. (Before a write, all that was read is as old as it can be.)
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { join, leave } from '../../../functions/membership/membership.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { ProblemError } from '../../../functions/platform/problem.ts';
import { createRoom } from '../../../functions/rooms/creation.ts';
import { deleteRoom } from '../../../functions/rooms/deletion.ts';
import { changeRoom } from '../../../functions/rooms/change.ts';
import type { Fate } from '../messages/faults.ts';
import { person, startWorld, type World } from '../messages/world.ts';
import { expectConsistent, sweepAll, sweepNow, type RoomTruth } from './truth.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
afterEach(() => {
  world.line.fate = () => 'pass';
});

const owner = person();
const guest = person();
const people = [owner.user_id, guest.user_id];

async function ownRoom(): Promise<string> {
  const { id } = await createRoom(owner, { name: `Room ${newId()}`, description: '' });
  return id;
}

interface Change {
  /** Brings a room into being, or only its id. */
  prepare: () => Promise<string>;
  run: (roomId: string) => Promise<unknown>;
  /** Whether it is done. */
  isDone: (truth: RoomTruth, roomId: string) => boolean;
}

const changes: Record<string, Change> = {
  'create a room': {
    prepare: () => Promise.resolve(newId()),
    run: (id) => createRoom(owner, { id, name: `Room ${id}`, description: '' }),
    isDone: ({ state, members }) => state === 'open' && members.includes(owner.user_id),
  },
  'rename a room': {
    prepare: ownRoom,
    run: (id) => changeRoom(owner, id, { name: `New ${id}` }),
    isDone: ({ name }, id) => name === `New ${id}`,
  },
  join: {
    prepare: ownRoom,
    run: (id) => join(guest, id),
    isDone: ({ members }) => members.length === 2,
  },
  leave: {
    prepare: async () => {
      const id = await ownRoom();
      await join(guest, id);
      return id;
    },
    run: (id) => leave(guest.user_id, id),
    isDone: ({ members }) => members.length === 1,
  },
  'delete a room': {
    prepare: ownRoom,
    run: (id) => deleteRoom(owner, id),
    isDone: ({ state }) => state !== 'open',
  },
};

type Disturbance = (
  change: Change,
  roomId: string,
  n: number,
) => Promise<{ met: boolean; mustBeDone: boolean }>;

/** Counts writes, and does something about the `n`-th. */
function atWrite(n: number, then: typeof world.line.fate, later: 'pass' | 'lose'): () => boolean {
  let seen = -1;
  world.line.fate = (request) => {
    if (request.method !== 'GET') seen += 1;
    else if (seen < n) return 'pass';
    else return later;
    if (seen === n) return then(request);
    return seen < n ? 'pass' : later;
  };
  return () => seen >= n;
}

const tryTo = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** A repeat may find that there is nothing left to do. */
async function repeat(change: Change, roomId: string): Promise<void> {
  await change.run(roomId).catch((error: unknown) => {
    if (!(error instanceof ProblemError && error.code === 'room_not_found')) throw error;
  });
}

const disturbances: Record<string, Disturbance> = {
  'that dies leaves nothing half done': async (change, roomId, n) => {
    const met = atWrite(n, () => 'lose', 'lose');
    const mustBeDone = await tryTo(change.run(roomId));
    return { met: met(), mustBeDone };
  },
  'that dies can be followed by a repeat': async (change, roomId, n) => {
    const met = atWrite(n, () => 'lose', 'lose');
    await tryTo(change.run(roomId));
    const isMet = met();
    world.line.fate = () => 'pass';
    await repeat(change, roomId);
    return { met: isMet, mustBeDone: true };
  },
  'that misses an answer can be asked again': async (change, roomId, n) => {
    const met = atWrite(n, () => 'mute', 'pass');
    if (!(await tryTo(change.run(roomId)))) await repeat(change, roomId);
    return { met: met(), mustBeDone: true };
  },
  'that sleeps while the sweep takes it for dead does no harm': async (change, roomId, n) => {
    const asleep = async (): Promise<'pass'> => {
      await sweepNow();
      return 'pass';
    };
    const met = atWrite(n, asleep, 'pass');
    const mustBeDone = await tryTo(change.run(roomId));
    return { met: met(), mustBeDone };
  },
};

describe('[COUNT] [NAME] a process', () => {
  for (const [how, disturb] of Object.entries(disturbances)) {
    for (const [what, change] of Object.entries(changes)) {
      it(`${how}: at each write, to ${what}`, async () => {
        for (let n = 0; ; n += 1) {
          const roomId = await change.prepare();
          const { met, mustBeDone } = await disturb(change, roomId, n);
          world.line.fate = () => 'pass';
          await sweepAll();
          const truth = await expectConsistent(roomId, people);
          if (mustBeDone) expect(change.isDone(truth, roomId), `disturbed at write ${n}`).toBe(true);
          if (!met) break;
          expect(n).toBeLessThan(60);
        }
      }, 120_000);
    }
  }

  it('that dies after counting somebody in who left meanwhile leaves no ghost', async () => {
    const roomId = await ownRoom();
    let counted = false;
    world.line.fate = async ({ path, body }): Promise<Fate> => {
      if (counted) return 'lose';
      if (!path.startsWith('/$batch') || !body.includes(guest.user_id)) return 'pass';
      world.line.fate = () => 'pass';
      await leave(guest.user_id, roomId);
      world.line.fate = () => 'lose';
      counted = true;
      return 'pass';
    };
    expect(await tryTo(join(guest, roomId))).toBe(false);
    expect(counted).toBe(true);
    world.line.fate = () => 'pass';
    await sweepAll();
    expect((await expectConsistent(roomId, people)).members).toEqual([owner.user_id]);
  });
});
