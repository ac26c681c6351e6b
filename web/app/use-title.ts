/** The title of the window: how much is unread over all rooms, and which room is on the screen. */
import { useEffect } from 'react';
import { useChat } from '../chat.ts';

export function useTitle(roomId: string | undefined): void {
  const room = useChat((state) => (roomId === undefined ? undefined : state.rooms[roomId]?.name));
  const unread = useChat(({ memberships }) =>
    Object.values(memberships).reduce((sum, { head, last_read }) => sum + Math.max(0, head - last_read), 0),
  );
  useEffect(() => {
    const name = room === undefined ? 'Hubbub' : `${room} · Hubbub`;
    document.title = unread === 0 ? name : `(${unread}) ${name}`;
    return () => void (document.title = 'Hubbub');
  }, [room, unread]);
}
