/**
 * The code makes the operations that the cost model counts with. After a change that makes more or fewer:
 * `npm run cost -- --measure`, then `npm run cost -- --document`.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { measure } from '../../infra/cost/measure.ts';
import { measured } from '../../infra/cost/measured.ts';
import { operationNames, type Measurement, type Operations } from '../../infra/cost/operations.ts';
import { perMessage } from '../../infra/cost/workload.ts';

let now: Measurement;

beforeAll(async () => {
  now = await measure(300);
}, 600_000);

/** What comes once in a while (a counter written, a cache read again) weighs more in few than in many. */
const near = (name: string, found: number, stands: number): void => {
  const drift = Math.abs(found - stands);
  expect(drift, `${name}: ${found} now, ${stands} in measured.ts`).toBeLessThanOrEqual(
    Math.max(0.45, stands * 0.06),
  );
};

const nearAll = (found: Operations, stands: Operations): void => {
  for (const name of operationNames) near(name, found[name], stands[name]);
};

describe('operations of', () => {
  it.each(['idle', 'read', 'visit', 'sweep', 'prune'] as const)('%s', (thing) => {
    nearAll(now[thing], measured[thing]);
  });

  it('a message of a burst, at as many together as there were', () => {
    // A frame takes 2 KB, so its count is no straight line between one message and many.
    nearAll({ ...now.burst, frames: 0 }, { ...perMessage(now.burstBatch), frames: 0 });
    expect(now.burstBatch).toBeGreaterThan(5);
  });

  it('and the bytes around a text in a frame', () => {
    near('envelope', now.envelope, measured.envelope);
  });
});
