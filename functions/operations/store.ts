/** Table `counters`: partition instance, row day. A row is only ever added to, by the instance that it names. */
import { readAll, readRow, write, WriteConflict } from '../platform/tables.ts';

export interface CountsRow {
  /** Messages that went into a log. */
  messages: number;
  /** Rooms that came to be, less those that went. */
  rooms: number;
  /** Rooms that somebody wrote in, as the text of a `Distinct`. */
  active: string;
}

/** Changes the counts of an instance's day; `add` makes the new ones of those that are there. */
export async function changeCounts(
  instance: string,
  day: string,
  add: (known: CountsRow | undefined) => CountsRow,
): Promise<void> {
  for (let attempts = 5; ; attempts -= 1) {
    const known = await readRow<CountsRow>('counters', instance, day);
    const { messages, rooms, active } = add(known);
    const row = { partitionKey: instance, rowKey: day, messages, rooms, active };
    try {
      await write('counters', known ? { type: 'replace', row, etag: known.etag } : { type: 'insert', row });
      return;
    } catch (error) {
      // Two processes of one instance may write the same row.
      if (!(error instanceof WriteConflict) || attempts === 0) throw error;
    }
  }
}

/** The counts of every instance and day. */
export async function* readCountsRows(): AsyncGenerator<CountsRow & { day: string }> {
  for await (const { rowKey: day, messages, rooms, active } of readAll<CountsRow>('counters', '')) {
    yield { day, messages, rooms, active };
  }
}
