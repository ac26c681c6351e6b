/** The sweep: which intents are old, by whose clock, and that one which cannot be finished holds up no other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  readOldIntents,
  removeIntent,
  writeIntent,
  type Intent,
} from '../../../functions/intents/intents.ts';
import { sweep } from '../../../functions/intents/sweep.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { settings } from '../../../functions/platform/settings.ts';
import { startWorld, type World } from '../messages/world.ts';
import { signIn } from '../rooms/api.ts';

let world: World;
const { now } = clock;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function oldIntents(ageInSeconds: number): Promise<Intent[]> {
  settings().INTENT_SECONDS = ageInSeconds;
  const found: Intent[] = [];
  for await (const { intent } of readOldIntents()) found.push(intent);
  return found;
}

describe('intents', () => {
  it('are old by the storage’s clock, whatever ours says', async () => {
    const intent: Intent = { kind: 'leave', room_id: newId(), user_id: newId() };
    const handle = await writeIntent(intent);
    // A day ahead, an intent of this second would be old by our clock.
    clock.now = () => new Date(Date.now() + 86_400_000);
    expect(await oldIntents(30)).toEqual([]);
    clock.now = () => new Date(0);
    // Below zero: written in this second of the storage's clock.
    expect(await oldIntents(-10)).toEqual([intent]);
    clock.now = now;
    await removeIntent(handle);
    await removeIntent(handle);
    expect(await oldIntents(-10)).toEqual([]);
  });

  it('spread over sixteen partitions', async () => {
    const handles = await Promise.all(
      Array.from({ length: 64 }, () => writeIntent({ kind: 'delete', room_id: newId() })),
    );
    expect(new Set(handles.map(({ partition }) => partition)).size).toBeGreaterThan(8);
    expect((await oldIntents(-10)).length).toBe(64);
    await sweep(() => {});
    expect(await oldIntents(-10)).toEqual([]);
  });
});

describe('the sweep', () => {
  it('finishes what it can, keeps what it cannot, and says which', async () => {
    const alice = await signIn();
    const { id } = await alice.room(`Swept ${newId()}`);
    const bad = newId();
    await writeIntent({ kind: 'join', room_id: bad, user_id: alice.id, name: 'x' });
    await writeIntent({ kind: 'delete', room_id: newId() });
    settings().INTENT_SECONDS = -10;
    world.line.fate = ({ path }) => (path.includes(bad) ? 'lose' : 'pass');
    const said: string[] = [];
    await sweep((line) => said.push(line));
    expect(said).toHaveLength(1);
    expect(JSON.parse(said[0]!)).toMatchObject({ kind: 'join' });
    expect(await oldIntents(-10)).toMatchObject([{ kind: 'join', room_id: bad }]);
    world.line.fate = () => 'pass';
    await sweep((line) => said.push(line));
    expect(said).toHaveLength(1);
    expect(await oldIntents(-10)).toEqual([]);
    expect((await alice.read(id)).body.member_count).toBe(1);
  });
});
