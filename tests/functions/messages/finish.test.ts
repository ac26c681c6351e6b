/** [ACK] The end of a publish whose process died: what stands in the log is told, by whoever finds its intent. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeIntent } from '../../../functions/intents/intents.ts';
import { announceNumbers } from '../../../functions/messages/announce.ts';
import { understand } from '../../../functions/messages/arrival.ts';
import { append, readOpenLog } from '../../../functions/messages/log.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { roomOf } from './rooms.ts';
import { countIntents, sweep } from './sweep.ts';
import { person, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const alice = person();

/** What was announced of a room until now: the topic keeps the order, so it ends with a number of our own. */
async function toldOf(roomId: string): Promise<number[]> {
  const end = 1_000_000;
  await announceNumbers(roomId, [end]);
  const told: number[] = [];
  while (!told.includes(end)) {
    for (const arrival of await world.takeArrivals(1)) {
      const meaning = understand(arrival);
      if (meaning.kind === 'messages' && meaning.room_id === roomId) told.push(...meaning.seqs);
    }
  }
  return told.filter((seq) => seq !== end);
}

it('[ACK] the sweep announces what a publish stored and did not live to announce, and is done with it', async () => {
  const room_id = await roomOf(alice);
  const draft = { message_id: newId(), content: 'hello', sender: alice.user_id, sender_name: alice.name };
  const log = await readOpenLog(room_id);
  await writeIntent({ kind: 'publish', room_id, message_ids: [draft.message_id] });
  await append(room_id, log, [draft]);
  expect(await toldOf(room_id)).toEqual([]);
  await sweep();
  expect(await toldOf(room_id)).toEqual([1]);
  expect(await countIntents()).toBe(0);
});

it('[ACK] the sweep announces nothing for a publish that stored nothing', async () => {
  const room_id = await roomOf(alice);
  await writeIntent({ kind: 'publish', room_id, message_ids: [newId()] });
  await sweep();
  expect(await toldOf(room_id)).toEqual([]);
});
