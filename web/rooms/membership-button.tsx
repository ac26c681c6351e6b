/** Joins with + and leaves with ✓, in the list: the sign says how things stand, the name what pressing does. */
import { Check, Hourglass, Plus } from 'lucide-react';
import { useNavigate } from 'react-router';
import type { Room } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { showToast } from '../ui/toast.tsx';
import { explain } from '../words.ts';
import { leaveRoom } from './leave.ts';
import css from './membership-button.module.css';

interface MembershipButtonProps {
  room: Room;
  tabIndex: number;
}

export function MembershipButton({ room, tabIndex }: MembershipButtonProps) {
  const { id, name, kind } = room;
  const client = useClient();
  const navigate = useNavigate();
  const joined = useChat((state) => state.memberships[id] !== undefined);
  const requested = useChat((state) => state.requested[id] === true);
  const pending = useChat((state) => state.pending[id]);
  const press = (): void => {
    if (pending !== undefined) return;
    if (joined) leaveRoom(client, room);
    // The room's own page is where one says why one would like to come in.
    else if (kind !== 'open') void navigate(`/rooms/${id}`);
    else client.join(id).catch((failure: unknown) => showToast(explain(failure), 'bad'));
  };
  return (
    <IconButton
      label={labelOf({ name, kind, joined, requested })}
      icon={<Sign joined={joined} waits={requested} />}
      className={css['button']}
      data-joined={joined}
      aria-busy={pending !== undefined || undefined}
      tabIndex={tabIndex}
      onClick={press}
    />
  );
}

function Sign({ joined, waits }: { joined: boolean; waits: boolean }) {
  if (joined) return <Check size={17} strokeWidth={2.5} />;
  return waits ? <Hourglass size={16} /> : <Plus size={18} />;
}

function labelOf(how: { name: string; kind: Room['kind']; joined: boolean; requested: boolean }): string {
  const { name, kind, joined, requested } = how;
  if (joined) return `Leave ${name}`;
  if (requested) return `You asked to join ${name}`;
  return kind === 'open' ? `Join ${name}` : `Ask to join ${name}`;
}
