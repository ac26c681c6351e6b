/**
 * Mends rooms that were written to while a backup read them. A room is one partition, read in the order of its keys:
 * ids of messages, then the log, then messages, then the room. So of what came meanwhile a message may be there while
 * its id is not, or while the log does not count it yet, and members,
 * requests and reports while the room does not count them.
 */
import { newId } from '../../functions/platform/ids.ts';
import { roomRows, type LogRow } from '../../functions/platform/room-rows.ts';
import type { StoredRow } from './row.ts';

export interface Mended {
  /** Rooms of which something had to be mended. */
  rooms: number;
  /** Rows for the table of intents: rooms that were being erased, which the sweep then goes on with. */
  intents: StoredRow[];
}

/** The rows of table `rooms` as they should be, in the order in which they came but for `log` and `room`. */
export async function* mendRooms(rows: AsyncIterable<StoredRow>, mended: Mended): AsyncGenerator<StoredRow> {
  let room: Partition | undefined;
  for await (const row of rows) {
    if (room?.key !== row.PartitionKey) {
      if (room) yield* room.end(mended);
      room = new Partition(row.PartitionKey);
    }
    yield* room.take(row);
  }
  if (room) yield* room.end(mended);
}

class Partition {
  readonly key: string;
  readonly #ids = new Bits();
  #log: StoredRow | undefined;
  #room: StoredRow | undefined;
  readonly #counts = { member_count: 0, requests_waiting: 0, reports_waiting: 0 };
  #highest = 0;
  #mended = false;

  constructor(key: string) {
    this.key = key;
  }

  *take(row: StoredRow): Generator<StoredRow> {
    const { RowKey } = row;
    if (RowKey === roomRows.log) {
      this.#log = row;
      return;
    }
    if (RowKey === roomRows.room) {
      this.#room = row;
      return;
    }
    yield row;
    if (isOf('id', RowKey)) this.#ids.add(Number(row['seq']));
    if (isOf('member', RowKey)) this.#counts.member_count += 1;
    if (isOf('request', RowKey)) this.#counts.requests_waiting += 1;
    if (isOf('report', RowKey) && row['state'] === 'open') this.#counts.reports_waiting += 1;
    if (isOf('message', RowKey)) {
      const seq = Number(row['seq']);
      this.#highest = Math.max(this.#highest, seq);
      if (this.#ids.has(seq)) return;
      this.#mended = true;
      yield { PartitionKey: this.key, RowKey: roomRows.messageId(String(row['message_id'])), seq };
    }
  }

  *end(mended: Mended): Generator<StoredRow> {
    // Without its room it was erased while it was read: without a log it is there for nobody.
    if (this.#log && this.#room) yield this.#withHead(this.#log);
    if (this.#room) {
      yield this.#withCounts(this.#room);
      if (this.#room['state'] === 'closed') mended.intents.push(deletion(this.key));
    }
    if (this.#mended) mended.rooms += 1;
  }

  #withCounts(room: StoredRow): StoredRow {
    const counts = Object.entries(this.#counts).filter(([name, count]) => (room[name] ?? 0) !== count);
    if (counts.length > 0) this.#mended = true;
    return { ...room, ...Object.fromEntries(counts) };
  }

  #withHead(log: StoredRow): StoredRow {
    const { head } = log as unknown as LogRow;
    if (head >= this.#highest) return log;
    this.#mended = true;
    return { ...log, head: this.#highest };
  }
}

const isOf = (kind: Parameters<typeof roomRows.range>[0], rowKey: string): boolean => {
  const { from, to } = roomRows.range(kind);
  return rowKey >= from && rowKey < to;
};

/** As `functions/intents/intents.ts` writes one: the queue that erased it step by step is no part of a backup. */
function deletion(roomId: string): StoredRow {
  const id = newId();
  return {
    PartitionKey: id.slice(-1),
    RowKey: id,
    kind: 'delete',
    data: JSON.stringify({ room_id: roomId }),
  };
}

/** A set of numbers that are close together: a bit each. */
class Bits {
  #bytes = new Uint8Array(64);

  add(number: number): void {
    const byte = number >> 3;
    if (byte >= this.#bytes.length) {
      const wider = new Uint8Array(Math.max(byte + 1, this.#bytes.length * 2));
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes[byte] = this.#bytes[byte]! | (1 << (number & 7));
  }

  has(number: number): boolean {
    return ((this.#bytes[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }
}
