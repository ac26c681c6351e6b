/** [GONE] After a room is deleted nothing can be added to it, and in the end nothing of it is left. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoomsUpdated } from '../../../contract/events.ts';
import { erasuresQueue } from '../../../contract/names.ts';
import { join, leave } from '../../../functions/membership/membership.ts';
import { postPublish } from '../../../functions/messages/http.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { odata, readAll, transact, type Action, type TableName } from '../../../functions/platform/tables.ts';
import { eraseStep } from '../../../functions/rooms/deletion.ts';
import { until } from '../../support/until.ts';
import { call } from '../call.ts';
import { listenToDirectory, startWorld, type World } from '../messages/world.ts';
import { signIn, type Caller } from './api.ts';

let world: World;
let alice: Caller;
let bob: Caller;
beforeAll(async () => {
  world = await startWorld();
  [alice, bob] = [await signIn(), await signIn()];
});
afterAll(() => world.stop());

/** Runs the steps that are on the queue, as the trigger would, until nothing is left of a room. */
async function erase(id: string): Promise<number> {
  const receiver = world.bus.createReceiver(erasuresQueue);
  let steps = 0;
  while ((await countRows(odata`PartitionKey eq ${id}`)) > 0) {
    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 60_000 });
    if (!message) throw new Error('A step was not scheduled');
    const { room_id } = message.body as { room_id: string };
    await eraseStep(room_id);
    // As a redelivery would have it.
    if (steps === 0) await eraseStep(room_id);
    await receiver.completeMessage(message);
    steps += 1;
  }
  await receiver.close();
  return steps;
}

async function countRows(filter: string, tables: TableName[] = ['rooms', 'directory', 'memberships']) {
  let count = 0;
  for (const name of tables) for await (const _ of readAll(name, filter)) count += 1;
  return count;
}

describe('[GONE] a deleted room', () => {
  it('is announced as removed, after everything that was announced of it before', async () => {
    const listener = await listenToDirectory(world);
    const { id } = await alice.room('Announced');
    await alice.change(id, { description: 'soon gone' });
    await alice.remove(id);
    const frames = () => listener.frames as unknown as RoomsUpdated[];
    const isTold = (): boolean => frames().some(({ removed }) => removed.includes(id));
    // Created, changed, removed.
    await world.route(3);
    await until(isTold, { what: 'the removal' });
    const last = frames().findLast(
      ({ rooms, removed }) => removed.includes(id) || rooms.some((room) => room.id === id),
    );
    expect(last?.removed).toContain(id);
    listener.close();
  });

  it('takes no member, no message and no change, and shows nothing', async () => {
    const { id } = await alice.room('Gone');
    await join(bob.principal, id);
    expect((await alice.remove(id)).status).toBe(200);
    const publish = { token: bob.token, body: { room_id: id, content: 'too late' } };
    expect((await call(postPublish, publish)).status).toBe(404);
    expect((await alice.change(id, { name: 'Back' })).status).toBe(404);
    expect((await alice.create({ id, name: 'Gone' })).body.code).toBe('room_id_in_use');
    expect((await bob.members(id)).status).toBe(404);
    expect((await bob.markRead(id, { seq: 1 })).status).toBe(404);
    expect((await bob.mine()).body).toEqual([]);
    expect((await bob.list({ query: 'gone' })).body).toEqual([]);
    await expect(join((await signIn()).principal, id)).rejects.toThrow('no room');
    await expect(leave(bob.id, id)).rejects.toThrow('no room');
  });

  it('is erased to the last row, in steps, some of which come twice', async () => {
    const { id } = await alice.room('Erased');
    await join(bob.principal, id);
    const messages = Array.from({ length: 230 }, (_, index): Action => {
      const rowKey = `message_${String(index + 1).padStart(15, '0')}`;
      return { type: 'insert', row: { partitionKey: id, rowKey, content: 'x' } };
    });
    for (let from = 0; from < messages.length; from += 100)
      await transact('rooms', messages.slice(from, from + 100));
    await alice.remove(id);
    expect(await erase(id)).toBeGreaterThan(3);
    expect(await countRows(odata`PartitionKey eq ${id} or RowKey eq ${id} or room_id eq ${id}`)).toBe(0);
  });

  it('leaves the other rooms of its members alone', async () => {
    const [gone, stays] = [await alice.room('Goes'), await alice.room('Stays')];
    await join(bob.principal, stays.id);
    await join(bob.principal, gone.id);
    await alice.remove(gone.id);
    await erase(gone.id);
    expect((await bob.mine()).body.map(({ room }) => room.id)).toEqual([stays.id]);
    expect((await alice.read(stays.id)).body.member_count).toBe(2);
  });

  it('lets nobody in who comes at the same time', async () => {
    const guests = await Promise.all(Array.from({ length: 5 }, signIn));
    const { id } = await alice.room(`Race ${newId()}`);
    await Promise.allSettled([
      ...guests.map(({ principal }) => join(principal, id)),
      alice.remove(id),
      ...guests.map(({ principal }) => join(principal, id)),
    ]);
    await erase(id);
    for (const guest of guests) expect((await guest.mine()).body).toEqual([]);
    expect(await countRows(odata`PartitionKey eq ${id} or RowKey eq ${id}`)).toBe(0);
  });
});
