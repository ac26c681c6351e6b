/** LIKE: `%` stands for any characters, `_` for one; what follows the escape character stands for itself. */
import { Refusal } from '../broker/refusal.ts';

type Part = { kind: 'any' } | { kind: 'one' } | { kind: 'character'; character: string };

export function matchesLike(text: string, pattern: string, escape: string | undefined): boolean {
  return matches(Array.from(text), readPattern(pattern, escape));
}

function readPattern(pattern: string, escape: string | undefined): Part[] {
  if (escape !== undefined && Array.from(escape).length !== 1) {
    throw new Refusal('invalid-argument', `"${escape}" is not one character to escape with.`);
  }
  const parts: Part[] = [];
  let isEscaped = false;
  for (const character of pattern) {
    if (!isEscaped && character === escape) isEscaped = true;
    else {
      if (!isEscaped && character === '%') parts.push({ kind: 'any' });
      else if (!isEscaped && character === '_') parts.push({ kind: 'one' });
      else parts.push({ kind: 'character', character });
      isEscaped = false;
    }
  }
  return parts;
}

/** In time of the text times the pattern at most: back to the last `%` alone, never to one before. */
function matches(text: string[], parts: Part[]): boolean {
  let [at, part] = [0, 0];
  let back: { at: number; part: number } | undefined;
  while (at < text.length) {
    const wanted = parts[part];
    if (wanted?.kind === 'any') {
      back = { at, part };
      part += 1;
    } else if (wanted && (wanted.kind === 'one' || wanted.character === text[at])) {
      at += 1;
      part += 1;
    } else if (back) {
      back.at += 1;
      at = back.at;
      part = back.part + 1;
    } else return false;
  }
  return parts.slice(part).every(({ kind }) => kind === 'any');
}
