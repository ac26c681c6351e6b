/** The audit rows of a room in table `rooms`, a page at a time. */
import type { AuditEntry } from '../../contract/moderation.ts';
import { toAuditEntry, type AuditRow } from '../platform/audit-rows.ts';
import { roomRows } from '../platform/room-rows.ts';
import { odata, readPage } from '../platform/tables.ts';

/** Which entries; what is absent leaves nothing out. */
export interface AuditFilter {
  by?: string | undefined;
  target?: string | undefined;
  action?: string | undefined;
}

/** Entries in order, the newest first; `next` is the id after which the following page begins. */
export async function readEntries(
  roomId: string,
  filter: AuditFilter,
  options: { after?: string | undefined; limit: number },
): Promise<{ entries: AuditEntry[]; next?: string }> {
  const range = roomRows.range('audit');
  const from = options.after === undefined ? range.from : roomRows.audit(options.after);
  const { by, target, action } = filter;
  const conditions = [
    odata`PartitionKey eq ${roomId} and RowKey gt ${from} and RowKey lt ${range.to}`,
    ...(by === undefined ? [] : [odata`by eq ${by}`]),
    ...(target === undefined ? [] : [odata`target eq ${target}`]),
    ...(action === undefined ? [] : [odata`action eq ${action}`]),
  ];
  const { rows, continuation } = await readPage<AuditRow>('rooms', conditions.join(' and '), {
    limit: options.limit,
  });
  const entries = rows.map((row) => toAuditEntry(row.rowKey.slice(range.from.length), row));
  const last = entries.at(-1);
  return { entries, ...(continuation !== undefined && last && { next: last.id }) };
}
