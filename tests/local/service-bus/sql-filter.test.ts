/** The SQL of filters and actions: cases of the documented grammar, and random expressions against a plain model. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesLike } from '../../../local/service-bus/rules/like.ts';
import type { MessageView, Value } from '../../../local/service-bus/rules/message-view.ts';
import { readAction } from '../../../local/service-bus/rules/sql-action.ts';
import { readFilter } from '../../../local/service-bus/rules/sql-filter.ts';

const message: MessageView = {
  system: { label: 'Order', messageId: 'm-1', sessionId: 's', contentType: null },
  user: new Map<string, Value>([
    ['color', 'blue'],
    ['Quantity', 7],
    ['price', 2.5],
    ['rush', true],
    ['made', new Date(0)],
    ['two words', 'x'],
    ["it's", 'y'],
  ]),
};
const passes = (sql: string) => readFilter(sql)(message);

describe('a filter', () => {
  it.each([
    "color = 'blue'",
    "COLOR = 'blue' and quantity = 7",
    "user.color = 'blue' AND sys.Label = 'Order'",
    "SYS.label LIKE 'Ord%'",
    "sys.MessageId LIKE 'm_1'",
    "color <> 'red' AND color != 'Blue'",
    'quantity > 6 AND quantity >= 7 AND quantity < 8 AND quantity <= 7',
    "color IN ('red', 'blue')",
    "color NOT IN ('red', 'green')",
    "color NOT LIKE 'r%'",
    "'50%' LIKE '50!%' ESCAPE '!'",
    'EXISTS(color) AND NOT EXISTS(colour)',
    'EXISTS(sys.SessionId) AND NOT EXISTS(sys.ContentType)',
    'colour IS NULL AND color IS NOT NULL AND sys.ContentType IS NULL',
    'rush = TRUE AND rush <> false',
    'rush',
    'quantity + 1 = 8 AND quantity * 2 = 14 AND quantity - 10 = -3 AND quantity % 4 = 3',
    'quantity / 2 = 3 AND price / 2 = 1.25',
    '1 + 2 * 3 = 7 AND (1 + 2) * 3 = 9 AND -price = -2.5 AND +1 = 1',
    '2.5e0 = price AND .5 < 1 AND 1. = 1',
    "'blu' + 'e' = color",
    "[two words] = 'x' AND \"two words\" = 'x'",
    "[it's] = 'y' AND 'it''s' = 'it''s'",
    "property('two words') = 'x' AND p('color') = 'blue'",
    "newid() LIKE '________-____-____-____-____________'",
    "color = 'red' OR color = 'blue' AND quantity = 7",
    "NOT (color = 'red' OR quantity = 8)",
    "(color = 'blue')",
    "  color='blue'  ",
    '1=1',
  ])('lets the message pass: %s', (sql) => expect(passes(sql)).toBe(true));

  it.each([
    "color = 'BLUE'",
    '1=0',
    "colour = 'blue'",
    "NOT (colour = 'blue')",
    "colour <> 'blue'",
    "colour = 'blue' OR color = 'red'",
    "colour NOT IN ('blue')",
    "color NOT IN ('red', colour)",
    "colour LIKE '%'",
    'colour = NULL',
    "quantity = '7'",
    'color > 5',
    'rush > FALSE',
    'color',
    'quantity / 0 = 0 OR quantity % 0 = 0',
    "color + 1 = 'blue1'",
    'NOT color',
  ])('does not let it pass: %s', (sql) => expect(passes(sql)).toBe(false));

  it.each([
    '',
    'color =',
    "color = 'blue",
    "color 'blue'",
    '= 5',
    'color IN ()',
    "color LIKE 'x' ESCAPE",
    'EXISTS color',
    'EXISTS(1)',
    'color IS 5',
    '(color = 5',
    'color = 5)',
    'AND',
    'sys.Lable = 5',
    'other.color = 5',
    'color = @p',
    'color == 5',
    'color = 5; 1=1',
    `color = '${'x'.repeat(1_100)}'`,
  ])('is refused, with what is wrong: %s', (sql) => {
    expect(() => readFilter(sql)).toThrow(/./);
    try {
      readFilter(sql);
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid-argument' });
    }
  });

  it('is read however deep it is', () => {
    expect(passes(`${'('.repeat(500)}1=1${')'.repeat(500)}`)).toBe(true);
    expect(passes(`${'NOT '.repeat(250)}1=1`)).toBe(true);
  });
});

/** An expression as a tree, with what it means told apart from the program's way of doing it. */
interface Tree {
  sql: string;
  value: Value;
}
const isTrue = (value: Value) => (typeof value === 'boolean' ? value : null);
const both = (a: boolean | null, b: boolean | null) =>
  a === false || b === false ? false : a === null || b === null ? null : true;
const invert = (a: boolean | null) => (a === null ? null : !a);
const names = ['color', 'quantity', 'price', 'rush', 'colour'];

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  fc.constantFrom(...names).map((name) => {
    const key = [...message.user.keys()].find((each) => each.toLowerCase() === name);
    return { sql: name, value: key === undefined ? null : message.user.get(key)! };
  }),
  fc.integer({ min: 0, max: 9 }).map((value) => ({ sql: String(value), value })),
  fc.constantFrom('blue', "it's", 'b', '').map((value) => ({
    sql: `'${value.replaceAll("'", "''")}'`,
    value,
  })),
  fc.constantFrom(true, false).map((value) => ({ sql: String(value).toUpperCase(), value })),
);

