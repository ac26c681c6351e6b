/**
 * What was seen counts as read: only while somebody is looking (the window has the focus), and only what has been
 * on the screen. Also counts what arrived below it.
 */
import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect } from 'react';
import { useChat, useClient, useUserId } from '../chat.ts';
import type { Conversation } from '../connection/model.ts';

interface Reading {
  roomId: string;
  conversation: Conversation;
  virtualizer: Virtualizer<HTMLElement, Element>;
}

/** @returns how many messages of others stand below what has been seen. */
export function useReading({ roomId, conversation, virtualizer }: Reading): number {
  const client = useClient();
  const me = useUserId();
  const read = useChat((state) => state.memberships[roomId]?.last_read ?? 0);
  const { messages } = conversation;
  const lastShown = Math.min(virtualizer.range?.endIndex ?? -1, messages.length - 1);
  const shown = messages[lastShown]?.seq ?? 0;

  useEffect(() => {
    const note = (): void => {
      if (shown === 0 || document.visibilityState !== 'visible' || !document.hasFocus()) return;
      client.markRead(roomId, shown);
    };
    note();
    window.addEventListener('focus', note);
    return () => window.removeEventListener('focus', note);
  }, [client, roomId, shown]);

  const below = (messages.at(-1)?.seq ?? 0) - Math.max(read, shown);
  if (below <= 0) return 0;
  return messages.slice(-below).filter((message) => message.sender !== me).length;
}
