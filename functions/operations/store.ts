/** Table `counters`: partition instance, row day. A row is only ever added to, by the instance that it names. */
import { readAll, readRow, write, WriteConflict } from '../platform/tables.ts';
import { Distinct } from './distinct.ts';

export interface Counts {
  /** Messages that went into a log. */
  messages: number;
  /** Rooms that came to be, less those that went. */
  rooms: number;
  /** Rooms that somebody wrote in. */
  active: Distinct;
}

interface CountsRow {
  messages: number;
  rooms: number;
  active: string;
}

/** Adds to the counts of an instance's day. */
export async function addCounts(instance: string, day: string, counts: Counts): Promise<void> {
  for (let attempts = 5; ; attempts -= 1) {
    const known = await readRow<CountsRow>('counters', instance, day);
    const row = {
      partitionKey: instance,
      rowKey: day,
      messages: (known?.messages ?? 0) + counts.messages,
      rooms: (known?.rooms ?? 0) + counts.rooms,
      active: counts.active.with(known ? Distinct.parse(known.active) : new Distinct()).toString(),
    };
    try {
      await write('counters', known ? { type: 'replace', row, etag: known.etag } : { type: 'insert', row });
      return;
    } catch (error) {
      // Two processes of one instance may write the same row.
      if (!(error instanceof WriteConflict) || attempts === 0) throw error;
    }
  }
}

/** The counts of all instances: of all days, and `active` of the days from `since` on. */
export async function readCounts(since: string): Promise<Counts> {
  const total: Counts = { messages: 0, rooms: 0, active: new Distinct() };
  for await (const row of readAll<CountsRow>('counters', '')) {
    total.messages += row.messages;
    total.rooms += row.rooms;
    if (row.rowKey >= since) total.active = total.active.with(Distinct.parse(row.active));
  }
  return total;
}
