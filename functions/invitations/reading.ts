/**
 * Whether invitations are good, and somebody is invited: read on its own, because membership asks and invitations ask
 * membership.
 */
import { may } from '../identity/permissions.ts';
import { readUser } from '../identity/users.ts';
import { findRole } from '../membership/reading.ts';
import { clock } from '../platform/clock.ts';
import { deleteInvited, readInvitation, readInvited, type InvitationRow } from './store.ts';

/** Those of a room's invitations that let somebody in now: as long as who made one may invite. */
export async function goodOf<T extends InvitationRow>(roomId: string, rows: T[]): Promise<T[]> {
  const left = rows.filter(
    ({ uses_left, expires_at }) => uses_left > 0 && Date.parse(expires_at) > clock.now().getTime(),
  );
  const makers = [...new Set(left.map(({ invited_by }) => invited_by))];
  const answers = await Promise.all(makers.map((userId) => mayInvite(userId, roomId)));
  const good = new Set(makers.filter((_, index) => answers[index]));
  return left.filter(({ invited_by }) => good.has(invited_by));
}

/** Whether one that was read lets somebody in now. */
export async function isGood(roomId: string, row: InvitationRow | undefined): Promise<boolean> {
  return row !== undefined && (await goodOf(roomId, [row])).length > 0;
}

async function mayInvite(user_id: string, roomId: string): Promise<boolean> {
  const [standing, user] = await Promise.all([findRole(roomId, user_id), readUser(user_id)]);
  if (standing === undefined || (user && user.state !== 'active')) return false;
  // Moderators may the same in rooms of every kind, and guests as much as others.
  return may('invite', { user_id, kind: 'guest' }, { roomId, kind: 'private', standing });
}

export async function isInvited(userId: string, roomId: string): Promise<boolean> {
  const pointer = await readInvited(userId, roomId);
  return pointer !== undefined && isGood(roomId, await readInvitation(roomId, pointer.id));
}

/** Who is in is not invited any more. */
export function forgetInvitation(userId: string, roomId: string): Promise<void> {
  return deleteInvited(userId, roomId);
}
