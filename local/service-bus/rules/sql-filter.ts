/**
 * The SQL of filters: read once, then asked of each message. An unknown property, and what cannot be compared, is NULL;
 * a message passes only where the whole is true.
 * https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter
 */
import { randomUUID } from 'node:crypto';
import { Refusal } from '../broker/refusal.ts';
import { matchesLike } from './like.ts';
import {
  systemProperties,
  valueOf,
  type MessageView,
  type PropertyName,
  type Value,
} from './message-view.ts';
import { add, compare, divide, negate, arithmetic, type Comparison } from './operators.ts';
import { TokenReader } from './tokens.ts';

/** What an expression is for a message. */
export type Expression = (view: MessageView) => Value;

const comparisons: Comparison[] = ['=', '<>', '!=', '<=', '>=', '<', '>'];
/** Words that name no property unless they are delimited. */
const reserved = new Set(['AND', 'OR', 'NOT', 'IN', 'LIKE', 'ESCAPE', 'IS', 'EXISTS', 'SET', 'REMOVE']);

/** Reads a filter. Throws a `Refusal` that says what is wrong with it. */
export function readFilter(text: string): (view: MessageView) => boolean {
  const reader = new TokenReader(text);
  const condition = readCondition(reader);
  if (reader.next.kind !== 'end') throw reader.unexpected('the end');
  return (view) => condition(view) === true;
}

/** A condition or a value: which of them is seen when it is used. */
export function readCondition(reader: TokenReader): Expression {
  let left = readAnd(reader);
  while (reader.takes('OR')) {
    const [a, b] = [left, readAnd(reader)];
    left = (view) => or(truth(a(view)), truth(b(view)));
  }
  return left;
}

/** A property, with its scope or without. */
export function readProperty(reader: TokenReader): PropertyName {
  const first = reader.take();
  const isName = first.kind === 'name' || (first.kind === 'word' && !reserved.has(first.text.toUpperCase()));
  if (!isName) throw new Refusal('invalid-argument', `A property is wanted, not ${first.text}.`);
  if (first.kind === 'name' || !reader.takes('.')) return { scope: 'user', name: first.text };
  const second = reader.take();
  if (second.kind !== 'name' && second.kind !== 'word') throw reader.unexpected('the name of a property');
  const scope = first.text.toLowerCase();
  if (scope === 'user') return { scope: 'user', name: second.text };
  if (scope !== 'sys') throw new Refusal('invalid-argument', `"${first.text}" is neither sys nor user.`);
  const key = second.text.toLowerCase();
  if (!Object.hasOwn(systemProperties, key)) {
    throw new Refusal('invalid-argument', `sys.${second.text} is not a property that filters can use here.`);
  }
  return { scope: 'system', name: systemProperties[key as keyof typeof systemProperties] };
}

function readAnd(reader: TokenReader): Expression {
  let left = readNot(reader);
  while (reader.takes('AND')) {
    const [a, b] = [left, readNot(reader)];
    left = (view) => and(truth(a(view)), truth(b(view)));
  }
  return left;
}

function readNot(reader: TokenReader): Expression {
  if (!reader.takes('NOT')) return readComparison(reader);
  const inner = readNot(reader);
  return (view) => not(truth(inner(view)));
}

function readComparison(reader: TokenReader): Expression {
  if (reader.sees('EXISTS', '(')) {
    reader.needs('EXISTS');
    reader.needs('(');
    const property = readProperty(reader);
    reader.needs(')');
    return (view) => valueOf(view, property) !== null;
  }
  const left = readSum(reader);
  const sign = comparisons.find((each) => reader.takes(each));
  if (sign) {
    const right = readSum(reader);
    return (view) => compare(left(view), sign, right(view));
  }
  if (reader.takes('IS')) {
    const isNegated = reader.takes('NOT');
    reader.needs('NULL');
    return (view) => (left(view) === null) !== isNegated;
  }
  const isNegated = reader.sees('NOT', 'IN') || reader.sees('NOT', 'LIKE');
  if (isNegated) reader.needs('NOT');
  const test = readMembership(reader, left) ?? readLike(reader, left);
  if (test === undefined) return left;
  return isNegated ? (view) => not(truth(test(view))) : test;
}

