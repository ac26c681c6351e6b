/** What there is to know about a room: what it is for, and who is in it, those who are here now first. */
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Member, Room } from '../../contract/rooms.ts';
import { useChat, useClient, useUserId } from '../chat.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { sentenceFor } from '../words.ts';
import css from './details.module.css';
import { dateLabel } from './times.ts';

export function Details({ room, onClose }: { room: Room; onClose: () => void }) {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    close.current?.focus();
    return () => document.querySelector<HTMLElement>('[data-details-button]')?.focus();
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const covered = document.querySelector('dialog[open], :popover-open') !== null;
      if (event.key === 'Escape' && !covered) onClose();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [onClose]);
  return (
    <aside className={css['details']} aria-label={`Details of ${room.name}`}>
      <header className={css['header']}>
        <h2>Details</h2>
        <IconButton ref={close} label="Close details" icon={<X size={18} />} onClick={onClose} />
      </header>
      <div className={css['content']}>
        <section>
          <h3 className={css['title']}>About</h3>
          <p className={css['about']}>{room.description === '' ? 'No description yet.' : room.description}</p>
          <p className={css['created']}>Created on {dateLabel(room.created_at)}</p>
        </section>
        <Members room={room} />
      </div>
    </aside>
  );
}

function Members({ room }: { room: Room }) {
  const client = useClient();
  const members = useChat((state) => state.members[room.id]);
  useEffect(() => void client.loadMembers(room.id), [client, room.id, room.member_count]);
  const state = members?.loading.state ?? 'loading';
  const list = members?.list ?? [];
  const byPresence = list.toSorted((a, b) => Number(b.online) - Number(a.online));
  return (
    <section>
      <h3 className={css['title']}>
        Members <span className={css['count']}>{room.member_count.toLocaleString('en')}</span>
      </h3>
      {members?.loading.state === 'error' && (
        <p className={css['error']}>
          {sentenceFor(members.loading.problem)}{' '}
          <Button look="link" onClick={() => void client.loadMembers(room.id)}>
            Try again
          </Button>
        </p>
      )}
      {list.length === 0 && state === 'loading' && (
        <Skeleton label="Loading members" kind="people" count={3} />
      )}
      <ul>
        {byPresence.map((member) => (
          <MemberRow key={member.user_id} member={member} />
        ))}
      </ul>
      {list.length > 0 && list.length < room.member_count && (
        <p className={css['created']}>and {(room.member_count - list.length).toLocaleString('en')} more</p>
      )}
    </section>
  );
}

function MemberRow({ member }: { member: Member }) {
  const me = useUserId();
  return (
    <li className={css['member']}>
      <span className={css['face']} data-online={member.online}>
        <Avatar name={member.name} size={28} />
      </span>
      <span className={css['name']}>
        {member.name}
        {member.user_id === me && <span className={css['you']}> (you)</span>}
      </span>
      {member.role === 'owner' && <span className={css['role']}>Owner</span>}
      <span className="visually-hidden">{member.online ? 'online' : 'offline'}</span>
    </li>
  );
}
