/**
 * What `/metrics` adds up. Counting costs nothing: each instance counts in memory and adds it to a row of its own
 * every few seconds. An instance that dies takes its last seconds along, so these are figures, not bookkeeping.
 */
import { hostname } from 'node:os';
import { clock } from '../platform/clock.ts';
import { escapeKey } from '../platform/keys.ts';
import { Distinct } from './distinct.ts';
import { addCounts, type Counts } from './store.ts';

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

function today(): Counts {
  const day = clock.now().toISOString().slice(0, 10);
  let counts = pending.get(day);
  if (!counts) pending.set(day, (counts = { messages: 0, rooms: 0, active: new Distinct() }));
  timer ??= setTimeout(() => void flushCounts().catch(report), flushEvery).unref();
  return counts;
}

/** Writes what was counted. What cannot be written is kept for the next time. */
export async function flushCounts(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const taken = pending;
  pending = new Map();
  for (const [day, counts] of taken) {
    try {
      await addCounts(instance, day, counts);
      taken.delete(day);
    } catch (error) {
      restore(taken);
      throw error;
    }
  }
}

function restore(taken: Map<string, Counts>): void {
  for (const [day, counts] of taken) {
    const since = pending.get(day);
    pending.set(day, since ? sum(since, counts) : counts);
  }
  timer ??= setTimeout(() => void flushCounts().catch(report), flushEvery).unref();
}

export const sum = (left: Counts, right: Counts): Counts => ({
  messages: left.messages + right.messages,
  rooms: left.rooms + right.rooms,
  active: left.active.with(right.active),
});

const report = (error: unknown): void =>
  console.error(JSON.stringify({ what: 'Counters could not be written', error: String(error) }));
