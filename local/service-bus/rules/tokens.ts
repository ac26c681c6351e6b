/** The words of a filter or an action in Service Bus's SQL. */
import { Refusal } from '../broker/refusal.ts';

export interface Token {
  /** A word in capitals, or what is delimited; a sign is its own text. */
  kind: 'word' | 'name' | 'text' | 'number' | 'sign' | 'end';
  text: string;
}

/** Characters; the service's own limit. */
const longestExpression = 1_024;

const pattern =
  /\s*(?:(?<word>[\p{L}_][\p{L}\d_]*)|\[(?<bracketed>(?:[^\]]|\]\])+)\]|"(?<quoted>(?:[^"]|"")+)"|'(?<text>(?:[^']|'')*)'|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(?<sign><>|!=|<=|>=|[=<>+\-*/%(),.;])|(?<end>$))/uy;

/** Takes an expression apart. Throws a `Refusal` that says where it is wrong. */
export function readTokens(expression: string): Token[] {
  if (expression.length > longestExpression) {
    throw new Refusal('invalid-argument', `The expression has more than ${longestExpression} characters.`);
  }
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (;;) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(expression)?.groups;
    if (groups === undefined) {
      throw new Refusal('invalid-argument', `"${expression}" cannot be read from character ${at + 1} on.`);
    }
    const { word, bracketed, quoted, text, number, sign, end } = groups;
    if (end !== undefined) return [...tokens, { kind: 'end', text: 'the end' }];
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (bracketed !== undefined) tokens.push({ kind: 'name', text: bracketed.replaceAll(']]', ']') });
    else if (quoted !== undefined) tokens.push({ kind: 'name', text: quoted.replaceAll('""', '"') });
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else tokens.push({ kind: 'sign', text: sign! });
  }
}

/** Tokens one after the other, with the words of the grammar in any case. */
export class TokenReader {
  readonly #expression: string;
  readonly #tokens: Token[];
  #at = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = readTokens(expression);
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  /** Takes the next token where it is this word or sign. */
  takes(text: string): boolean {
    const found = this.#is(this.next, text);
    if (found) this.#at += 1;
    return found;
  }

  /** Whether these words or signs come next. */
  sees(...texts: string[]): boolean {
    return texts.every((text, index) => {
      const token = this.#tokens[this.#at + index];
      return token !== undefined && this.#is(token, text);
    });
  }

  needs(text: string): void {
    if (!this.takes(text)) throw this.unexpected(text);
  }

  /** What is wrong where the next token stands. */
  unexpected(wanted: string): Refusal {
    const { text } = this.next;
    return new Refusal('invalid-argument', `"${this.#expression}": ${wanted} is wanted, not ${text}.`);
  }

  #is({ kind, text }: Token, wanted: string): boolean {
    return (kind === 'word' || kind === 'sign') && text.toUpperCase() === wanted;
  }
}
