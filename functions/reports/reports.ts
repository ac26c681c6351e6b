/** Reports: a member shows a message to the moderators of the room, who decide what becomes of it. */
import type { Report } from '../../contract/moderation.ts';
import type { Principal } from '../identity/principal.ts';
import { requireMember } from '../membership/access.ts';
import { requireMessage } from '../messages/removal.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { retryOnChange } from '../rooms/rooms.ts';
import { tellWaiting } from '../rooms/waiting.ts';
import { decideReport, insertReport, readReport, readReports, toReport } from './store.ts';

/** Reports a message, once: the same person's second report of it answers the first. Throws `message_not_found`. */
export async function report(
  principal: Principal,
  roomId: string,
  { seq, reason }: { seq: number; reason: string },
): Promise<Report> {
  const { first } = await requireMember('report_message', principal, roomId);
  const message = await requireMessage(roomId, seq, first);
  if (message.removed_at !== undefined) {
    throw new ProblemError('message_not_found', 'This message is removed already.');
  }
  const id = idOf(seq, principal.user_id);
  const row = {
    seq,
    sender: message.sender,
    sender_name: message.sender_name,
    content: message.content,
    reason,
    reported_by: principal.user_id,
    reported_by_name: principal.name,
    reported_at: clock.now().toISOString(),
    state: 'open' as const,
  };
  const act = {
    action: 'report_made' as const,
    by: principal.user_id,
    by_name: principal.name,
    target: message.sender,
    target_name: message.sender_name,
    reason,
    details: { seq },
  };
  await retryOnChange(roomId, async (room) => {
    if (!(await readReport(roomId, id))) await insertReport(room, id, row, act);
  });
  await tellWaiting(roomId);
  return requireReport(roomId, id);
}

/** Sorts as the messages do, and names one person's report of one message. */
const idOf = (seq: number, userId: string): string => `${String(seq).padStart(15, '0')}-${userId}`;

async function requireReport(roomId: string, id: string): Promise<Report> {
  const row = isId(id) ? await readReport(roomId, id) : undefined;
  if (row) return toReport(row);
  throw new ProblemError('not_found', 'There is no report with this id.');
}

const isId = (id: string): boolean => /^\d{15}-[\da-f-]{36}$/.test(id);

/** A page of reports, for moderators. Throws `bad_cursor` and what `requireMember` throws. */
export async function listReports(
  principal: Principal,
  roomId: string,
  options: { state?: Report['state'] | undefined; cursor?: string | undefined; limit: number },
): Promise<{ reports: Report[]; cursor?: string }> {
  const { state, cursor, limit } = options;
  await requireMember('list_reports', principal, roomId);
  if (cursor !== undefined && !isId(cursor)) {
    throw new ProblemError('bad_cursor', 'Use the cursor exactly as the Link of an earlier answer gives it.');
  }
  const { reports, next } = await readReports(roomId, { state, after: cursor, limit });
  return { reports, ...(next !== undefined && { cursor: next }) };
}

/** Writes down what a moderator decided. One that is decided already stays as it is. Throws `not_found`. */
export async function decide(
  principal: Principal,
  target: { roomId: string; id: string },
  { decision, note }: { decision: 'dismissed' | 'acted'; note: string },
): Promise<Report> {
  const { roomId, id } = target;
  await requireMember('decide_report', principal, roomId);
  const { seq, sender, sender_name } = await requireReport(roomId, id);
  const decided = {
    state: decision,
    decided_by_name: principal.name,
    decided_at: clock.now().toISOString(),
    note,
  };
  const act = {
    action: 'report_decided' as const,
    by: principal.user_id,
    by_name: principal.name,
    target: sender,
    target_name: sender_name,
    reason: note,
    details: { seq, decision },
  };
  await retryOnChange(roomId, async (room) => {
    const row = await readReport(roomId, id);
    if (row?.state === 'open') await decideReport(room, row, decided, act);
  });
  await tellWaiting(roomId);
  return requireReport(roomId, id);
}
