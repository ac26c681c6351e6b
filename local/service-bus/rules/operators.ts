/** The operators on values: unknown where a side is, or where the two do not fit. */
import type { Value } from './message-view.ts';

export type Comparison = '=' | '<>' | '!=' | '<' | '<=' | '>' | '>=';

/** Numbers with numbers, texts with texts (capitals matter), times with times; two booleans are equal or not. */
export function compare(a: Value, sign: Comparison, b: Value): boolean | null {
  const order = orderOf(a, b);
  switch (sign) {
    case '=':
      return order === null ? null : order === 0;
    case '<>':
    case '!=':
      return order === null ? null : order !== 0;
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (order === null || typeof a === 'boolean') return null;
      if (sign === '<') return order < 0;
      if (sign === '<=') return order <= 0;
      return sign === '>' ? order > 0 : order >= 0;
  }
}

function orderOf(a: Value, b: Value): number | null {
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (a === null || b === null || typeof a !== typeof b || typeof a === 'object') return null;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Adds numbers, and joins texts. */
export function add(a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  return arithmetic(a, b, (x, y) => x + y);
}

/** Arithmetic on numbers alone. */
export function arithmetic(a: Value, b: Value, act: (x: number, y: number) => number): Value {
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  const result = act(a, b);
  return Number.isNaN(result) ? null : result;
}

/** Of whole numbers a whole one, as .NET has it; by zero nothing. */
export function divide(a: Value, b: Value): Value {
  if (b === 0) return null;
  const isWhole = Number.isInteger(a) && Number.isInteger(b);
  return arithmetic(a, b, (x, y) => (isWhole ? Math.trunc(x / y) : x / y));
}

export function negate(a: Value): Value {
  return typeof a === 'number' ? -a : null;
}
