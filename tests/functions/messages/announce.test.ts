/** [ACK] Publishing while Service Bus is away: stored, said so, and told as soon as it is back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMessages } from '../../../functions/messages/store.ts';
import { publish } from '../../../functions/messages/publish.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { understand } from '../../../functions/messages/arrival.ts';
import { ProblemError } from '../../../functions/platform/problem.ts';
import { until } from '../../support/until.ts';
import { roomOf } from './rooms.ts';
import { sweep } from './sweep.ts';
import { person, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const alice = person();

describe('[ACK] while Service Bus is away', () => {
  it('a publish is stored and answered with not_announced; its repeat and the sweep tell of it', async () => {
    const room_id = await roomOf(alice);
    const repeated = { room_id, content: 'repeated', message_id: newId() };
    const abandoned = { room_id, content: 'abandoned', message_id: newId() };
    await publish(alice, { room_id, content: 'before' });
    await world.takeArrivals(1);
    await world.killPart('serviceBus');
    for (const body of [repeated, abandoned]) {
      const refusal: unknown = await publish(alice, body).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(ProblemError);
      if (refusal instanceof ProblemError) {
        expect([refusal.code, refusal.more.retryAfterSeconds]).toEqual(['not_announced', 1]);
      }
    }
    expect((await readMessages(room_id, 1, 9)).map(({ content }) => content)).toEqual([
      'before',
      'repeated',
      'abandoned',
    ]);
    await world.startPart('serviceBus');
    const answer = await until(() => publish(alice, repeated), { what: 'an answer to the repeat' });
    expect(answer.seq).toBe(2);
    await sweep();
    const told = new Set<number>();
    while (!told.has(2) || !told.has(3)) {
      for (const arrival of await world.takeArrivals(1)) {
        const meaning = understand(arrival);
        if (meaning.kind === 'messages') for (const seq of meaning.seqs) told.add(seq);
      }
    }
    expect((await readMessages(room_id, 1, 9)).length).toBe(3);
  }, 60_000);
});
