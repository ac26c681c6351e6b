/**
 * OData filters over connections: the fields `connectionId`, `userId`, `groups` and `protocol`, comparisons, `in`,
 * `and`, `or`, `not`, and the functions of text. What is not understood is refused, never guessed.
 */
import type { Connection } from '../connection/connection.ts';
import { invalidFilter } from '../errors.ts';
import { readTokens, type Token } from './filter-tokens.ts';

type Value = string | number | boolean | null | ReadonlySet<string>;
type Expression = (connection: Connection) => Value;

const fields: Record<string, Expression> = {
  connectionId: ({ id }) => id,
  userId: ({ userId }) => userId ?? null,
  groups: ({ groups }) => groups,
  protocol: ({ subprotocol }) => subprotocol || null,
};

const text = (value: Value): string => (typeof value === 'string' ? value : '');

const functions: Record<string, { arity: number; apply: (values: Value[]) => Value }> = {
  startswith: { arity: 2, apply: ([whole = '', part = '']) => text(whole).startsWith(text(part)) },
  endswith: { arity: 2, apply: ([whole = '', part = '']) => text(whole).endsWith(text(part)) },
  contains: { arity: 2, apply: ([whole = '', part = '']) => text(whole).includes(text(part)) },
  indexof: { arity: 2, apply: ([whole = '', part = '']) => text(whole).indexOf(text(part)) },
  length: { arity: 1, apply: ([whole = '']) => text(whole).length },
  tolower: { arity: 1, apply: ([whole = '']) => text(whole).toLowerCase() },
  toupper: { arity: 1, apply: ([whole = '']) => text(whole).toUpperCase() },
  trim: { arity: 1, apply: ([whole = '']) => text(whole).trim() },
  concat: { arity: 2, apply: ([left = '', right = '']) => text(left) + text(right) },
};

/** Orders exist between two texts and between two numbers only. */
const isOrdered = (left: Value, right: Value): boolean =>
  left !== null && right !== null && typeof left === typeof right;

const comparisons: Record<string, (left: Value, right: Value) => boolean> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  gt: (left, right) => isOrdered(left, right) && left! > right!,
  ge: (left, right) => isOrdered(left, right) && left! >= right!,
  lt: (left, right) => isOrdered(left, right) && left! < right!,
  le: (left, right) => isOrdered(left, right) && left! <= right!,
};

const literals: Record<string, Value> = { true: true, false: false, null: null };

/** Makes the test that a filter describes. Throws the 400 `Refusal` for what is not understood. */
export function parseFilter(filter: string): (connection: Connection) => boolean {
  const parser = new Parser(readTokens(filter));
  const expression = parser.parse();
  return (connection) => expression(connection) === true;
}

/** From the loosest bond to the tightest: or, and, not, comparison, operand. */
class Parser {
  readonly #tokens: Token[];
  #next = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  parse(): Expression {
    const expression = this.#or();
    const rest = this.#tokens[this.#next];
    if (rest) throw invalidFilter(`'${rest.text}' was not expected.`);
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takeWord('or')) {
      const [first, second] = [left, this.#and()];
      left = (connection) => first(connection) === true || second(connection) === true;
    }
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takeWord('and')) {
      const [first, second] = [left, this.#not()];
      left = (connection) => first(connection) === true && second(connection) === true;
    }
    return left;
  }

  #not(): Expression {
    if (!this.#takeWord('not')) return this.#comparison();
    const inner = this.#not();
    return (connection) => inner(connection) !== true;
  }

  #comparison(): Expression {
    const left = this.#operand();
    if (this.#takeWord('in')) return this.#membership(left);
    const name = Object.keys(comparisons).find((word) => this.#takeWord(word));
    const compare = name === undefined ? undefined : comparisons[name];
    if (!compare) return left;
    const right = this.#operand();
    return (connection) => compare(left(connection), right(connection));
  }

  /** `'g' in groups`, or `userId in ('a', 'b')`. */
  #membership(left: Expression): Expression {
    if (!this.#take('(')) {
      const set = this.#operand();
      return (connection) => isIn(left(connection), set(connection));
    }
    const values = this.#list();
    return (connection) => values.some((value) => value(connection) === left(connection));
  }

  #operand(): Expression {
    if (this.#take('(')) {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    const token = this.#tokens[this.#next++];
    if (!token) throw invalidFilter('it ends too early.');
    if (token.kind === 'text' || token.kind === 'number') return () => token.value;
    if (token.kind === 'word') return this.#named(token.text);
    throw invalidFilter(`'${token.text}' was not expected.`);
  }

  #named(name: string): Expression {
    if (this.#take('(')) return this.#call(name);
    const literal = Object.hasOwn(literals, name) ? literals[name] : undefined;
    if (literal !== undefined) return () => literal;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) throw invalidFilter(`there is no field '${name}'.`);
    return field;
  }

  #call(name: string): Expression {
    const called = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!called) throw invalidFilter(`there is no function '${name}'.`);
    const given = this.#list();
    if (given.length !== called.arity) throw invalidFilter(`${name} takes ${called.arity} arguments.`);
    return (connection) => called.apply(given.map((argument) => argument(connection)));
  }

  /** The rest of a list whose bracket is open. */
  #list(): Expression[] {
    const items = [this.#operand()];
    while (this.#take(',')) items.push(this.#operand());
    this.#expect(')');
    return items;
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#next];
    return token?.kind === 'word' && this.#take(word);
  }

  #take(text: string): boolean {
    const token = this.#tokens[this.#next];
    if (!token || token.kind === 'text' || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw invalidFilter(`'${text}' is missing.`);
  }
}

const isIn = (value: Value, set: Value): boolean =>
  set instanceof Set && typeof value === 'string' && set.has(value);
