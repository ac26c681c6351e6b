/** The room closed over what one was reading: who is out of it hears why, and what can be done. */
import { Plus, UserRoundX } from 'lucide-react';
import { useChat, useClient } from '../chat.ts';
import type { Removal } from '../connection/model.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { showToast } from '../ui/toast.tsx';
import { explain } from '../words.ts';
import { momentLabel } from './times.ts';
import { ToRooms } from './to-rooms.tsx';
import css from './way-in.module.css';

interface PutOutProps {
  roomId: string;
  name: string;
  /** Absent where one was away when it happened. */
  removal: Removal | undefined;
}

export function PutOut({ roomId, name, removal }: PutOutProps) {
  const client = useClient();
  // Only an open one is seen from outside and joined again.
  const isOpen = useChat((state) => state.rooms[roomId]?.kind === 'open');
  const called = name === '' ? 'this room' : name;
  const join = (): void => {
    client.join(roomId).catch((failure: unknown) => showToast(explain(failure), 'bad'));
  };
  return (
    <Notice
      urgent
      icon={<UserRoundX size={26} />}
      title={titleOf(called, removal)}
      action={
        <>
          {isOpen && removal?.banned !== true && (
            <Button icon={<Plus size={16} />} onClick={join}>
              Join again
            </Button>
          )}
          <ToRooms />
        </>
      }
    >
      {removal !== undefined && removal.reason !== '' && (
        <blockquote className={css['reason']}>{removal.reason}</blockquote>
      )}
      <p>{meaningOf(removal)}</p>
    </Notice>
  );
}

function titleOf(name: string, removal: Removal | undefined): string {
  if (removal === undefined) return `You are no longer in ${name}`;
  return removal.banned ? `You were banned from ${name}` : `You were removed from ${name}`;
}

function meaningOf(removal: Removal | undefined): string {
  if (removal === undefined) return 'It was deleted, or somebody removed you while you were away.';
  if (!removal.banned) return 'A moderator took you out of the room.';
  if (removal.until === undefined) return 'You cannot come back, unless a moderator lifts the ban.';
  return `You can come back ${momentLabel(removal.until)}.`;
}
