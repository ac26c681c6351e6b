/** What is in the middle of many measurements, and what at their end. */

/** The value below which `share` (0 to 1) of them lie; NaN where there are none. */
export function quantile(values: number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (values: number[]): number => quantile(values, 0.5);
