/**
 * Every scenario in its small size, judged from its record. `npm run torture` runs the same ones for longer. The
 * records are kept in test-results/faults/, and can be judged again: `node tests/faults/torture.ts --judge FILE`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenario } from './run.ts';
import { scenarios } from './scenarios/index.ts';
import { World } from './world.ts';

const seed = Number(process.env['HUBBUB_SEED'] ?? 1);

describe.each([1, 2, 4])('with %i functions hosts', (hosts) => {
  const some = scenarios.filter((scenario) => scenario.hosts === hosts);
  let world: World;
  beforeAll(async () => {
    world = await World.start({ hosts });
  });
  afterAll(() => world.stop());

  it.each(some.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_, scenario) => {
      const { violations, counts } = await runScenario(world, scenario, { seed, size: scenario.size.test });
      expect(violations).toEqual([]);
      expect(counts.stored).toBeGreaterThan(0);
      expect(counts.shown).toBeGreaterThan(counts.stored);
    },
    600_000,
  );
});
