/** What filters compute with: the fields of a connection, the functions of text and the comparisons, with their types. */
import type { Connection } from '../connection/connection.ts';

export type Value = string | number | boolean | null | ReadonlySet<string>;
export type Type = 'text' | 'number' | 'boolean' | 'collection' | 'null';

/** A part of a filter. Its value may be null whatever its type: a connection need not have a user. */
export interface Expression {
  type: Type;
  of: (connection: Connection) => Value;
}

/** By lower-case name: the names of fields compare without case. */
export const fields = new Map<string, Expression>([
  ['connectionid', { type: 'text', of: ({ id }) => id }],
  ['userid', { type: 'text', of: ({ userId }) => userId ?? null }],
  ['groups', { type: 'collection', of: ({ groups }) => groups }],
  ['protocol', { type: 'text', of: ({ subprotocol }) => subprotocol || null }],
]);

export const literals = new Map<string, Expression>([
  ['true', { type: 'boolean', of: () => true }],
  ['false', { type: 'boolean', of: () => false }],
  ['null', { type: 'null', of: () => null }],
]);

interface FilterFunction {
  /** Of each argument; those from `needs` on may be left out. */
  takes: readonly (readonly Type[])[];
  needs: number;
  gives: Type;
  apply: (values: Value[]) => Value;
}

const text = ['text'] as const;
const number = ['number'] as const;

/** A function of texts: null where one of them is. */
function ofTexts(count: number, gives: Type, apply: (...texts: string[]) => Value): FilterFunction {
  return {
    takes: Array.from({ length: count }, () => text),
    needs: count,
    gives,
    apply: (values) => {
      const texts = values.filter((value) => typeof value === 'string');
      return texts.length === values.length ? apply(...texts) : null;
    },
  };
}

export const functions = new Map<string, FilterFunction>([
  ['startswith', ofTexts(2, 'boolean', (whole = '', part = '') => whole.startsWith(part))],
  ['endswith', ofTexts(2, 'boolean', (whole = '', part = '') => whole.endsWith(part))],
  ['contains', ofTexts(2, 'boolean', (whole = '', part = '') => whole.includes(part))],
  ['indexof', ofTexts(2, 'number', (whole = '', part = '') => whole.indexOf(part))],
  ['concat', ofTexts(2, 'text', (left = '', right = '') => left + right)],
  ['tolower', ofTexts(1, 'text', (whole = '') => whole.toLowerCase())],
  ['toupper', ofTexts(1, 'text', (whole = '') => whole.toUpperCase())],
  ['trim', ofTexts(1, 'text', (whole = '') => whole.trim())],
  ['length', { takes: [['text', 'collection']], needs: 1, gives: 'number', apply: ([of]) => lengthOf(of) }],
  [
    'substring',
    {
      takes: [text, number, number],
      needs: 2,
      gives: 'text',
      apply: ([whole, from, length]) => part(whole, Number(from), length),
    },
  ],
]);

function lengthOf(value: Value | undefined): number | null {
  if (value instanceof Set) return value.size;
  return typeof value === 'string' ? value.length : null;
}

function part(whole: Value | undefined, from: number, length: Value | undefined): string | null {
  if (typeof whole !== 'string') return null;
  return whole.slice(
    Math.max(0, from),
    length === undefined ? undefined : Math.max(0, from + Number(length)),
  );
}

/** Orders exist between two texts and between two numbers only, and null is in none. */
const ordered =
  (holds: (left: string | number, right: string | number) => boolean) =>
  (left: Value, right: Value): boolean =>
    (typeof left === 'string' && typeof right === 'string' && holds(left, right)) ||
    (typeof left === 'number' && typeof right === 'number' && holds(left, right));

export const comparisons = new Map<string, (left: Value, right: Value) => boolean>([
  ['eq', (left, right) => left === right],
  ['ne', (left, right) => left !== right],
  ['gt', ordered((left, right) => left > right)],
  ['ge', ordered((left, right) => left >= right)],
  ['lt', ordered((left, right) => left < right)],
  ['le', ordered((left, right) => left <= right)],
]);
