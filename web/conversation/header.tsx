/** The top of the conversation: which room this is, who is in it, and what one can do with it. */
import { ArrowLeft, Ellipsis, Link2, LogOut, PanelRight, Settings2, Trash2 } from 'lucide-react';
import { Link } from 'react-router';
import type { Room } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import { openDialog } from '../dialogs.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { countOf } from '../words.ts';
import { leaveRoom } from '../rooms/leave.ts';
import { KindMark } from '../rooms/room-kinds.tsx';
import css from './header.module.css';

interface HeaderProps {
  room: Room;
  details: boolean;
  onDetails: () => void;
}

export function Header({ room, details, onDetails }: HeaderProps) {
  const joined = useChat((state) => state.memberships[room.id] !== undefined);
  return (
    <header className={css['header']}>
      <BackLink />
      <div className={css['names']}>
        <div className={css['title']}>
          <h1>{room.name}</h1>
          <KindMark kind={room.kind} />
        </div>
        <p>
          {countOf(room.member_count, 'member')}
          {room.description !== '' && <span className={css['description']}>{room.description}</span>}
        </p>
      </div>
      <RoomMenu room={room} joined={joined} />
      {joined && (
        <IconButton
          label={details ? 'Hide details' : 'Show details'}
          icon={<PanelRight size={18} />}
          aria-expanded={details}
          data-details-button
          onClick={onDetails}
        />
      )}
    </header>
  );
}

/** The way back to the list where one pane is all there is room for. */
export function BackLink() {
  return (
    <Link to="/" className={css['back']} aria-label="Back to rooms">
      <ArrowLeft size={20} />
    </Link>
  );
}

function RoomMenu({ room, joined }: { room: Room; joined: boolean }) {
  const client = useClient();
  const role = useChat((state) => state.memberships[room.id]?.role);
  const copy = (): void => {
    const link = `${location.origin}/rooms/${room.id}`;
    navigator.clipboard.writeText(link).then(
      () => showToast('Link copied'),
      () => showToast(`The link could not be copied: ${link}`, 'bad'),
    );
  };
  return (
    <Menu label="Room menu" button={<Ellipsis size={18} />} buttonClassName={css['menu']}>
      <MenuItem icon={<Link2 size={16} />} onSelect={copy}>
        Copy link
      </MenuItem>
      {role !== undefined && role !== 'member' && (
        <MenuItem
          icon={<Settings2 size={16} />}
          onSelect={() => openDialog({ kind: 'edit_room', roomId: room.id })}
        >
          Room settings
        </MenuItem>
      )}
      {joined && (
        <MenuItem icon={<LogOut size={16} />} onSelect={() => leaveRoom(client, room)}>
          Leave room
        </MenuItem>
      )}
      {role === 'owner' && (
        <MenuItem
          danger
          icon={<Trash2 size={16} />}
          onSelect={() => openDialog({ kind: 'delete_room', roomId: room.id })}
        >
          Delete room
        </MenuItem>
      )}
    </Menu>
  );
}
