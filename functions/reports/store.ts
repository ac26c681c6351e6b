/** Reports of messages in table `rooms`: a row for each message and person who reported it. */
import type { Report } from '../../contract/moderation.ts';
import { auditInsert, type Act } from '../platform/audit-rows.ts';
import { roomRows } from '../platform/room-rows.ts';
import { odata, readPage, readRow, transact, type Action, type Row } from '../platform/tables.ts';

export type ReportRow = Omit<Report, 'id'>;

/** The room row's key, its ETag, and how many reports wait in it. */
interface RoomKey {
  partitionKey: string;
  etag: string;
  reports_waiting?: number;
}

const count = ({ partitionKey, etag, reports_waiting = 0 }: RoomKey, more: 1 | -1): Action => ({
  type: 'merge',
  etag,
  row: { partitionKey, rowKey: roomRows.room, reports_waiting: Math.max(0, reports_waiting + more) },
});

export function readReport(roomId: string, id: string): Promise<Row<ReportRow> | undefined> {
  return readRow<ReportRow>('rooms', roomId, roomRows.report(id));
}

/** Adds a report that waits. Throws `WriteConflict`, `exists` where there is one. */
export async function insertReport(room: RoomKey, id: string, row: ReportRow, act: Act): Promise<void> {
  const { partitionKey } = room;
  await transact('rooms', [
    count(room, 1),
    { type: 'insert', row: { partitionKey, rowKey: roomRows.report(id), ...row } },
    auditInsert(partitionKey, act),
  ]);
}

/** Decides a report that was waiting when it was read. Throws `WriteConflict`. */
export async function decideReport(
  room: RoomKey,
  report: Row<ReportRow>,
  decided: Partial<ReportRow>,
  act: Act,
): Promise<void> {
  const { partitionKey, rowKey, etag } = report;
  await transact('rooms', [
    count(room, -1),
    { type: 'merge', etag, row: { partitionKey, rowKey, ...decided } },
    auditInsert(partitionKey, act),
  ]);
}

/** A page of reports in the order of the messages; `next` is the id after which the following page begins. */
export async function readReports(
  roomId: string,
  options: { state?: Report['state'] | undefined; after?: string | undefined; limit: number },
): Promise<{ reports: Report[]; next?: string }> {
  const range = roomRows.range('report');
  const from = options.after === undefined ? range.from : roomRows.report(options.after);
  const all = odata`PartitionKey eq ${roomId} and RowKey gt ${from} and RowKey lt ${range.to}`;
  const filter = options.state === undefined ? all : `${all} and ${odata`state eq ${options.state}`}`;
  const { rows, continuation } = await readPage<ReportRow>('rooms', filter, { limit: options.limit });
  const reports = rows.map(toReport);
  const last = reports.at(-1);
  return { reports, ...(continuation !== undefined && last && { next: last.id }) };
}

/** As it crosses the wire. Ids hold digits, hyphens and user ids only, which keys keep as they are. */
export const toReport = (row: Row<ReportRow>): Report => ({
  id: row.rowKey.slice(roomRows.range('report').from.length),
  seq: row.seq,
  sender: row.sender,
  sender_name: row.sender_name,
  content: row.content,
  reason: row.reason,
  reported_by: row.reported_by,
  reported_by_name: row.reported_by_name,
  reported_at: row.reported_at,
  state: row.state,
  ...(row.decided_by_name !== undefined && { decided_by_name: row.decided_by_name }),
  ...(row.decided_at !== undefined && { decided_at: row.decided_at }),
  ...(row.note !== undefined && { note: row.note }),
});
