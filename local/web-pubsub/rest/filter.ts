/**
 * OData filters over connections, in the grammar that Web PubSub documents:
 * https://learn.microsoft.com/azure/azure-web-pubsub/reference-odata-filter. What is not understood, or joins what
 * does not belong together, is refused, never guessed.
 */
import type { Connection } from '../connection/connection.ts';
import { invalidFilter } from '../errors.ts';
import { comparisons, fields, functions, literals, type Expression, type Type } from './filter-functions.ts';
import { readTokens, type Token } from './filter-tokens.ts';

/** Makes the test that a filter describes. Throws the 400 `Refusal` for what is not understood. */
export function parseFilter(filter: string): (connection: Connection) => boolean {
  const expression = new Parser(readTokens(filter)).parse();
  return (connection) => expression.of(connection) === true;
}

/** Deeper ones would exhaust the stack. */
const deepest = 100;

/** From the loosest bond to the tightest: or, and, comparison, not, operand. */
class Parser {
  readonly #tokens: Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  parse(): Expression {
    const expression = requireType(this.#or(), 'boolean');
    const rest = this.#tokens[this.#next];
    if (rest) throw invalidFilter(`'${rest.text}' was not expected.`);
    return expression;
  }

  #or(): Expression {
    const parts = this.#joined('or', () => this.#and());
    if (parts.length === 1) return parts[0]!;
    return { type: 'boolean', of: (connection) => parts.some((part) => part.of(connection) === true) };
  }

  #and(): Expression {
    const parts = this.#joined('and', () => this.#comparison());
    if (parts.length === 1) return parts[0]!;
    return { type: 'boolean', of: (connection) => parts.every((part) => part.of(connection) === true) };
  }

  /** One part, of any type, or several conditions with a word between them. */
  #joined(word: string, read: () => Expression): Expression[] {
    const parts = [read()];
    while (this.#takeWord(word)) {
      if (parts.length === 1) requireType(parts[0]!, 'boolean');
      parts.push(requireType(read(), 'boolean'));
    }
    return parts;
  }

  #comparison(): Expression {
    const left = this.#not();
    if (this.#takeWord('in')) return this.#membership(left);
    const token = this.#tokens[this.#next];
    const compare = token?.kind === 'word' ? comparisons.get(token.text) : undefined;
    if (!compare) return left;
    this.#next += 1;
    const right = this.#not();
    requireComparable(left, right);
    return {
      type: 'boolean',
      of: (connection) => compare(left.of(connection), right.of(connection)),
    };
  }

  /** `'g' in groups`, or `userId in ('a', 'b')`. */
  #membership(left: Expression): Expression {
    if (!this.#take('(')) return isIn(left, this.#operand());
    const [first, ...more] = this.#list();
    if (first?.type === 'collection' && more.length === 0) return isIn(left, first);
    const values = [first!, ...more];
    for (const value of values) requireComparable(left, value);
    return {
      type: 'boolean',
      of: (connection) => {
        const wanted = left.of(connection);
        return values.some((value) => value.of(connection) === wanted);
      },
    };
  }

  /** It binds tighter than a comparison: `not userId eq 'x'` is refused, as in the real service. */
  #not(): Expression {
    if (!this.#takeWord('not')) return this.#operand();
    const inner = requireType(
      this.#deeper(() => this.#not()),
      'boolean',
    );
    return { type: 'boolean', of: (connection) => inner.of(connection) !== true };
  }

  #operand(): Expression {
    if (this.#take('(')) {
      const inner = this.#deeper(() => this.#or());
      this.#expect(')');
      return inner;
    }
    const token = this.#tokens[this.#next++];
    if (!token) throw invalidFilter('it ends too early.');
    if (token.kind === 'text' || token.kind === 'number') return { type: token.kind, of: () => token.value };
    if (token.kind === 'word') return this.#named(token.text);
    throw invalidFilter(`'${token.text}' was not expected.`);
  }

  #named(name: string): Expression {
    if (this.#take('(')) return this.#call(name);
    const known = literals.get(name) ?? fields.get(name.toLowerCase());
    if (!known) throw invalidFilter(`there is no field '${name}'.`);
    return known;
  }

  #call(name: string): Expression {
    const called = functions.get(name);
    if (!called) throw invalidFilter(`there is no function '${name}'.`);
    const given = this.#deeper(() => this.#list());
    if (given.length < called.needs || given.length > called.takes.length) {
      throw invalidFilter(`${name} does not take ${given.length} arguments.`);
    }
    for (const [index, argument] of given.entries()) requireType(argument, ...called.takes[index]!, 'null');
    return {
      type: called.gives,
      of: (connection) => called.apply(given.map((argument) => argument.of(connection))),
    };
  }

  /** The rest of a list whose bracket is open. */
  #list(): Expression[] {
    const items = [this.#not()];
    while (this.#take(',')) items.push(this.#not());
    this.#expect(')');
    return items;
  }

  #deeper<Result>(read: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > deepest) throw invalidFilter(`it is nested more than ${deepest} deep.`);
    const result = read();
    this.#depth -= 1;
    return result;
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

function requireType(expression: Expression, ...types: Type[]): Expression {
  if (types.includes(expression.type)) return expression;
  throw invalidFilter(`a ${expression.type} stands where a ${types[0]} should.`);
}

function requireComparable(left: Expression, right: Expression): void {
  const types = new Set([left.type, right.type]);
  types.delete('null');
  if (types.size > 1 || types.has('collection')) {
    throw invalidFilter(`a ${left.type} and a ${right.type} cannot be compared.`);
  }
}

function isIn(left: Expression, right: Expression): Expression {
  requireType(left, 'text', 'null');
  requireType(right, 'collection');
  return {
    type: 'boolean',
    of: (connection) => {
      const [value, collection] = [left.of(connection), right.of(connection)];
      return collection instanceof Set && collection.has(value);
    },
  };
}
