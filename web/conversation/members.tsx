/** Who is in a room, those who are here now first, and what one can do about each. */
import { Crown, MicOff, Shield } from 'lucide-react';
import { useEffect } from 'react';
import type { Member, Room } from '../../contract/rooms.ts';
import { useChat, useClient, useUserId } from '../chat.ts';
import { MemberMenu } from '../moderation/member-menu.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { sentenceFor } from '../words.ts';
import css from './details.module.css';
import { useStillAhead } from './still-ahead.ts';
import { momentLabel } from './times.ts';

export function Members({ room }: { room: Room }) {
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
          <MemberRow key={member.user_id} roomId={room.id} member={member} />
        ))}
      </ul>
      {list.length > 0 && list.length < room.member_count && (
        <p className={css['created']}>and {(room.member_count - list.length).toLocaleString('en')} more</p>
      )}
    </section>
  );
}

function MemberRow({ roomId, member }: { roomId: string; member: Member }) {
  const me = useUserId();
  return (
    <li className={css['member']}>
      <span className={css['face']} data-online={member.online}>
        <Avatar name={member.name} emoji={member.avatar} size={28} />
      </span>
      <span className={css['name']}>
        {member.name}
        {member.user_id === me && <span className={css['you']}> (you)</span>}
        {member.status !== '' && <span className={css['status']}>{member.status}</span>}
        <Muted until={member.muted_until} />
      </span>
      <Standing role={member.role} />
      <span className="visually-hidden">{member.online ? 'online' : 'offline'}</span>
      <MemberMenu roomId={roomId} member={member} />
    </li>
  );
}

/** For those who decide on it: nobody else is told. */
function Muted({ until }: { until: string | undefined }) {
  const muted = useStillAhead(until);
  if (!muted || until === undefined) return null;
  return (
    <span className={css['muted']}>
      <MicOff size={12} aria-hidden="true" /> Muted. May write again {momentLabel(until)}
    </span>
  );
}

function Standing({ role }: Pick<Member, 'role'>) {
  if (role === 'member') return null;
  return (
    <span className={css['role']}>
      {role === 'owner' ? <Crown size={13} /> : <Shield size={13} />}
      {role === 'owner' ? 'Owner' : 'Moderator'}
    </span>
  );
}
