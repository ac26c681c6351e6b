/**
 * `npm run torture -- --minutes 60 [--seed 1] [--only words]`: the scenarios again and again, each time with another
 * seed and up to their full size, until the time is over. Prints what each reached, and ends with 1 where a run
 * broke a promise; its record stays in test-results/faults/. `--judge FILE` judges a record again.
 */
import { parseArgs } from 'node:util';
import { judge, type Judgement } from './checker.ts';
import { readRecord } from './record.ts';
import { runScenario } from './run.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string', default: '' },
    judge: { type: 'string' },
  },
});

/** Sizes grow from that of `npm test`, by so much with each round, up to that of a long run. */
const growth = 3;

if (values.judge === undefined) process.exit(await torture());
const { violations, counts } = judge(readRecord(values.judge));
console.log([...violations, JSON.stringify(counts)].join('\n'));
process.exit(violations.length === 0 ? 0 : 1);

async function torture(): Promise<number> {
  const some = scenarios.filter(({ name }) => name.includes(values.only));
  const end = Date.now() + Number(values.minutes) * 60_000;
  const reached = new Map(
    some.map(({ name }) => [name, { runs: 0, violations: 0, sent: 0, shown: 0, faults: 0 }]),
  );
  for (let round = 0; Date.now() < end; round += 1) {
    for (const hosts of new Set(some.map((scenario) => scenario.hosts))) {
      const world = await World.start({ hosts });
      for (const scenario of some.filter((each) => each.hosts === hosts && Date.now() < end)) {
        const run = await attempt(world, scenario, round);
        const sum = reached.get(scenario.name)!;
        sum.runs += 1;
        sum.violations += run.violations.length;
        for (const count of ['sent', 'shown', 'faults'] as const) sum[count] += run.counts[count];
      }
      await world.stop();
    }
  }
  console.table(Object.fromEntries(reached));
  return [...reached.values()].every((sum) => sum.violations === 0) ? 0 : 1;
}

/** A run that does not come to rest has broken its promise, too. */
async function attempt(world: World, scenario: Scenario, round: number): Promise<Judgement> {
  const seed = Number(values.seed) + round;
  const size = Math.min(scenario.size.torture, scenario.size.test * growth ** round);
  const run = await runScenario(world, scenario, { seed, size }).catch((error: unknown): Judgement => ({
    violations: [String(error)],
    counts: judge(world.record.entries).counts,
  }));
  const verdict = run.violations.length === 0 ? '✓' : '✗';
  console.log(`${verdict} ${scenario.name}, seed ${seed}, size ${size}: ${JSON.stringify(run.counts)}`);
  for (const violation of run.violations.slice(0, 10)) console.log(`    ${violation}`);
  return run;
}
