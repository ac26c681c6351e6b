/** Table `invitations`: by user id a row for each room that somebody is invited to. */
import { escapeKey } from '../platform/keys.ts';
import { readRow, type Row } from '../platform/tables.ts';

/** An invitation as the invited person finds it; the room keeps one, too. */
export interface InvitedRow {
  /** The invitation's id. */
  id: string;
  invited_by_name: string;
  expires_at: string;
}

export function readInvited(userId: string, roomId: string): Promise<Row<InvitedRow> | undefined> {
  return readRow<InvitedRow>('invitations', escapeKey(userId), roomId);
}
