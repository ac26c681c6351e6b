/**
 * Every change, alone, on an instance that dies at each of its requests in turn: with that request lost, or with only
 * its answer lost. Then nothing but the sweep comes, or its caller repeats it on another instance, while the first one
 * dies. HUBBUB_TORTURE_RUNS multiplies the orders that are drawn for what goes in parallel.
 */
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  connect,
  create,
  join,
  leave,
  publish,
  publishMany,
  remove,
  rename,
  route,
  type Operation,
} from './operations.ts';
import { Races, type Part } from './run.ts';

let races: Races;
beforeAll(async () => {
  races = await Races.open();
});

const times = Number(process.env['HUBBUB_TORTURE_RUNS'] ?? 1);
const room = create(0, 0, 'Quay');

/** Each with what comes before it, and how its repeat may end. */
const changes: [change: Operation, before: Operation[], repeat: string][] = [
  [publish(0, 0, 0), [room], 'done'],
  [publishMany(0, 0, [0, 1, 2]), [room], 'done'],
  [room, [], 'done'],
  [create(0, 1, 'Quay'), [room], 'refused'],
  [rename(0, 0, 'Pier'), [room], 'done'],
  [join(1, 0), [room, connect(1, 0)], 'done'],
  [leave(1, 0), [room, connect(1, 0), join(1, 0)], 'done'],
  [connect(1, 0), [room, join(1, 0)], 'done or refused'],
  [remove(0, 0), [room, connect(1, 0), join(1, 0), publish(1, 0, 0)], 'done or refused'],
  [route, [room, publish(0, 0, 0), publish(0, 0, 1)], 'done'],
];

const named = changes.map(([change, ...rest]) => [change.what, change, ...rest] as const);

/** More requests than any change makes. */
const endless = 150;

/** Goes through the points at which an instance can die until it does not come to one any more. */
async function atEachPoint(
  arrives: boolean,
  runAt: (part: Pick<Part, 'death'>) => Promise<boolean>,
): Promise<void> {
  let at = 0;
  while (await runAt({ death: { at, arrives } })) {
    at += 1;
    expect(at).toBeLessThan(endless);
  }
  expect(at).toBeGreaterThan(1);
}

describe.each([
  ['is lost', false],
  ['is not answered', true],
])('[ACK] [LOG] [COUNT] [NAME] [ISO] [GONE] an instance that dies when a request %s', (_how, arrives) => {
  it.each(named)('leaves nothing half done: %s', async (_what, operation, prepare, ending) => {
    await atEachPoint(arrives, async (point) => {
      let died = false;
      const drawn = fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, repeats) => {
        const parts: Part[] = [{ operation, ...point }, ...(repeats ? [{ operation }] : [])];
        const endings = await races.run(scheduler, prepare, parts);
        died ||= endings[0]?.kind === 'dead';
        if (repeats) expect(ending).toContain(endings[1]?.kind);
      });
      await fc.assert(drawn, { numRuns: 2 * times });
      return died;
    });
  });
});
