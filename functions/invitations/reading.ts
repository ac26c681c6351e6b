/** Whether somebody is invited: read on its own, because membership asks and invitations ask membership. */
import { clock } from '../platform/clock.ts';
import { deleteInvited, readInvited } from './store.ts';

export async function isInvited(userId: string, roomId: string): Promise<boolean> {
  const row = await readInvited(userId, roomId);
  return row !== undefined && Date.parse(row.expires_at) > clock.now().getTime();
}

/** Who is in is not invited any more. */
export function forgetInvitation(userId: string, roomId: string): Promise<void> {
  return deleteInvited(userId, roomId);
}
