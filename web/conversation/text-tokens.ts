/**
 * Finds links and code in what people wrote. It only cuts the text into pieces, which React shows as text:
 * nothing of a message ever becomes HTML. The pieces joined again are the text, character by character.
 */
export type TextToken =
  | { kind: 'text'; raw: string }
  | { kind: 'link'; raw: string; href: string }
  | { kind: 'code'; raw: string; code: string }
  | { kind: 'block'; raw: string; code: string };

/** A fenced block, code between single back-ticks on one line, or an http(s) address. */
const pieces = /```(?<block>[\s\S]+?)```\n?|`(?<code>[^`\n]+)`|(?<link>https?:\/\/[^\s<>"`]+)/giu;

export function tokenize(text: string): TextToken[] {
  const tokens: TextToken[] = [];
  let at = 0;
  for (const match of text.matchAll(pieces)) {
    const token = tokenOf(match);
    if (token === undefined) continue;
    if (match.index > at) tokens.push({ kind: 'text', raw: text.slice(at, match.index) });
    tokens.push(token);
    at = match.index + token.raw.length;
  }
  if (at < text.length) tokens.push({ kind: 'text', raw: text.slice(at) });
  return tokens;
}

function tokenOf(match: RegExpExecArray): TextToken | undefined {
  const raw = match[0];
  const { block, code, link } = match.groups ?? {};
  if (block !== undefined)
    return { kind: 'block', raw, code: block.replace(/^(?:[\w+-]*\n)/u, '').trimEnd() };
  if (code !== undefined) return { kind: 'code', raw, code };
  const address = withoutTail(link ?? '');
  const href = hrefOf(address);
  return href === undefined ? undefined : { kind: 'link', raw: address, href };
}

/** The full stop after an address belongs to the sentence; a closing bracket to the one who opened it. */
function withoutTail(address: string): string {
  // Counted once and kept: a long tail of brackets must not cost its length for each of them.
  const unopened = new Map<string, number>(
    brackets.map(([open, close]) => [close, count(address, close) - count(address, open)]),
  );
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? '';
    const surplus = unopened.get(last);
    if (surplus === undefined ? !/[.,;:!?'*_~…]/u.test(last) : surplus <= 0) break;
    if (surplus !== undefined) unopened.set(last, surplus - 1);
  }
  return address.slice(0, end);
}

const brackets = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
] as const;

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function hrefOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}

/** An address with its middle left out, so that host and end stay legible. @param most code points to keep */
export function shorten(address: string, most = 64): string {
  const letters = Array.from(address);
  if (letters.length <= most) return address;
  const end = Math.floor(most * 0.3);
  return `${letters.slice(0, most - end - 1).join('')}…${letters.slice(-end).join('')}`;
}

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });
const emoji = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)/u;

/** One to three emoji and nothing else: they are the message, and shown larger. */
export function isOnlyEmoji(text: string): boolean {
  // Three of the longest (families, flags) fit; most messages are longer and need no closer look.
  if (text.length > 48) return false;
  const seen = Array.from(letters.segment(text), ({ segment }) => segment).filter((one) => one.trim() !== '');
  return seen.length >= 1 && seen.length <= 3 && seen.every((one) => emoji.test(one));
}