function readMembership(reader: TokenReader, left: Expression): Expression | undefined {
  if (!reader.takes('IN')) return undefined;
  reader.needs('(');
  const members = [readSum(reader)];
  while (reader.takes(',')) members.push(readSum(reader));
  reader.needs(')');
  return (view) => {
    const value = left(view);
    return members.map((each) => compare(value, '=', each(view))).reduce(or, false);
  };
}

function readLike(reader: TokenReader, left: Expression): Expression | undefined {
  if (!reader.takes('LIKE')) return undefined;
  const pattern = readSum(reader);
  const escape = reader.takes('ESCAPE') ? readSum(reader) : undefined;
  return (view) => {
    const [text, like, by] = [left(view), pattern(view), escape?.(view)];
    if (typeof text !== 'string' || typeof like !== 'string') return null;
    return matchesLike(text, like, typeof by === 'string' ? by : undefined);
  };
}

/** Additions and what binds closer. */
export function readSum(reader: TokenReader): Expression {
  let left = readProduct(reader);
  for (;;) {
    const a = left;
    if (reader.takes('+')) {
      const b = readProduct(reader);
      left = (view) => add(a(view), b(view));
    } else if (reader.takes('-')) {
      const b = readProduct(reader);
      left = (view) => arithmetic(a(view), b(view), (x, y) => x - y);
    } else return left;
  }
}

function readProduct(reader: TokenReader): Expression {
  let left = readSigned(reader);
  for (;;) {
    const a = left;
    if (reader.takes('*')) {
      const b = readSigned(reader);
      left = (view) => arithmetic(a(view), b(view), (x, y) => x * y);
    } else if (reader.takes('/')) {
      const b = readSigned(reader);
      left = (view) => divide(a(view), b(view));
    } else if (reader.takes('%')) {
      const b = readSigned(reader);
      left = (view) => arithmetic(a(view), b(view), (x, y) => x % y);
    } else return left;
  }
}

function readSigned(reader: TokenReader): Expression {
  if (reader.takes('+')) return readSigned(reader);
  if (!reader.takes('-')) return readPrimary(reader);
  const inner = readSigned(reader);
  return (view) => negate(inner(view));
}

function readPrimary(reader: TokenReader): Expression {
  const { kind, text } = reader.next;
  if (kind === 'text' || kind === 'number') {
    reader.take();
    const value = kind === 'text' ? text : Number(text);
    return () => value;
  }
  if (reader.takes('(')) {
    const inner = readCondition(reader);
    reader.needs(')');
    return inner;
  }
  if (reader.takes('TRUE')) return () => true;
  if (reader.takes('FALSE')) return () => false;
  if (reader.takes('NULL')) return () => null;
  if (reader.sees('NEWID', '(')) {
    reader.take();
    reader.needs('(');
    reader.needs(')');
    return () => randomUUID();
  }
  if (reader.sees('PROPERTY', '(') || reader.sees('P', '(')) return readNamedProperty(reader);
  if (kind !== 'word' && kind !== 'name') throw reader.unexpected('a value');
  const property = readProperty(reader);
  return (view) => valueOf(view, property);
}

/** `property('a name')`: for names that are computed. */
function readNamedProperty(reader: TokenReader): Expression {
  reader.take();
  reader.needs('(');
  const name = readSum(reader);
  reader.needs(')');
  return (view) => {
    const text = name(view);
    return typeof text === 'string' ? valueOf(view, { scope: 'user', name: text }) : null;
  };
}

/** Only conditions are true or false. */
function truth(value: Value): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function not(a: boolean | null): boolean | null {
  return a === null ? null : !a;
}

function and(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false;
  return a === null || b === null ? null : true;
}

function or(a: boolean | null, b: boolean | null): boolean | null {
  if (a === true || b === true) return true;
  return a === null || b === null ? null : false;
}
