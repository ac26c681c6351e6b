/**
 * What `/metrics` adds up. Counting costs nothing: each instance counts in memory and adds it to a row of its own
 * every few seconds. An instance that dies takes its last seconds along, so these are figures, not bookkeeping.
 */
import { hostname } from 'node:os';
import { clock } from '../platform/clock.ts';
import { escapeKey } from '../platform/keys.ts';
import { Distinct } from './distinct.ts';
import { changeCounts, readCountsRows } from './store.ts';

export interface Counts {
  /** Messages that went into a log. */
  messages: number;
  /** Rooms that came to be, less those that went. */
  rooms: number;
  /** Rooms that somebody wrote in. */
  active: Distinct;
}

/** Milliseconds between two writes. */
const flushEvery = 10_000;

const instance = escapeKey(process.env['WEBSITE_INSTANCE_ID'] ?? hostname());
let pending = new Map<string, Counts>();
let timer: NodeJS.Timeout | undefined;

/** Messages that now stand in a room's log. */
export function countMessages(roomId: string, number: number): void {
  const counts = today();
  counts.messages += number;
  counts.active.add(roomId);
}

/** A room came to be (1) or went (-1). */
export function countRooms(difference: 1 | -1): void {
  today().rooms += difference;
}

/** What all instances have written down: of all days, and `active` of the days from `since` on. */
export async function readCounts(since: string): Promise<Counts> {
  let total = nothing();
  for await (const { day, messages, rooms, active } of readCountsRows()) {
    total = sum(total, { messages, rooms, active: day >= since ? Distinct.parse(active) : new Distinct() });
  }
  return total;
}

/** Writes what was counted. What cannot be written is kept for the next time. */
export async function flushCounts(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const taken = pending;
  pending = new Map();
  for (const [day, counts] of taken) {
    try {
      await changeCounts(instance, day, (known) => {
        const before = known ? { ...known, active: Distinct.parse(known.active) } : nothing();
        const after = sum(before, counts);
        return { ...after, active: after.active.toString() };
      });
      taken.delete(day);
    } catch (error) {
      for (const [left, unwritten] of taken) keep(left, unwritten);
      throw error;
    }
  }
}

function today(): Counts {
  const day = clock.now().toISOString().slice(0, 10);
  return pending.get(day) ?? keep(day, nothing());
}

/** Adds counts to what is to be written of a day, and sees to it that it will be. */
function keep(day: string, counts: Counts): Counts {
  const known = pending.get(day);
  const kept = known ? sum(known, counts) : counts;
  pending.set(day, kept);
  timer ??= setTimeout(() => void flushCounts().catch(report), flushEvery).unref();
  return kept;
}

const nothing = (): Counts => ({ messages: 0, rooms: 0, active: new Distinct() });

const sum = (left: Counts, right: Counts): Counts => ({
  messages: left.messages + right.messages,
  rooms: left.rooms + right.rooms,
  active: left.active.with(right.active),
});

const report = (error: unknown): void =>
  console.error(JSON.stringify({ what: 'Counters could not be written', error: String(error) }));
