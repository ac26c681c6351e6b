/** A room that is not there, or not for oneself: also one that became private after one had asked to be let in. */
import { SearchX } from 'lucide-react';
import { useChat, useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useAct } from '../ui/use-act.ts';
import { ToRooms } from './to-rooms.tsx';

export function NoSuchRoom({ roomId }: { roomId: string }) {
  const client = useClient();
  const requested = useChat((state) => state.requested[roomId] === true);
  const { busy, act } = useAct();
  const withdraw = (): void => act(() => client.withdraw(roomId));
  return (
    <Notice
      icon={<SearchX size={26} />}
      title="There is no such room"
      action={
        <>
          {requested && (
            <Button busy={busy} onClick={withdraw}>
              Withdraw
            </Button>
          )}
          <ToRooms />
        </>
      }
    >
      {requested
        ? 'You asked to join it. It has been deleted, or has become private; you may still be let in.'
        : 'The address may be incomplete, or the room has been deleted.'}
    </Notice>
  );
}
