import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, type Oklch } from './oklch.ts';

const read = (path: string): string => readFileSync(new URL(`../../../web/${path}`, import.meta.url), 'utf8');
const color = String.raw`oklch\(([\d.]+) ([\d.]+) ([\d.]+|var\(--hue\))\)`;
const pair = new RegExp(
  String.raw`(--[\w-]+|background|color):\s*light-dark\(\s*${color},\s*${color}\s*\)`,
  'gu',
);

/** Each `light-dark` of a style sheet by its property, as [light, dark]. */
function pairsOf(sheet: string, hue = 0): Map<string, [Oklch, Oklch]> {
  const found = [...sheet.matchAll(pair)].map(([, name = '', ...parts]): [string, [Oklch, Oklch]] => {
    const numbers = parts.map((part) => (part === 'var(--hue)' ? hue : Number(part)));
    return [name, [numbers.slice(0, 3) as Oklch, numbers.slice(3, 6) as Oklch]];
  });
  return new Map(found);
}

const tokens = pairsOf(read('styles/tokens.css'));
const papers = [
  '--paper',
  '--paper-side',
  '--paper-raised',
  '--paper-hover',
  '--paper-selected',
  '--paper-inset',
];
const inks = ['--ink', '--ink-soft', '--ink-quiet', '--fern'];

/** Text on what it lies on, and the ratio that it needs. */
const needed: [text: string, ground: string, ratio: number][] = [
  ...inks.flatMap((ink) => papers.map((paper): [string, string, number] => [ink, paper, 4.5])),
  ['--fern', '--fern-soft', 4.5],
  ['--fern-fill-ink', '--fern-fill', 4.5],
  ['--fern-fill-ink', '--fern-fill-hover', 4.5],
  ['--amber', '--amber-soft', 4.5],
  ['--red', '--paper', 4.5],
  ['--red', '--paper-raised', 4.5],
  ['--red', '--red-soft', 4.5],
  ['--red-fill-ink', '--red-fill', 4.5],
  ['--red-fill-ink', '--red-fill-hover', 4.5],
  ['--edge', '--paper', 3],
  ['--edge', '--paper-raised', 3],
  ['--fern-mark', '--paper', 3],
  ['--fern-mark', '--paper-side', 3],
  ['--fern-mark', '--paper-raised', 3],
];

describe('the colours', () => {
  for (const [index, theme] of (['light', 'dark'] as const).entries()) {
    it.each(needed)(`${theme}: %s can be read on %s`, (text, ground, ratio) => {
      const [above, below] = [tokens.get(text)?.[index], tokens.get(ground)?.[index]];
      if (above === undefined || below === undefined) throw new Error(`No token ${text} or ${ground}`);
      expect(contrast(above, below)).toBeGreaterThanOrEqual(ratio);
    });

    it(`${theme}: initials can be read on the tint of every name`, () => {
      for (let hue = 0; hue < 360; hue += 1) {
        const avatar = pairsOf(read('ui/avatar.module.css'), hue);
        const [text, ground] = [avatar.get('color')?.[index], avatar.get('background')?.[index]];
        if (text === undefined || ground === undefined) throw new Error('The avatar has no colours');
        expect(contrast(text, ground), `hue ${hue}`).toBeGreaterThanOrEqual(4.5);
      }
    });
  }
});
