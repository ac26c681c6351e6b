/** Acts of one person on another in a room: whether they may, and how they are written down. */
import type { AuditAction } from '../../contract/moderation.ts';
import { requireAbove, type MemberOperation, type Standing } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { requireMember } from '../membership/access.ts';
import { findMember } from '../membership/reading.ts';
import type { Act } from '../platform/audit-rows.ts';
import { nameOf } from '../presence/presence.ts';

export interface Target {
  roomId: string;
  userId: string;
}

export interface Subject {
  name: string;
  standing: Standing;
}

/**
 * Passes where the caller may do `operation` in the room and stands above the person it is done to. Throws what
 * `requireMember` and `requireAbove` throw.
 */
export async function requireOver(
  operation: MemberOperation,
  principal: Principal,
  { roomId, userId }: Target,
): Promise<Subject> {
  const [own, member] = await Promise.all([
    requireMember(operation, principal, roomId),
    findMember(roomId, userId),
  ]);
  const standing = member?.role ?? 'outsider';
  requireAbove(own.standing, standing);
  return { name: member?.name ?? (await nameOf(userId)), standing };
}

/** The audit entry of such an act. */
export const actOn = (
  action: AuditAction,
  principal: Pick<Principal, 'user_id' | 'name'>,
  target: { userId: string; name: string },
  more: Pick<Act, 'reason' | 'details'> = {},
): Act => ({
  action,
  by: principal.user_id,
  by_name: principal.name,
  target: target.userId,
  target_name: target.name,
  ...more,
});
