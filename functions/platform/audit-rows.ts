/**
 * The rows of a room's audit trail, in the room's own partition: so the stores of several capabilities write the
 * entry of an act in the transaction of the act itself, and neither is there without the other.
 */
import { randomBytes } from 'node:crypto';
import type { AuditAction, AuditEntry } from '../../contract/moderation.ts';
import { clock } from './clock.ts';
import { roomRows } from './room-rows.ts';
import type { Action } from './tables.ts';

/** What somebody did in a room; the room and the time are added when it is written. */
export interface Act {
  action: AuditAction;
  /** User id and name of who did it. */
  by: string;
  by_name: string;
  /** To whom, where it was to somebody. */
  target?: string | undefined;
  target_name?: string | undefined;
  reason?: string | undefined;
  /** What it was about: a message's number, what a field was changed to. */
  details?: Record<string, string | number>;
}

export interface AuditRow extends Omit<Act, 'details'> {
  at: string;
  /** As JSON. */
  details?: string;
}

/** Milliseconds of time that fit the digits below; above any date. */
const farthest = 9_999_999_999_999;

/** Keys ascend as time descends, so that the newest come first. */
function newKey(at: Date): string {
  return `${String(farthest - at.getTime()).padStart(13, '0')}_${randomBytes(6).toString('hex')}`;
}

/** The action that adds an entry, for a transaction in the partition of `roomId`. */
export function auditInsert(roomId: string, act: Act): Action {
  const at = clock.now();
  const { details, ...rest } = act;
  const told = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined && value !== ''),
  );
  const row: Record<string, unknown> = { ...told, at: at.toISOString() };
  if (details) row['details'] = JSON.stringify(details);
  return { type: 'insert', row: { partitionKey: roomId, rowKey: roomRows.audit(newKey(at)), ...row } };
}

/** An entry as it crosses the wire. */
export function toAuditEntry(id: string, row: AuditRow): AuditEntry {
  const { at, action, by, by_name, target, target_name, reason, details } = row;
  return {
    id,
    at,
    action,
    by,
    by_name,
    ...(target !== undefined && { target }),
    ...(target_name !== undefined && { target_name }),
    ...(reason !== undefined && { reason }),
    ...(details !== undefined && { details: JSON.parse(details) as Record<string, string | number> }),
  };
}
