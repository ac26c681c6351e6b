/** How long function instances are at work, which is what Flex Consumption bills. */

/** An instance that has something to do is billed for a second at least (azure-docs flex-consumption-plan.md). */
const leastSeconds = 1;

/** CPU seconds of one run of a function, rounded up from docs/performance.md, `publish`: 4.7 to 15 ms. */
const cpuSeconds = 0.015;

/** Cores of an instance, by its memory: 2 GB have one. */
const cores = (instanceGb: number): number => instanceGb / 2;

/**
 * Seconds that one instance is at work in `open` seconds in which `moments` come at random: an instance is at work
 * for a second after each, and seconds that overlap count once.
 */
export function busySeconds(moments: number, open: number): number {
  return open * (1 - Math.exp((-moments * leastSeconds) / open));
}

/** Instances that so many runs a second keep busy; one at least. */
export function busyInstances(runsPerSecond: number, instanceGb: number): number {
  return Math.max(1, (runsPerSecond * cpuSeconds) / cores(instanceGb));
}
