/** The words of a filter: names, texts in quotes (a quote inside is doubled), numbers, brackets and commas. */
import { invalidFilter } from '../errors.ts';

export type Token =
  | { kind: 'word' | 'mark'; text: string }
  | { kind: 'text'; text: string; value: string }
  | { kind: 'number'; text: string; value: number };

const pattern =
  /\s*(?:(?<quoted>'(?:[^']|'')*')|(?<number>[+-]?\d{1,15})\b|(?<word>[A-Za-z_]\w*)|(?<mark>[(),]))\s*/y;

/** Throws the 400 `Refusal` for anything else. */
export function readTokens(filter: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < filter.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(filter);
    if (!match?.groups) throw invalidFilter(`'${filter.slice(from, from + 20)}' is not understood.`);
    tokens.push(toToken(match.groups));
  }
  return tokens;
}

function toToken({ quoted, number, word, mark = '' }: Record<string, string | undefined>): Token {
  if (quoted !== undefined) {
    return { kind: 'text', text: quoted, value: quoted.slice(1, -1).replaceAll("''", "'") };
  }
  if (number !== undefined) return { kind: 'number', text: number, value: Number(number) };
  if (word !== undefined) return { kind: 'word', text: word };
  return { kind: 'mark', text: mark };
}
