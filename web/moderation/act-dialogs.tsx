/** Questions before somebody is put out, kept out or silenced, or gets the room: why, and for how long. */
import { useState } from 'react';
import { limits } from '../../contract/rooms.ts';
import { useClient } from '../chat.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { showToast } from '../ui/toast.tsx';
import { roomCalls } from './calls.ts';

export interface OnMember {
  roomId: string;
  userId: string;
  name: string;
}
export type MemberAct = 'remove' | 'ban' | 'mute';

const words: Record<MemberAct, { verb: string; means: string; done: string }> = {
  remove: { verb: 'Remove', means: 'They are out at once, and may come back.', done: 'was removed' },
  ban: {
    verb: 'Ban',
    means: 'They are out at once, and cannot come back until the ban ends.',
    done: 'is banned',
  },
  mute: { verb: 'Mute', means: 'They read along, and cannot write until the mute ends.', done: 'is muted' },
};
const ends = [
  ['10', 'For 10 minutes'],
  ['60', 'For an hour'],
  ['1440', 'For a day'],
  ['10080', 'For a week'],
  ['43200', 'For 30 days'],
  ['', 'For ever'],
] as const;
type End = (typeof ends)[number][0];

interface ActDialogProps extends OnMember {
  act: MemberAct;
  onClose: () => void;
}

export function ActOnMemberDialog({ act, roomId, userId, name, onClose }: ActDialogProps) {
  const client = useClient();
  const [reason, setReason] = useState('');
  const [end, setEnd] = useState<End>(act === 'ban' ? '1440' : '60');
  const { verb, means, done } = words[act];
  const confirm = async (): Promise<void> => {
    const calls = roomCalls(client.call, roomId);
    const until = end === '' ? undefined : new Date(Date.now() + Number(end) * 60_000).toISOString();
    if (act === 'remove') await calls.remove(userId, reason.trim());
    else await calls.restrict(act === 'ban' ? 'bans' : 'mutes', userId, { reason: reason.trim(), until });
    showToast(`${name} ${done}`);
    await client.loadMembers(roomId);
  };
  return (
    <ConfirmDialog title={`${verb} ${name}?`} confirm={verb} onConfirm={confirm} onClose={onClose}>
      <p>{means}</p>
      {act !== 'remove' && <Select label="How long" choices={ends} value={end} onChange={setEnd} />}
      <TextField
        label="Reason (optional)"
        hint={`${name} reads it, and it stands in the audit trail.`}
        value={reason}
        limit={limits.reason}
        rows={2}
        onChange={setReason}
      />
    </ConfirmDialog>
  );
}

export function HandOverDialog({ roomId, userId, name, onClose }: OnMember & { onClose: () => void }) {
  const client = useClient();
  return (
    <ConfirmDialog
      title={`Hand the room over to ${name}?`}
      confirm="Hand over"
      onClose={onClose}
      onConfirm={async () => {
        await roomCalls(client.call, roomId).changeRole(userId, 'owner');
        await client.loadMembers(roomId);
      }}
    >
      <p>
        {name} becomes the owner, and you a moderator. Only {name} can give it back.
      </p>
    </ConfirmDialog>
  );
}
