/** What a run with faults is: a name, how much of it there is in `npm test` and in a long run, and what happens. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { World } from './world.ts';

export interface Run {
  world: World;
  /** Messages, kills, cuts: what the scenario counts. */
  size: number;
  /** 0 to below 1, by the seed. */
  random: () => number;
}

export interface Scenario {
  name: string;
  /** Functions hosts that it needs. */
  hosts: number;
  size: { test: number; torture: number };
  run(run: Run): Promise<void>;
}

/** A generator of the same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

export const pick = <T>(from: readonly T[], random: () => number): T =>
  from[Math.floor(random() * from.length)]!;
