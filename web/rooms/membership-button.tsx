/** Joins with + and leaves with ✓, in the list: the sign says how things stand, the name what pressing does. */
import { Check, Plus } from 'lucide-react';
import { useChat, useClient } from '../chat.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { showToast } from '../ui/toast.tsx';
import { explain } from '../words.ts';
import css from './membership-button.module.css';

interface MembershipButtonProps {
  roomId: string;
  name: string;
  tabIndex: number;
}

export function MembershipButton({ roomId, name, tabIndex }: MembershipButtonProps) {
  const client = useClient();
  const joined = useChat((state) => state.memberships[roomId] !== undefined);
  const pending = useChat((state) => state.pending[roomId]);
  const press = (): void => {
    if (pending !== undefined) return;
    const change = joined ? client.leave(roomId) : client.join(roomId);
    change.catch((failure: unknown) => showToast(explain(failure), 'bad'));
  };
  return (
    <IconButton
      label={joined ? `Leave ${name}` : `Join ${name}`}
      icon={joined ? <Check size={17} strokeWidth={2.5} /> : <Plus size={18} />}
      className={css['button']}
      data-joined={joined}
      aria-busy={pending !== undefined || undefined}
      tabIndex={tabIndex}
      onClick={press}
    />
  );
}
