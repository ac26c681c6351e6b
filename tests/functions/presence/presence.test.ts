/** Rows of connections are hints: they are believed while young, looked for when old, and never wrong for ever. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join, leave } from '../../../functions/membership/membership.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import {
  connected,
  connecting,
  disconnected,
  pruneConnections,
} from '../../../functions/presence/lifecycle.ts';
import { countConnections, nameOf, whoIsOnline } from '../../../functions/presence/presence.ts';
import { until } from '../../support/until.ts';
import { connect, startLive, type Live } from '../realtime/live.ts';
import { signIn, type Caller } from '../rooms/api.ts';

let live: Live;
let alice: Caller;
const { now } = clock;
beforeAll(async () => {
  live = await startLive();
  alice = await signIn();
});
afterAll(() => live.stop());

const isOnline = async (userId: string): Promise<boolean> => (await whoIsOnline([userId])).has(userId);

/** As if that much time had passed since every row was written. */
async function later<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  clock.now = () => new Date(Date.now() + seconds * 1_000);
  try {
    return await work();
  } finally {
    clock.now = now;
  }
}

describe('a connection that went without a word', () => {
  it('counts as there while its row is young, and not for longer', async () => {
    const lost = newId();
    const ghost = await signIn();
    await connecting(ghost.id, lost);
    expect(await isOnline(ghost.id)).toBe(false);
    live.arrives = () => {};
    const real = await connect(alice);
    await until(() => isOnline(alice.id), { what: 'alice to be online' });
    await later(601, pruneConnections);
    // The one that is there stays, and is believed again.
    expect(await isOnline(alice.id)).toBe(true);
    expect(await countConnections()).toBe(1);
    real.close();
    await until(async () => (await countConnections()) === 0, { what: 'alice to be gone' });
  });

  it('holds up nobody who joins or leaves', async () => {
    const bob = await signIn();
    await connecting(bob.id, newId());
    const { id } = await alice.room(`Held up ${newId()}`);
    // Ten minutes later it is still opening, and 5 s of patience are over at once.
    let time = Date.now();
    clock.now = () => new Date((time += 6_000));
    await join(bob.principal, id);
    expect(await leave(bob.id, id)).toBe(1);
    clock.now = now;
  });
});

describe('events of a connection', () => {
  it('that come out of order leave no row behind', async () => {
    const carol = await signIn();
    const connection = newId();
    await connecting(carol.id, connection);
    await disconnected(carol.id, connection);
    await connected(carol.id, connection);
    expect(await isOnline(carol.id)).toBe(false);
    await disconnected(carol.id, connection);
  });

  it('that come twice do no harm', async () => {
    const carol = await signIn();
    const connection = newId();
    const { id } = await carol.room(`Twice ${newId()}`);
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await connecting(carol.id, connection)).toEqual([`room-${id}`]);
    }
    for (let turn = 0; turn < 2; turn += 1) await connected(carol.id, connection);
    expect(await isOnline(carol.id)).toBe(true);
    await disconnected(carol.id, connection);
    expect(await isOnline(carol.id)).toBe(false);
  });
});

describe('a name', () => {
  it('is known from the first negotiation on, and is the id before', async () => {
    const dave = await signIn();
    expect(await nameOf(dave.id)).toBe(dave.id);
    expect((await dave.negotiate()).status).toBe(200);
    expect(await nameOf(dave.id)).toBe(dave.principal.name);
  });
});
