/** One room in the list: what it is called, how many are in it, what is unread, and what one can do with it. */
import { Trash2 } from 'lucide-react';
import { memo } from 'react';
import { Link } from 'react-router';
import { useChat } from '../chat.ts';
import { openDialog } from '../dialogs.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { countOf } from '../words.ts';
import { MembershipButton } from './membership-button.tsx';
import { KindMark } from './room-kinds.tsx';
import css from './room-row.module.css';

interface RoomRowProps {
  roomId: string;
  current: boolean;
  /** The list is one stop of the Tab key; this is the row that it stops at. */
  reachable: boolean;
}

export const RoomRow = memo(function RoomRow({ roomId, current, reachable }: RoomRowProps) {
  const room = useChat((state) => state.rooms[roomId]);
  const membership = useChat((state) => state.memberships[roomId]);
  const own = membership?.role === 'owner';
  if (room === undefined) return null;
  const unread = membership === undefined ? 0 : Math.max(0, membership.head - membership.last_read);
  const waits = (membership?.waiting?.join_requests ?? 0) + (membership?.waiting?.reports ?? 0);
  const tabIndex = reachable ? 0 : -1;
  return (
    <div
      className={css['row']}
      data-joined={membership !== undefined}
      data-current={current}
      data-unread={unread > 0}
    >
      <Link
        to={`/rooms/${roomId}`}
        className={css['link']}
        aria-current={current ? 'page' : undefined}
        tabIndex={tabIndex}
        data-room-link
      >
        <span className={css['name']}>
          {room.name}
          <KindMark kind={room.kind} size={13} />
        </span>
        <span className={css['about']}>
          <span className={css['count']}>{countOf(room.member_count, 'member')}</span>
          {room.description !== '' && <span className={css['description']}>{room.description}</span>}
        </span>
        {waits > 0 && (
          <span className={css['waits']} data-tip="Waits for a decision of yours">
            {waits}
            <span className="visually-hidden"> to decide</span>
          </span>
        )}
        {unread > 0 && (
          <span className={css['unread']}>
            {unread > 999 ? '999+' : unread}
            <span className="visually-hidden"> unread</span>
          </span>
        )}
      </Link>
      {own && (
        <IconButton
          label={`Delete ${room.name}`}
          icon={<Trash2 size={16} />}
          className={css['delete']}
          tabIndex={tabIndex}
          onClick={() => openDialog({ kind: 'delete_room', roomId })}
        />
      )}
      <MembershipButton room={room} tabIndex={tabIndex} />
    </div>
  );
});
