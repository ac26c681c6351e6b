/** The audit trail of a room: who did what to whom, when and why. For its owner and moderators to read. */
import type { AuditEntry } from '../../contract/moderation.ts';
import type { Principal } from '../identity/principal.ts';
import { requireMember } from '../membership/access.ts';
import { ProblemError } from '../platform/problem.ts';
import { readEntries, type AuditFilter } from './audit-store.ts';

/** A page of the trail, the newest first, for owner and moderators. Throws `bad_cursor`, and as `requireMember`. */
export async function listAudit(
  principal: Principal,
  roomId: string,
  options: { filter: AuditFilter; cursor?: string | undefined; limit: number },
): Promise<{ entries: AuditEntry[]; cursor?: string }> {
  const { filter, cursor, limit } = options;
  await requireMember('read_audit', principal, roomId);
  if (cursor !== undefined && !/^\d{13}_[\da-f]{12}$/.test(cursor)) {
    throw new ProblemError('bad_cursor', 'Use the cursor exactly as the Link of an earlier answer gives it.');
  }
  const { entries, next } = await readEntries(roomId, filter, { after: cursor, limit });
  return { entries, ...(next !== undefined && { cursor: next }) };
}
