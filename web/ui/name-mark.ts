/**
 * What a name looks like when there is no room for it: a hue and one or two letters.
 * Pure, and blind to how the name is written (case, width, spaces), as the server is.
 */
import { normalizeName } from '../../contract/text.ts';

/** A hue in degrees, the same for a name everywhere. Lightness and chroma are the style sheet's. */
export function hueOf(name: string): number {
  let hash = 2_166_136_261;
  for (const character of normalizeName(name)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  }
  // FNV leaves similar short names close together; two more rounds spread them.
  hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) % 360;
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The first letter of the first and of the last word; one alone where there is one word. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}\p{Emoji}]/u.test(word));
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? name.trim()];
  return picked.map((word) => firstLetter(word ?? '')).join('');
}

function firstLetter(word: string): string {
  for (const { segment } of segments.segment(word)) {
    if (/[\p{L}\p{N}\p{Emoji}]/u.test(segment)) return segment.toUpperCase();
  }
  return '?';
}
