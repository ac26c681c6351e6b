/** For those who run a room: the ways to what they decide and look up, with how many wait for it. */
import { Ban, Flag, Hourglass, ScrollText, UserPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useChat } from '../chat.ts';
import { openDialog } from '../dialogs.ts';
import css from './details.module.css';

export function Running({ roomId }: { roomId: string }) {
  const waiting = useChat((state) => state.memberships[roomId]?.waiting);
  const open = (part: 'requests' | 'reports' | 'bans' | 'audit') => (): void =>
    openDialog({ kind: 'moderation', roomId, part });
  return (
    <section>
      <h3 className={css['title']}>Run the room</h3>
      <Way icon={<UserPlus size={16} />} onClick={() => openDialog({ kind: 'invite', roomId })}>
        Invite people
      </Way>
      <Way icon={<Hourglass size={16} />} count={waiting?.join_requests} onClick={open('requests')}>
        Requests to join
      </Way>
      <Way icon={<Flag size={16} />} count={waiting?.reports} onClick={open('reports')}>
        Reports
      </Way>
      <Way icon={<Ban size={16} />} onClick={open('bans')}>
        Banned and muted
      </Way>
      <Way icon={<ScrollText size={16} />} onClick={open('audit')}>
        Audit trail
      </Way>
    </section>
  );
}

interface WayProps {
  icon: ReactNode;
  count?: number | undefined;
  onClick: () => void;
  children: string;
}

function Way({ icon, count = 0, onClick, children }: WayProps) {
  return (
    <button type="button" className={css['way']} onClick={onClick}>
      {icon}
      <span>{children}</span>
      {count > 0 && <b className={css['waits']}>{count}</b>}
    </button>
  );
}
