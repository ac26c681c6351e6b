/** Publishing: one dense log, nothing acknowledged is lost, nothing is stored twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Published } from '../../../contract/messages.ts';
import { publish } from '../../../functions/messages/publish.ts';
import { readHead } from '../../../functions/messages/log.ts';
import { readMessages } from '../../../functions/messages/store.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { roomOf } from './rooms.ts';
import { listenToRoom, person, startWorld, type World } from './world.ts';
import { until } from '../../support/until.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

describe('publishing', () => {
  it('numbers messages from 1, stores them, and tells the room', async () => {
    const alice = person();
    const room_id = await roomOf(alice);
    const listener = await listenToRoom(world, room_id);
    const answers: Published[] = [];
    for (const content of ['one', 'two', 'three']) answers.push(await publish(alice, { room_id, content }));
    expect(answers.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    await world.route();
    await until(() => listener.frames.length > 0, { what: 'frames' });
    console.log(JSON.stringify(listener.frames));
  });
  it('[LOG] keeps one dense sequence under 50 publishers at once', async () => {
    const people = Array.from({ length: 50 }, person);
    const room_id = await roomOf(...people);
    const began = Date.now();
    const answers = await Promise.all(
      people.map((one, i) => publish(one, { room_id, content: `hello ${i}`, message_id: newId() })),
    );
    console.log('took', Date.now() - began);
    expect(answers.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    expect(await readHead(room_id)).toBe(50);
    expect((await readMessages(room_id, 1, 50)).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
  });
});
