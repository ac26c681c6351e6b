/**
 * Every change of a room, asleep before each of its requests in turn until another change has come and gone: whatever
 * it had read by then is as old as can be.
 */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../support/draws.ts';
import { connect, create, join, leave, publish, publishMany, remove, rename } from './operations.ts';
import { Races } from './run.ts';

let races: Races;
beforeAll(async () => {
  races = await Races.open();
});

const before = [create(0, 0, 'Quay'), create(0, 1, 'Pier'), connect(1, 11), join(1, 0)];
const sleepers = [
  publish(1, 0, 0),
  publishMany(0, 0, [0, 1]),
  rename(0, 0, 'Mole'),
  create(2, 2, 'Mole'),
  join(2, 0),
  join(1, 0),
  leave(1, 0),
  connect(1, 12),
  remove(0, 0),
].map((one) => [one.what, one] as const);
const passers = [
  publish(1, 0, 0),
  rename(0, 0, 'Jetty'),
  rename(0, 1, 'Mole'),
  create(0, 2, 'Mole'),
  join(2, 0),
  leave(1, 0),
  connect(1, 12),
  remove(0, 0),
];

describe('[ACK] [LOG] [COUNT] [NAME] [ISO] [GONE] the rules hold', () => {
  it.each(sleepers)('where any other change overtakes, at any request: %s', async (_what, sleeper) => {
    for (const passer of passers) {
      let slept = true;
      for (let sleepsAt = 0; slept; sleepsAt += 1) {
        slept = false;
        const parts = [{ operation: sleeper, sleepsAt }, { operation: passer }];
        const once = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
          const [ending] = await races.run(scheduler, before, parts);
          slept ||= ending?.slept ?? false;
        });
        await fc.assert(once, runs(1));
        expect(sleepsAt).toBeLessThan(150);
      }
    }
  });
});
