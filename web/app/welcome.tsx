/** Beside the list while no room is open: an invitation, and for a first visit the way in. */
import { MessagesSquare, Plus } from 'lucide-react';
import { useChat } from '../chat.ts';
import { openDialog } from '../dialogs.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import css from './pane.module.css';

export function Welcome() {
  const name = useChat((state) => state.session?.user.name ?? '');
  const newcomer = useChat(
    (state) => state.membershipsLoading.state === 'ready' && Object.keys(state.memberships).length === 0,
  );
  return (
    <div className={css['pane']}>
      <Notice
        icon={<MessagesSquare size={26} />}
        title={newcomer ? `Welcome, ${name}` : 'Choose a room'}
        action={
          <Button
            look={newcomer ? 'primary' : 'plain'}
            icon={<Plus size={16} />}
            onClick={() => openDialog({ kind: 'create_room', name: '' })}
          >
            Create a room
          </Button>
        }
      >
        {newcomer
          ? 'Join a room from the list with +, or start one of your own.'
          : 'Pick one from the list, or start a new one.'}
      </Notice>
    </div>
  );
}
