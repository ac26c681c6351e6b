import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { above, type Entry } from '../../../web/conversation/blocks.ts';

const entry = (more: Partial<Entry> & { time: string }): Entry => ({
  key: more.time,
  sender: 'bo',
  senderName: 'Bo',
  content: 'hello',
  removed: false,
  seq: 1,
  outgoing: undefined,
  ...more,
});
const noon = '2026-11-23T12:00:00Z';
const first = entry({ time: noon, seq: 4 });

describe('what stands above a message', () => {
  it('begins a day and a block with the first message', () => {
    expect(above(undefined, first, 0)).toEqual({ day: true, fresh: false, head: true });
  });

  it('keeps messages of one sender within five minutes in one block', () => {
    const soon = entry({ time: '2026-11-23T12:04:59Z', seq: 5 });
    expect(above(first, soon, 0)).toEqual({ day: false, fresh: false, head: false });
  });

  it('begins a block after five minutes, and for another sender', () => {
    expect(above(first, entry({ time: '2026-11-23T12:05:00Z' }), 0).head).toBe(true);
    expect(above(first, entry({ time: noon, sender: 'eve', senderName: 'Bo' }), 0).head).toBe(true);
  });

  it('begins a block when a sender has another name now', () => {
    expect(above(first, entry({ time: noon, senderName: 'Bob' }), 0).head).toBe(true);
  });

  it('draws a day where the local day changes, even within five minutes', () => {
    const before = entry({ time: new Date(2026, 10, 22, 23, 59, 30).toISOString() });
    const after = entry({ time: new Date(2026, 10, 23, 0, 0, 10).toISOString() });
    expect(above(before, after, 0)).toMatchObject({ day: true, head: true });
  });

  it('stays in the block when the clock of the browser is behind that of the server', () => {
    const own = entry({ time: '2026-11-23T11:59:00Z', seq: undefined });
    expect(above(first, own, 0).head).toBe(false);
  });

  it('draws the "New" line once, before the first number that was not read', () => {
    const talk = Array.from({ length: 20 }, (_, index) => entry({ time: noon, seq: index + 1 }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 25 }), (readUntil) => {
        const fresh = talk.filter((one, index) => above(talk[index - 1], one, readUntil).fresh);
        expect(fresh.map(({ seq }) => seq)).toEqual(readUntil < 20 ? [readUntil + 1] : []);
      }),
    );
  });

  it('draws no "New" line in a room where nothing was read yet, nor above what waits to be sent', () => {
    expect(above(undefined, first, 0).fresh).toBe(false);
    expect(above(first, entry({ time: noon, seq: undefined }), 2).fresh).toBe(false);
  });
});
