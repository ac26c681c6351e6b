/** [ACK] What is stored is told although Service Bus, or Web PubSub, is away for a while. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMessages } from '../../../functions/messages/store.ts';
import { publish } from '../../../functions/messages/publish.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { understand, type Arrival } from '../../../functions/messages/arrival.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { deliver, laterSeconds } from '../../../functions/messages/delivery.ts';
import { ProblemError } from '../../../functions/platform/problem.ts';
import { until } from '../../support/until.ts';
import { roomOf } from './rooms.ts';
import { sweep } from './sweep.ts';
import { listenToRoom, person, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const alice = person();
const { now } = clock;

/** The next announcement of a room; what else is on the topic is left over. */
async function takeOf(roomId: string): Promise<Arrival> {
  for (;;) {
    const [arrival] = await world.takeArrivals(1);
    if (arrival?.properties['room_id'] === roomId) return arrival;
  }
}

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

describe('[ACK] while Web PubSub is away', () => {
  it('the router announces again what it cannot push, and it is shown once that is back', async () => {
    const room_id = await roomOf(alice);
    await publish(alice, { room_id, content: 'hello' });
    const first = await takeOf(room_id);
    await world.killPart('webPubSub');
    clock.now = () => new Date(now().getTime() - laterSeconds * 1_000);
    await deliver([first]);
    clock.now = now;
    await world.startPart('webPubSub');
    const listener = await listenToRoom(world, room_id);
    const again = await takeOf(room_id);
    expect(again.messageId).not.toBe(first.messageId);
    await deliver([again]);
    await until(() => listener.frames.length > 0, { what: 'the message' });
    expect(listener.frames).toMatchObject([{ type: 'message', seq: 1, content: 'hello' }]);
    listener.close();
  }, 60_000);
});
