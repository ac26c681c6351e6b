/**
 * A change, alone, on an instance that dies at each of its requests in turn: with that request lost, or with only its
 * answer lost. Then nothing but the sweep comes, or its caller repeats it on another instance while the first one dies.
 * And on an instance that sleeps before each of its requests while the sweep takes it for dead.
 * HUBBUB_TORTURE_RUNS multiplies the orders that are drawn for what goes in parallel.
 */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../support/draws.ts';
import type { Fate } from './line.ts';
import { sweep, type Operation } from './operations.ts';
import { Races, type Part } from './run.ts';

/** Each with what comes before it, and how its repeat may end. */
export type Change = [change: Operation, before: Operation[], repeat: string];
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
  races: Races,
  [operation, prepare, repeat]: Change,
  { draws = 2, ...fate }: Fate & { draws?: number },
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
  await fc.assert(drawn, runs(draws));
  return ended;
}

/** Comes when nobody else has anything to do: then the change, which sleeps, is taken for dead. */
const sweepMeanwhile: Part[] = [{ operation: sweep, sleepsAt: 0 }];

/** What no ETag guards: who wakes up to it and dies of it leaves a row that nobody sees, and no intent. */
const spares = /^(memberships|rooms): create /u;

/**
 * The tests of these changes. `rules` are those that they are held against; `draws` is how often what sleeps and dies is
 * tried.
 */
export function describeCrashes(rules: string, changes: Change[], draws = 2): void {
  let races: Races;
  beforeAll(async () => {
    races = await Races.open();
  });
  const named = changes.map((change) => [change[0].what, ...change] as const);

  describe.each([
    ['is lost', false],
    ['is not answered', true],
  ])(`${rules} an instance that dies when a request %s`, (_how, arrives) => {
    it.each(named)('leaves nothing half done: %s', async (_what, ...change) => {
      const met = await atEach(0, async (at) => {
        const beside = (repeats: boolean): Part[] => (repeats ? [{ operation: change[0] }] : []);
        return (await tryOut(races, change, { death: { at, arrives } }, beside)).has('dead');
      });
      expect(met).toBeGreaterThan(1);
    });
  });

  describe(`${rules} an instance that sleeps until the sweep has passed`, () => {
    it.each(named)('goes on and does no harm: %s', async (_what, ...change) => {
      const met = await atEach(0, async (sleepsAt) =>
        (await tryOut(races, change, { sleepsAt }, () => sweepMeanwhile)).has('slept'),
      );
      expect(met).toBeGreaterThan(1);
    });

    it.each(named)('leaves nothing half done where it dies after that: %s', async (_what, ...change) => {
      const met = await atEach(0, async (sleepsAt) => {
        let slept = false;
        await atEach(sleepsAt, async (at) => {
          const ended = await tryOut(
            races,
            change,
            { sleepsAt, death: { at, arrives: true, spares }, draws },
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
}
