/**
 * The code makes the operations that the cost model counts with. After a change that makes more or fewer:
 * `npm run cost -- --measure`, then `npm run cost -- --document`.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { measure } from '../../infra/cost/measure.ts';
import { measured } from '../../infra/cost/measured.ts';
import {
  eachOperation,
  operationNames,
  type Measurement,
  type Operations,
} from '../../infra/cost/operations.ts';
import { perMessage } from '../../infra/cost/workload.ts';

let now: Measurement;

beforeAll(async () => {
  now = await measure(300);
}, 600_000);

/** What comes once in a while (a counter written, a handshake) weighs more in few than in many. */
const near = (name: string, found: number, stands: number, share = 0.06): void => {
  const drift = Math.abs(found - stands);
  expect(drift, `${name}: ${found} now, ${stands} in measured.ts`).toBeLessThanOrEqual(
    Math.max(0.45, stands * share),
  );
};

const nearAll = (found: Operations, stands: Operations): void => {
  for (const name of operationNames) near(name, found[name], stands[name]);
};

/** In a burst, frames and the router's runs hang on what it finds waiting. */
const steady = operationNames.filter((name) => name !== 'frames' && name !== 'routeRuns');

describe('operations of', () => {
  it.each(['idle', 'read', 'visit', 'sweep', 'prune'] as const)('%s', (thing) => {
    nearAll(now[thing], measured[thing]);
  });

  it('a transaction of a burst, with as many messages as there were', () => {
    const together = now.burstBatch;
    expect(together).toBeGreaterThan(5);
    const ofAll = (each: Operations): Operations => eachOperation((name) => each[name] * together);
    const [found, stands] = [ofAll(now.burst), ofAll(perMessage(together))];
    // Which of the senders need a new lease of their limit hangs on where they stand; one request more for each
    // message would be three quarters more.
    for (const name of steady) near(name, found[name], stands[name], 0.25);
  });

  it('and the bytes around a text in a frame', () => {
    near('envelope', now.envelope, measured.envelope);
  });
});
