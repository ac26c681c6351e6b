/** The window of a room's log under every disorder that a network can make. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from '../../../contract/messages.ts';
import {
  lacking,
  nextSeq,
  place,
  prepend,
  receive,
  unknownLog,
  type Log,
} from '../../../web/connection/log.ts';
import { messageOf } from './samples.ts';

const upTo = (head: number): Message[] => Array.from({ length: head }, (_, index) => messageOf(index + 1));
const seqs = (log: Log): number[] => log.messages.map(({ seq }) => seq);

/** A page of the history as the server answers it. */
const newest = (all: Message[], limit: number) => ({ messages: all.slice(-limit), head: all.length });

const isDense = ({ messages }: Log): boolean =>
  messages.every(({ seq }, index) => seq === (messages[0]?.seq ?? 0) + index);

test('[LOG] frames in any order, lost, repeated and mixed with history end in exactly the log', () => {
  const scenario = fc.record({
    head: fc.integer({ min: 0, max: 60 }),
    /** Which part of the frames arrives, in which order, some of them twice. */
    order: fc.array(fc.nat(59), { maxLength: 120 }),
    /** After how many frames the newest page arrives, how large it is, and how old. */
    placedAfter: fc.nat(120),
    limit: fc.integer({ min: 1, max: 30 }),
    age: fc.nat(30),
    page: fc.integer({ min: 1, max: 20 }),
    chunk: fc.integer({ min: 1, max: 7 }),
  });
  fc.assert(
    fc.property(scenario, ({ head, order, placedAfter, limit, age, page, chunk }) => {
      const all = upTo(head);
      const frames = order.filter((index) => index < head).map((index) => all[index]!);
      const pageThen = newest(all.slice(0, Math.max(0, head - age)), limit);
      let log = unknownLog;
      for (let index = 0; index < frames.length; index += chunk) {
        if (!log.placed && index >= placedAfter) log = place(log, pageThen);
        log = receive(log, frames.slice(index, index + chunk));
        expect(isDense(log)).toBe(true);
      }
      if (!log.placed) log = place(log, pageThen);
      // What is known to be missing is asked for, from where the window ends.
      log = receive({ ...log, head }, []);
      while (lacking(log) > 0) log = receive(log, all.slice(nextSeq(log) - 1, nextSeq(log) - 1 + page));
      while ((log.messages[0]?.seq ?? 1) > 1) {
        const first = log.messages[0]!.seq;
        log = prepend(log, all.slice(Math.max(0, first - 1 - page), first - 1));
      }
      expect(log.messages).toEqual(all);
      expect(log.early.size).toBe(0);
    }),
  );
});

test('[LOG] a message beyond a hole is not shown before the hole is filled', () => {
  const all = upTo(5);
  const holed = receive(place(unknownLog, newest(all.slice(0, 2), 10)), [all[4]!, all[3]!]);
  expect(seqs(holed)).toEqual([1, 2]);
  expect(lacking(holed)).toBe(3);
  expect(seqs(receive(holed, [all[2]!]))).toEqual([1, 2, 3, 4, 5]);
});

test('an older page that does not reach up to the window changes nothing', () => {
  const all = upTo(20);
  const log = place(unknownLog, newest(all, 5));
  expect(seqs(prepend(log, all.slice(5, 10)))).toEqual(seqs(log));
});

test('the array of messages stays the same while nothing is added to it', () => {
  const all = upTo(3);
  const log = place(unknownLog, newest(all, 3));
  expect(receive(log, all).messages).toBe(log.messages);
});

test('the server’s copy takes the place of a message that was made from its acknowledgement', () => {
  const all = upTo(3);
  const guess = { ...messageOf(3), timestamp: '2000-01-01T00:00:00.000Z' };
  const log = receive(place(unknownLog, newest(all.slice(0, 2), 10)), [guess], true);
  expect(log.messages[2]).toEqual(guess);
  expect(receive(log, [all[2]!]).messages).toEqual(all);
});

test('an acknowledgement after the server’s copy changes nothing, shown or early', () => {
  const all = upTo(4);
  const guess = (seq: number): Message => ({ ...messageOf(seq), timestamp: '2000-01-01T00:00:00.000Z' });
  const shown = place(unknownLog, newest(all.slice(0, 2), 10));
  expect(receive(shown, [guess(2)], true).messages).toEqual(all.slice(0, 2));
  const early = receive(receive(shown, [all[3]!]), [guess(4)], true);
  expect(receive(early, [all[2]!]).messages).toEqual(all);
});
