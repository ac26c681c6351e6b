/** The audit trail of a room: who did what to whom, when and why. For its owner and moderators to read. */
import type { AuditEntry } from '../../contract/moderation.ts';
import type { Act } from '../platform/audit-rows.ts';
import { ProblemError } from '../platform/problem.ts';
import { insertEntry, readEntries, type AuditFilter } from './audit-store.ts';

export type { AuditFilter } from './audit-store.ts';

/**
 * Adds an entry for an act that has no transaction in the room's partition. Where it has one, its store adds
 * `auditInsert` to it instead, so that neither is there without the other.
 */
export async function record(roomId: string, act: Act): Promise<void> {
  await insertEntry(roomId, act);
}

/** A page of the trail, the newest first. Who may read it is for the caller to check. Throws `bad_cursor`. */
export async function readAudit(
  roomId: string,
  filter: AuditFilter,
  paging: { cursor?: string | undefined; limit: number },
): Promise<{ entries: AuditEntry[]; cursor?: string }> {
  const { cursor, limit } = paging;
  if (cursor !== undefined && !/^\d{13}_[\da-f]{12}$/.test(cursor)) {
    throw new ProblemError('bad_cursor', 'Use the cursor exactly as the Link of an earlier answer gives it.');
  }
  const { entries, next } = await readEntries(roomId, filter, { after: cursor, limit });
  return { entries, ...(next !== undefined && { cursor: next }) };
}
