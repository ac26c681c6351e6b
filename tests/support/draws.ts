/** How much is drawn at random: the same each time in `npm test`, and more, each time anew, where it is asked for. */
const asked = process.env['HUBBUB_TORTURE_RUNS'];

/** How many times as many runs as in `npm test`. */
export const times = Number(asked ?? 1);

/** For fast-check: so many runs in `npm test`. */
export const runs = (count: number): { numRuns: number; seed?: number } => ({
  numRuns: count * times,
  ...(asked === undefined && { seed: 1 }),
});
