/** A room that one is not in: what it is, and the way in. Its messages are for members alone. */
import { DoorClosed, Hourglass, Mail, Plus, Users } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Invited } from '../../contract/invitations.ts';
import { limits, type Room } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextField } from '../ui/text-field.tsx';
import { showToast } from '../ui/toast.tsx';
import { useAct } from '../ui/use-act.ts';
import { countOf, explain } from '../words.ts';
import css from './way-in.module.css';

export function WayIn({ room }: { room: Room }) {
  const invitation = useChat((state) => state.invitations.find((one) => one.room.id === room.id));
  const requested = useChat((state) => state.requested[room.id] === true);
  if (invitation !== undefined) return <ByInvitation room={room} invitation={invitation} />;
  if (room.kind === 'open') return <Joining room={room} />;
  return requested ? <Requested room={room} /> : <Asking room={room} />;
}

function Joining({ room }: { room: Room }) {
  const client = useClient();
  const busy = useChat((state) => state.pending[room.id] !== undefined);
  const join = (): void => {
    client.join(room.id).catch((failure: unknown) => showToast(explain(failure), 'bad'));
  };
  return (
    <Notice
      size="corner"
      icon={<Users size={26} />}
      title={`You are not in ${room.name}`}
      action={
        <Button look="primary" icon={<Plus size={16} />} busy={busy} onClick={join}>
          Join room
        </Button>
      }
    >
      <About room={room} />
      <p>
        {room.member_count === 0
          ? 'Nobody is here yet. Join to write the first message.'
          : `${countOf(room.member_count, 'member')} here. Join to read along and to write.`}
      </p>
    </Notice>
  );
}

function Asking({ room }: { room: Room }) {
  const client = useClient();
  const [note, setNote] = useState('');
  const { busy, act } = useAct();
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    act(() => client.askToJoin(room.id, note.trim()));
  };
  return (
    <Notice
      size="corner"
      icon={<DoorClosed size={26} />}
      title={`${room.name} is joined by request`}
      action={
        <form className={css['form']} onSubmit={ask} noValidate>
          <TextField
            label="A word to those who decide (optional)"
            value={note}
            limit={limits.reason}
            rows={2}
            onChange={setNote}
          />
          <Button type="submit" look="primary" busy={busy}>
            Ask to join
          </Button>
        </form>
      }
    >
      <About room={room} />
      <p>{countOf(room.member_count, 'member')}. A moderator lets people in.</p>
    </Notice>
  );
}

function Requested({ room }: { room: Room }) {
  const client = useClient();
  const { busy, act } = useAct();
  return (
    <Notice
      size="corner"
      icon={<Hourglass size={26} />}
      title={`You asked to join ${room.name}`}
      action={
        <Button busy={busy} onClick={() => act(() => client.withdraw(room.id))}>
          Withdraw
        </Button>
      }
    >
      <About room={room} />
      <p>As soon as a moderator lets you in, the room opens here.</p>
    </Notice>
  );
}

function ByInvitation({ room, invitation }: { room: Room; invitation: Invited }) {
  const client = useClient();
  const { busy, act } = useAct();
  const answer = (given: 'accept' | 'decline'): void =>
    act(() => client.answerInvitation(invitation.id ?? '', given));
  return (
    <Notice
      size="corner"
      icon={<Mail size={26} />}
      title={`${invitation.invited_by_name} invites you to ${room.name}`}
      action={
        <>
          <Button onClick={() => answer('decline')}>Decline</Button>
          <Button look="primary" busy={busy} onClick={() => answer('accept')}>
            Accept
          </Button>
        </>
      }
    >
      <About room={room} />
      <p>{countOf(room.member_count, 'member')} here.</p>
    </Notice>
  );
}

function About({ room }: { room: Room }) {
  return room.description === '' ? null : <p className={css['description']}>{room.description}</p>;
}
