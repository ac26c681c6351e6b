import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hueOf, initialsOf } from '../../../web/ui/name-mark.ts';

describe('the mark of a name', () => {
  it('is the same however the name is written', () => {
    expect(hueOf('  Alice   MORENO ')).toBe(hueOf('alice moreno'));
    expect(hueOf('Ａｌｉｃｅ')).toBe(hueOf('Alice'));
  });

  it('has a hue for every name, and spreads short ones', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(hueOf(name)).toBeGreaterThanOrEqual(0);
        expect(hueOf(name)).toBeLessThan(360);
      }),
    );
    const tenths = new Set(
      'abcdefghijklmnopqrstuvwxyz'.split('').map((name) => Math.floor(hueOf(name) / 36)),
    );
    expect(tenths.size).toBeGreaterThanOrEqual(8);
  });

  it.each([
    ['Alice Moreno', 'AM'],
    ['dana', 'D'],
    ['Jean-Luc van der Berg', 'JB'],
    ['ops.bot', 'OB'],
    ['Éri', 'É'],
    ['👩‍🚀', '👩‍🚀'],
    ['!!', '?'],
  ])('%s has %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});
