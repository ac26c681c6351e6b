/**
 * [ACK] What is acknowledged is kept and what is stored is told, whatever dies or is lost in between: instances are
 * killed at each of their requests, and in-process schedules of publishes, repeats, losses and sweeps are drawn at
 * random. `sweep` here finishes every intent at once, as if all were old: the hardest case for a live publisher.
 */
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readHead } from '../../../functions/messages/log.ts';
import { publish } from '../../../functions/messages/publish.ts';
import { readLog, readMessages, touchLog } from '../../../functions/messages/store.ts';
import { understand } from '../../../functions/messages/arrival.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { isAppend, isIntent, type Fate, type TableRequest } from './faults.ts';
import { startInstance } from './instances.ts';
import { roomOf } from './rooms.ts';
import { countIntents, sweep } from './sweep.ts';
import { person, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
afterEach(() => {
  world.line.fate = () => 'pass';
});

const alice = person();

/** After all is over: what the log holds is dense, each id once, and is told (or this waits in vain). Answers it. */
async function expectTold(roomId: string) {
  const head = await readHead(roomId);
  const messages = await readMessages(roomId, 1, head + 100);
  expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
  expect(new Set(messages.map(({ message_id }) => message_id)).size).toBe(head);
  const told = new Set<number>();
  while (told.size < head) {
    for (const arrival of await world.takeArrivals(1)) {
      const meaning = understand(arrival);
      if (meaning.kind === 'messages' && meaning.room_id === roomId)
        for (const seq of meaning.seqs) told.add(seq);
    }
  }
  expect([...told].toSorted((left, right) => left - right)).toEqual(messages.map(({ seq }) => seq));
  return messages;
}

const steps: Record<string, (request: TableRequest) => boolean> = {
  'writing the intent': (request) => isIntent(request, 'POST'),
  'appending to the log': isAppend,
  'removing the intent': (request) => isIntent(request, 'DELETE'),
};

describe('[ACK] an instance that dies', () => {
  for (const [step, isStep] of Object.entries(steps)) {
    for (const done of [false, true]) {
      it(`${done ? 'after' : 'before'} ${step} loses nothing acknowledged and leaves nothing untold`, async () => {
        const room_id = await roomOf(alice);
        const message = { message_id: newId(), content: 'hello' };
        const instance = startInstance({ principal: alice, room_id, messages: [message], lingers: true });
        let died = false;
        world.line.fate = (request): Fate => {
          if (died || !isStep(request)) return died ? 'lose' : 'pass';
          died = true;
          instance.kill();
          return done ? 'mute' : 'lose';
        };
        const answers = await instance.answers;
        expect(died).toBe(true);
        world.line.fate = () => 'pass';
        await sweep();
        const stored = await expectTold(room_id);
        expect(stored.length).toBe(
          step === 'removing the intent' || (done && step !== 'writing the intent') ? 1 : 0,
        );
        for (const { seq } of answers) expect(stored[0]?.seq).toBe(seq);
        // Its client comes back with the same message.
        expect((await publish(alice, { room_id, ...message })).seq).toBe(1);
        expect((await expectTold(room_id)).length).toBe(1);
      });
    }
  }

  it('with its append still on the way stores nothing that nobody is told of', async () => {
    const room_id = await roomOf(alice);
    const messages = [{ message_id: newId(), content: 'late' }];
    const instance = startInstance({ principal: alice, room_id, messages, lingers: true });
    let release = (): void => {};
    let arrived = (): void => {};
    const held = new Promise<void>((done) => (arrived = done));
    const gate = new Promise<void>((done) => (release = done));
    world.line.fate = async (request): Promise<Fate> => {
      if (isAppend(request)) {
        arrived();
        await gate;
      }
      return 'pass';
    };
    await held;
    instance.kill();
    await instance.answers;
    await sweep();
    expect(await countIntents()).toBe(0);
    release(); // Only now does the append reach the storage.
    await publish(alice, { room_id, content: 'next' });
    expect((await expectTold(room_id)).map(({ content }) => content)).toEqual(['next']);
  });
});

describe('[ACK] a publisher that only slept', () => {
  it('is not overtaken by the sweep: it tries again, under a new intent', async () => {
    const room_id = await roomOf(alice);
    let swept = false;
    world.line.fate = async (request): Promise<Fate> => {
      if (isAppend(request) && !swept) {
        swept = true;
        await sweep();
      }
      return 'pass';
    };
    const { seq } = await publish(alice, { room_id, content: 'slow' });
    expect([swept, seq]).toEqual([true, 1]);
    await expectTold(room_id);
  });

  it('reads the log before it writes its intent, for every append anew: or the sweep could not end it', async () => {
    const room_id = await roomOf(alice);
    const done: string[] = [];
    world.line.fate = async (request): Promise<Fate> => {
      if (request.method === 'GET' && request.path.includes("RowKey='log'")) done.push('log');
      if (isIntent(request, 'POST')) done.push('intent');
      if (isAppend(request)) {
        if (!done.includes('append')) await touch(room_id);
        done.push('append');
      }
      return 'pass';
    };
    await publish(alice, { room_id, content: 'second attempt' });
    const attempt = ['log', 'intent', 'append'];
    // The log that the test itself read to get in between.
    expect(done).toEqual(['log', 'intent', 'log', 'append', ...attempt]);
    await expectTold(room_id);
  });

  /** Changes the log as another publisher would. */
  async function touch(roomId: string): Promise<void> {
    const log = await readLog(roomId);
    if (log) await touchLog(roomId, log);
  }
});

describe('[LOG] [ACK] whatever the order of publishes, repeats, losses and sweeps', () => {
  const fates = fc.array(fc.constantFrom<Fate>('pass', 'pass', 'pass', 'lose', 'mute'), { maxLength: 14 });
  const actions = fc.array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('publish' as const),
          message: fc.nat(5),
          wait: fc.boolean(),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('sweep' as const), wait: fc.boolean() }) },
    ),
    { minLength: 1, maxLength: 10 },
  );

  it('the log is dense, what was acknowledged stands under its number, and all of it is told', async () => {
    await fc.assert(
      fc.asyncProperty(actions, fates, async (plan, drawn) => {
        const room_id = await roomOf(alice);
        const ids = Array.from({ length: 6 }, () => newId());
        const left = [...drawn];
        // Reading is harmless to lose, and the fates are few: spend them on what writes.
        world.line.fate = ({ method }) => (method === 'GET' ? 'pass' : (left.shift() ?? 'pass'));
        const acknowledged = new Map<string, number>();
        const running: Promise<unknown>[] = [];
        for (const action of plan) {
          const run =
            action.kind === 'sweep'
              ? sweep().catch(() => {})
              : publish(alice, {
                  room_id,
                  message_id: ids[action.message]!,
                  content: `${action.message}`,
                }).then(
                  ({ message_id, seq }) => {
                    expect(acknowledged.get(message_id) ?? seq).toBe(seq);
                    acknowledged.set(message_id, seq);
                  },
                  () => {}, // Refused: its client would repeat it.
                );
          running.push(run);
          if (action.wait) await run;
        }
        await Promise.all(running);
        world.line.fate = () => 'pass';
        await sweep();
        const stored = await expectTold(room_id);
        for (const [message_id, seq] of acknowledged) expect(stored[seq - 1]?.message_id).toBe(message_id);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  }, 120_000);
});
