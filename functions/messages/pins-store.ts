/** The pins of a room in table `rooms`: a row for each pinned message. */
import { auditInsert, type Act } from '../platform/audit-rows.ts';
import { roomRows } from '../platform/room-rows.ts';
import { odata, readPage, readRow, transact } from '../platform/tables.ts';
import type { Log } from './store.ts';

interface PinRow {
  seq: number;
  pinned_at: string;
}

/** Numbers of the pinned messages, ascending; at most 1,000. */
export async function readPins(roomId: string): Promise<number[]> {
  const { from, to } = roomRows.range('pin');
  const filter = odata`PartitionKey eq ${roomId} and RowKey ge ${from} and RowKey lt ${to}`;
  const { rows } = await readPage<PinRow>('rooms', filter, { limit: 1_000 });
  return rows.map(({ seq }) => seq);
}

export async function isPinned(roomId: string, seq: number): Promise<boolean> {
  return (await readRow<PinRow>('rooms', roomId, roomRows.pin(seq))) !== undefined;
}

/** Pins or takes a pin away, if the log is still as it was read. Throws `WriteConflict`. */
export async function writePin(
  roomId: string,
  log: Log,
  pin: { seq: number; pinned_at?: string; act: Act },
): Promise<void> {
  const { seq, pinned_at, act } = pin;
  const row = { partitionKey: roomId, rowKey: roomRows.pin(seq) };
  await transact('rooms', [
    // Changes nothing but the ETag: pins are counted, and a message is removed, under it.
    { type: 'merge', etag: log.etag, row: { partitionKey: roomId, rowKey: roomRows.log } },
    pinned_at === undefined
      ? { type: 'delete', etag: '*', row }
      : { type: 'upsert', row: { ...row, seq, pinned_at } },
    auditInsert(roomId, act),
  ]);
}
