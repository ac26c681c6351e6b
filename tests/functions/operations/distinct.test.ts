/** Counting different things: about right, whatever the number, and the same however they were split up. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Distinct } from '../../../functions/operations/distinct.ts';

const of = (things: Iterable<string>): Distinct => {
  const distinct = new Distinct();
  for (const thing of things) distinct.add(thing);
  return distinct;
};
const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `room ${from + i}`);

describe('counting different things', () => {
  it('is exact for a few, within 3 % for thousands, and has an end', () => {
    for (const few of [0, 1, 5, 20]) expect(of(range(0, few)).estimate()).toBe(few);
    for (const many of [1_000, 10_000, 50_000]) {
      expect(Math.abs(of(range(0, many)).estimate() / many - 1)).toBeLessThan(0.03);
    }
    expect(of(range(0, 400_000)).estimate()).toBeGreaterThan(100_000);
  });

  it('counts each thing once, in whichever instance it was seen', () => {
    const both = of(range(0, 600)).with(of(range(400, 1_000)));
    expect(both.toString()).toBe(of(range(0, 1_000)).toString());
  });

  it('comes back from its text as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (things) => {
        const distinct = of(things);
        expect(Distinct.parse(distinct.toString()).estimate()).toBe(distinct.estimate());
      }),
    );
  });
});
