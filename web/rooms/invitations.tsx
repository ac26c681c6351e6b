/** Who has invited one where, above the list of rooms, with the two answers. */
import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Invited } from '../../contract/invitations.ts';
import { useChat, useClient } from '../chat.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { showToast } from '../ui/toast.tsx';
import { explain } from '../words.ts';
import css from './invitations.module.css';

export function Invitations() {
  const invitations = useChat((state) => state.invitations);
  if (invitations.length === 0) return null;
  return (
    <section className={css['invitations']} aria-label="Invitations">
      <h2>Invitations</h2>
      <ul>
        {invitations.map((invitation) => (
          <InvitationRow key={invitation.id ?? invitation.room.id} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}

function InvitationRow({ invitation: { id = '', room, invited_by_name } }: { invitation: Invited }) {
  const client = useClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const answer = async (given: 'accept' | 'decline'): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      await client.answerInvitation(id, given);
      if (given === 'accept') await navigate(`/rooms/${room.id}`);
    } catch (failure) {
      showToast(explain(failure), 'bad');
      setBusy(false);
    }
  };
  return (
    <li className={css['row']}>
      <span className={css['words']}>
        <span className={css['name']}>{room.name}</span>
        <span className={css['by']}>{invited_by_name} invites you</span>
      </span>
      <IconButton
        label={`Decline the invitation to ${room.name}`}
        icon={<X size={17} />}
        onClick={() => void answer('decline')}
      />
      <IconButton
        label={`Accept the invitation to ${room.name}`}
        icon={<Check size={17} strokeWidth={2.5} />}
        className={css['accept']}
        aria-busy={busy || undefined}
        onClick={() => void answer('accept')}
      />
    </li>
  );
}
