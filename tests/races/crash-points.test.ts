/**
 * Every change, alone, on an instance that dies at each of its requests in turn: with that request lost, or with only
 * its answer lost. Then nothing but the sweep comes, or its caller repeats it on another instance while the first one
 * dies. And every change on an instance that sleeps before each of its requests while the sweep takes it for dead.
 * HUBBUB_TORTURE_RUNS multiplies the orders that are drawn for what goes in parallel.
 */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  connect,
  create,
  join,
  joinAndHear,
  leave,
  publish,
  publishMany,
  remove,
  rename,
  route,
  sweep,
  type Operation,
} from './operations.ts';
import { runs } from '../support/draws.ts';
import type { Fate } from './line.ts';
import { Races, type Part } from './run.ts';

let races: Races;
beforeAll(async () => {
  races = await Races.open();
});

const room = create(0, 0, 'Quay');

/** Each with what comes before it, and how its repeat may end. */
type Change = [change: Operation, before: Operation[], repeat: string];
const changes: Change[] = [
  [publish(0, 0, 0), [room], 'done'],
  [publishMany(0, 0, [0, 1, 2]), [room], 'done'],
  [room, [], 'done'],
  [create(0, 1, 'Quay'), [room], 'refused'],
  [rename(0, 0, 'Pier'), [room], 'done'],
  [joinAndHear(1, 0), [room, connect(1, 0)], 'done'],
  [leave(1, 0), [room, connect(1, 0), join(1, 0)], 'done'],
  [connect(1, 0), [room, join(1, 0)], 'done or refused'],
  [remove(0, 0), [room, connect(1, 0), join(1, 0), publish(1, 0, 0)], 'done or refused'],
  [route, [room, publish(0, 0, 0), publish(0, 0, 1)], 'done'],
];

const named = changes.map((change) => [change[0].what, ...change] as const);

/** More requests than any change makes. */
const endless = 150;

/** Goes through an instance's requests, as long as `runAt` met one. */
async function atEach(first: number, runAt: (at: number) => Promise<boolean>): Promise<number> {
  let at = first;
  while (await runAt(at)) {
    at += 1;
    expect(at).toBeLessThan(endless);
  }
  return at - first;
}

/** Runs the change with this fate a few times, and answers how it ended. */
async function tryOut(
  [operation, prepare, repeat]: Change,
  fate: Fate,
  others: (repeats: boolean) => Part[],
): Promise<Set<string>> {
  const ended = new Set<string>();
  const drawn = fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, repeats) => {
    const beside = others(repeats);
    const endings = await races.run(scheduler, prepare, [{ operation, ...fate }, ...beside]);
    const [ending] = endings;
    if (ending) ended.add(ending.kind);
    if (ending?.slept) ended.add('slept');
    if (beside.some((part) => part.operation === operation)) expect(repeat).toContain(endings[1]?.kind);
  });
  await fc.assert(drawn, runs(2));
  return ended;
}

describe.each([
  ['is lost', false],
  ['is not answered', true],
])('[ACK] [LOG] [COUNT] [NAME] [ISO] [GONE] an instance that dies when a request %s', (_how, arrives) => {
  it.each(named)('leaves nothing half done: %s', async (_what, ...change) => {
    const met = await atEach(0, async (at) => {
      const beside = (repeats: boolean): Part[] => (repeats ? [{ operation: change[0] }] : []);
      return (await tryOut(change, { death: { at, arrives } }, beside)).has('dead');
    });
    expect(met).toBeGreaterThan(1);
  });
});

/** Comes when nobody else has anything to do: then the change, which sleeps, is taken for dead. */
const sweepMeanwhile: Part[] = [{ operation: sweep, sleepsAt: 0 }];

/** What no ETag guards: who wakes up to it and dies of it leaves a row that nobody sees, and no intent. */
const spares = /^(memberships|rooms): create /u;

describe('[ACK] [LOG] [COUNT] [NAME] [ISO] [GONE] an instance that sleeps until the sweep has passed', () => {
  it.each(named)('goes on and does no harm: %s', async (_what, ...change) => {
    const met = await atEach(0, async (sleepsAt) =>
      (await tryOut(change, { sleepsAt }, () => sweepMeanwhile)).has('slept'),
    );
    expect(met).toBeGreaterThan(1);
  });

  it.each(named)('leaves nothing half done where it dies after that: %s', async (_what, ...change) => {
    const met = await atEach(0, async (sleepsAt) => {
      let slept = false;
      await atEach(sleepsAt, async (at) => {
        const ended = await tryOut(
          change,
          { sleepsAt, death: { at, arrives: true, spares } },
          () => sweepMeanwhile,
        );
        slept ||= ended.has('slept');
        return ended.has('dead') || at < sleepsAt + 3;
      });
      return slept;
    });
    expect(met).toBeGreaterThan(1);
  });
});
