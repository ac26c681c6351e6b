/**
 * Up to four instances at once, each with a change of its own in rooms and for people that they share; any of them may
 * die at any request. fast-check draws who does what, who dies where, and whose request goes through next; a failure
 * prints the seed and path that repeat it. HUBBUB_TORTURE_RUNS multiplies the runs.
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
  sweep,
  type Operation,
} from './operations.ts';
import { runs } from '../support/draws.ts';
import { most, Races, type Part } from './run.ts';

let races: Races;
beforeAll(async () => {
  races = await Races.open();
});

const who = fc.nat(2);
const name = fc.constantFrom('Quay', 'Pier', 'QUAY ', 'Mole', 'Jetty');
const death = fc.option(fc.record({ at: fc.nat(30), arrives: fc.boolean() }), { nil: undefined });

const dying = (operations: fc.Arbitrary<Operation>) => fc.record({ operation: operations, death });
const living = (operations: fc.Arbitrary<Operation>) => fc.record({ operation: operations });

/** Instances that do something of these kinds at once, and one that routes, or not. Any may die. */
function deaths(...operations: fc.Arbitrary<Operation>[]): fc.Arbitrary<Part[]> {
  const others = fc.array(dying(fc.constant(route)), { maxLength: 1 });
  return fc.tuple(fc.array(dying(fc.oneof(...operations)), atWork), others).map((parts) => parts.flat());
}

/**
 * The same while the sweep passes and takes all of them for dead. They only sleep: what one leaves that dies after that
 * is in crash-points.test.ts, for one at a time.
 */
function sleeps(...operations: fc.Arbitrary<Operation>[]): fc.Arbitrary<Part[]> {
  const parts = fc.array(living(fc.oneof(...operations)), atWork);
  return parts.map((some) => [...some, { operation: sweep }]);
}

const atWork = { minLength: 2, maxLength: most - 1 };

const room = create(0, 0, 'Quay');
const publishes = fc.oneof(
  fc.record({ who, message: fc.nat(2) }).map((given) => publish(given.who, 0, given.message)),
  who.map((one) => publishMany(one, 0, [3 * one + 3, 3 * one + 4, 3 * one + 5])),
);
const comings = fc
  .tuple(fc.constantFrom(join, leave), who, fc.nat(1))
  .map(([act, one, number]) => act(one, number));
const connects = who.map((one) => connect(one, one));
const deletions = fc.constant(remove(0, 0));
const names = fc.oneof(
  fc.tuple(who, fc.integer({ min: 2, max: 3 }), name).map((given) => create(...given)),
  fc.tuple(fc.nat(1), name).map(([number, to]) => rename(0, number, to)),
);

const all = [room, create(0, 1, 'Pier'), connect(0, 10), connect(1, 11), join(1, 0), join(2, 1)];

const everything = [deletions, publishes, comings, connects, names];
/** A publisher may sleep and die after it; nothing may come to stand in the log unannounced. */
const publishers = fc.array(dying(publishes), atWork).map((some): Part[] => [...some, { operation: sweep }]);

const kinds: Record<string, fc.Arbitrary<Part[]>> = {
  '[LOG] [ACK] publishes into one room': fc.oneof(deaths(publishes), publishers),
  '[COUNT] [ISO] joins, leaves and connections': fc.oneof(
    deaths(comings, connects),
    sleeps(comings, connects),
  ),
  '[NAME] creations and renames': fc.oneof(deaths(names), sleeps(names)),
  '[GONE] anything beside a deletion': fc.oneof(deaths(...everything), sleeps(...everything)),
};

describe('whatever the order of requests, and whoever dies,', () => {
  for (const [what, parts] of Object.entries(kinds)) {
    it(`the rules hold: ${what}`, async () => {
      const ended = new Set<string>();
      await fc.assert(
        fc.asyncProperty(parts, fc.scheduler(), async (drawn, scheduler) => {
          for (const { kind } of await races.run(scheduler, all, drawn)) ended.add(kind);
        }),
        runs(60),
      );
      // Or nothing was tried.
      expect(ended).toContain('done');
      expect(ended).toContain('dead');
    });
  }
});
