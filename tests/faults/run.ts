/** One scenario with one seed: run, recorded, saved, judged. */
import { judge, type Judgement } from './checker.ts';
import { randomOf, type Scenario } from './scenario.ts';
import type { World } from './world.ts';

export const folder = 'test-results/faults';

export async function runScenario(
  world: World,
  scenario: Scenario,
  { seed, size }: { seed: number; size: number },
): Promise<Judgement & { file: string }> {
  world.begin();
  const { record } = world;
  const file = `${folder}/${scenario.name.replaceAll(/\W+/g, '-')}.${seed}.jsonl`;
  try {
    await scenario.run({ world, size, random: randomOf(seed) });
  } finally {
    record.save(file);
  }
  const setAside = await world.setAside();
  const { violations, counts } = judge(record.entries);
  if (setAside > 0) violations.push(`${setAside} messages were set aside`);
  return { violations, counts, file };
}