const number = (a: Tree, b: Tree, act: (x: number, y: number) => number): Value =>
  typeof a.value === 'number' && typeof b.value === 'number' ? act(a.value, b.value) : null;
const equal = (a: Value, b: Value) => (a === null || b === null || typeof a !== typeof b ? null : a === b);
const less = (a: Value, b: Value) =>
  (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
    ? a < b
    : null;

const sum = fc.tuple(leaf, fc.constantFrom('-', '*'), leaf).map(([a, sign, b]): Tree => ({
  sql: `(${a.sql} ${sign} ${b.sql})`,
  value: number(a, b, (x, y) => (sign === '-' ? x - y : x * y)),
}));
const operand = fc.oneof(leaf, sum);

const { condition } = fc.letrec<{ condition: Tree }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(operand, fc.constantFrom('=', '<>', '<', '>='), operand).map(([a, sign, b]): Tree => {
      const value = {
        '=': () => equal(a.value, b.value),
        '<>': () => invert(equal(a.value, b.value)),
        '<': () => less(a.value, b.value),
        '>=': () => invert(less(a.value, b.value)),
      }[sign]!();
      return { sql: `${a.sql} ${sign} ${b.sql}`, value };
    }),
    fc.tuple(leaf, fc.boolean()).map(([a, no]): Tree => ({
      sql: `${a.sql} IS ${no ? 'NOT ' : ''}NULL`,
      value: (a.value === null) !== no,
    })),
    fc.tuple(leaf, fc.array(leaf, { minLength: 1, maxLength: 3 })).map(([a, members]): Tree => {
      const found = members.map((each) => equal(a.value, each.value));
      const value = found.includes(true) ? true : found.includes(null) ? null : false;
      return { sql: `${a.sql} IN (${members.map(({ sql }) => sql).join(', ')})`, value };
    }),
    fc.tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition')).map(([a, word, b]): Tree => {
      const [x, y] = [isTrue(a.value), isTrue(b.value)];
      const value = word === 'AND' ? both(x, y) : invert(both(invert(x), invert(y)));
      return { sql: `(${a.sql}) ${word} (${b.sql})`, value };
    }),
    tie('condition').map((a): Tree => ({ sql: `NOT (${a.sql})`, value: invert(isTrue(a.value)) })),
  ),
}));

describe('random filters', () => {
  it('are what a plain reading of them says', () => {
    fc.assert(
      fc.property(
        condition.filter(({ sql }) => sql.length <= 1_024),
        ({ sql, value }) => {
          expect(passes(sql)).toBe(value === true);
        },
      ),
      { numRuns: 2_000, seed: 20_261_123 },
    );
  });

  it('and random text never do harm: read, or refused', () => {
    const words = fc.constantFrom(
      'color',
      '=',
      "'",
      '(',
      ')',
      'AND',
      'NOT',
      'IN',
      'LIKE',
      '%',
      '1',
      '.',
      '[',
      ']',
      'sys',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 3 })), { maxLength: 20 }), (parts) => {
        try {
          expect(typeof passes(parts.join(' '))).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-argument' });
        }
      }),
      { numRuns: 3_000, seed: 20_261_123 },
    );
  });

  it('match LIKE as the expression of the same meaning does, in bounded time', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_'), maxLength: 12 });
    fc.assert(
      fc.property(letters, letters, (text, pattern) => {
        const meaning = pattern.replaceAll('%', '.*').replaceAll('_', '.');
        expect(matchesLike(text, pattern, undefined)).toBe(new RegExp(`^${meaning}$`, 's').test(text));
      }),
      { numRuns: 3_000, seed: 20_261_123 },
    );
    expect(matchesLike('a'.repeat(20_000), '%a'.repeat(300) + 'b', undefined)).toBe(false);
  });
});

describe('an action', () => {
  const changes = (sql: string) => {
    const { system, user } = readAction(sql)(message);
    return { system: Object.fromEntries(system), user: Object.fromEntries(user) };
  };

  it.each([
    ["SET color = 'red'", { system: {}, user: { color: 'red' } }],
    ["set Fresh = 1; SET sys.Label = 'New'", { system: { label: 'New' }, user: { Fresh: 1 } }],
    ['SET total = quantity * 2, SET more = total + 1', { system: {}, user: { total: 14, more: 15 } }],
    ['REMOVE COLOR REMOVE quantity;', { system: {}, user: { color: null, Quantity: null } }],
    ['REMOVE sys.SessionId', { system: { sessionId: null }, user: {} }],
    [
      'SET copy = color; REMOVE color; SET gone = color',
      { system: {}, user: { copy: 'blue', color: null, gone: null } },
    ],
  ])('%s', (sql, expected) => expect(changes(sql)).toEqual(expected));

  it.each([
    '',
    'SET',
    "SET color 'red'",
    'REMOVE',
    'REMOVE 5',
    'DROP color',
    'SET sys.Nothing = 1',
    "SET 'a' = 1",
  ])('is refused: %s', (sql) => expect(() => readAction(sql)).toThrow(/./));
});
