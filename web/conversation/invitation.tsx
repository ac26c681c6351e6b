/** A room that one is not in: what it is, and the way in. Its messages are for members alone. */
import { Plus, Users } from 'lucide-react';
import type { Room } from '../../contract/rooms.ts';
import { useChat, useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { showToast } from '../ui/toast.tsx';
import { countOf, explain } from '../words.ts';
import css from './invitation.module.css';

export function Invitation({ room }: { room: Room }) {
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
      {room.description !== '' && <p className={css['description']}>{room.description}</p>}
      <p>
        {room.member_count === 0
          ? 'Nobody is here yet. Join to write the first message.'
          : `${countOf(room.member_count, 'member')} here. Join to read along and to write.`}
      </p>
    </Notice>
  );
}
