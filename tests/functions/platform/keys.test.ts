/** Table keys made of people's text: valid, reversible, and in the same order. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeKey, unescapeKey } from '../../../functions/platform/keys.ts';
import { roomRows } from '../../../functions/platform/room-rows.ts';

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('"#./>?[\\01a~ é')) }),
  fc.string({ unit: 'binary' }).map((any) => any.replace(/\p{Cc}/gu, '')),
);
const order = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

describe('a key', () => {
  it('holds nothing that tables refuse, and gives the text back', () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(escapeKey(any)).not.toMatch(/[/\\#?\p{Cc}]/u);
        expect(unescapeKey(escapeKey(any))).toBe(any);
      }),
    );
  });

  it('keeps order and prefixes', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(order(escapeKey(left), escapeKey(right))).toBe(order(left, right));
        expect(escapeKey(left + right).startsWith(escapeKey(left))).toBe(true);
      }),
    );
  });

  it('[BAD] is not made of control characters', () => {
    expect(() => escapeKey('a\u0000')).toThrow(RangeError);
  });
});

describe('the rows of a room', () => {
  it('stay apart by kind, whatever people are called', () => {
    fc.assert(
      fc.property(text, fc.nat(), (any, seq) => {
        const rows = {
          member: roomRows.member(any),
          message: roomRows.message(seq),
          id: roomRows.messageId(any),
        };
        for (const kind of ['member', 'message', 'id'] as const) {
          const { from, to } = roomRows.range(kind);
          const inside = [...Object.values(rows), roomRows.room, roomRows.log].filter(
            (row) => row >= from && row < to,
          );
          expect(inside).toEqual([rows[kind]]);
        }
      }),
    );
  });

  it('[LOG] sort messages by number', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.nat(10 ** 9), (left, right) => {
        expect(order(roomRows.message(left), roomRows.message(right))).toBe(Math.sign(left - right));
      }),
    );
  });
});
