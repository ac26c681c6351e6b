/** The checker itself: a good record passes, and each way of being wrong is named. */
import { describe, expect, it } from 'vitest';
import { judge } from './checker.ts';
import { readRecord, Record, type Entry } from './record.ts';

const room = 'room';
const who = 'ann/1';
const sent = (id: string, by = who): Entry => ({ kind: 'sent', who: by, room, id, content: `text of ${id}` });
const acknowledged = (id: string, seq: number): Entry => ({ kind: 'acknowledged', who, room, id, seq });
const shown = (...messages: [number, string][]): Entry => ({ kind: 'shown', who: 'bob/1', room, messages });
const end = (...messages: [number, string][]): Entry => ({ kind: 'end', who: 'bob/1', room, messages });
const stored = (...messages: [number, string][]): Entry => ({
  kind: 'stored',
  room,
  head: messages.length,
  messages: messages.map(([seq, id]) => [seq, id, `text of ${id}`]),
});
const bob = (state: 'joining' | 'in' | 'leaving' | 'out'): Entry => ({
  kind: 'membership',
  who: 'bob/1',
  room,
  state,
});

const both: [number, string][] = [
  [1, 'a'],
  [2, 'b'],
];
const good = [
  bob('in'),
  sent('a'),
  acknowledged('a', 1),
  sent('b'),
  acknowledged('b', 2),
  shown(...both),
  end(...both),
  stored(...both),
];

describe('the checker', () => {
  it('passes a good run, also when it is read back from its file', () => {
    expect(judge(good)).toEqual({
      violations: [],
      counts: { sent: 2, acknowledged: 2, stored: 2, shown: 2, faults: 0 },
    });
    const record = new Record();
    good.forEach((entry) => record.note(entry));
    record.save('test-results/faults/checker.jsonl');
    expect(readRecord('test-results/faults/checker.jsonl')).toEqual(good);
  });

  it.each<[string, Entry[], RegExp]>([
    ['[ACK] a lost message', [sent('a'), acknowledged('a', 1), stored()], /acknowledged .* not stored/],
    [
      '[ACK] another number than the acknowledged one',
      [sent('a'), acknowledged('a', 2), stored([1, 'a'])],
      /as 2, stored as 1/,
    ],
    ['[LOG] a message stored twice', [sent('a'), stored([1, 'a'], [2, 'a'])], /stored twice/],
    ['[LOG] a gap', [sent('a'), sent('b'), stored([1, 'a'], [3, 'b'])], /stands number 3/],
    ['a message from nowhere', [stored([1, 'a'])], /never sent/],
    [
      'a refused message that is stored',
      [sent('a'), { kind: 'refused', who, room, id: 'a', code: 'x' }, stored([1, 'a'])],
      /refused .* is stored/,
    ],
    [
      '[LOG] another message under a number',
      [sent('a'), sent('b'), shown([1, 'b']), stored(...both)],
      /was shown b as 1/,
    ],
    [
      '[ACK] a member who was not shown all',
      [sent('a'), sent('b'), end([1, 'a']), stored(...both)],
      /has 1 of 2/,
    ],
    [
      '[LOG] a doubled message in the end',
      [sent('a'), end([1, 'a'], [1, 'a']), stored([1, 'a'])],
      /at place 2/,
    ],
    [
      '[LOG] a sender’s words in another order',
      [sent('b'), sent('a'), stored(...both)],
      /after its number 2/,
    ],
    [
      '[ISO] a message after leaving',
      [bob('out'), sent('a'), shown([1, 'a']), stored([1, 'a'])],
      /after leaving/,
    ],
    ['what a screen saw itself', [{ kind: 'broken', who, room, what: 'a hole' }], /a hole/],
  ])('names %s', (_, entries, sentence) => {
    expect(judge(entries).violations.join('\n')).toMatch(sentence);
  });

  it('[ISO] allows what was sent before one left, and everything after one joined again', () => {
    const before = [sent('a'), bob('out'), shown([1, 'a']), stored([1, 'a'])];
    const again = [bob('out'), sent('a'), bob('joining'), shown([1, 'a']), stored([1, 'a'])];
    expect([...judge(before).violations, ...judge(again).violations]).toEqual([]);
  });
});
