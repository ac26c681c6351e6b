/**
 * How every screen reaches the data layer: the client from context, and its state through selectors, so that a
 * component renders again only when what it shows has changed. Knows nothing of how the state is kept true.
 */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ChatClient, ChatState } from './connection/model.ts';

export const ChatContext = createContext<ChatClient | undefined>(undefined);

export function useClient(): ChatClient {
  const client = useContext(ChatContext);
  if (client === undefined) throw new Error('This component stands outside ChatContext');
  return client;
}

/** @param select must return the same reference while nothing of it has changed. */
export function useChat<Selected>(select: (state: ChatState) => Selected): Selected {
  return useStore(useClient().store, select);
}

/** Who is signed in; only for screens behind the sign-in. */
export function useUserId(): string {
  return useChat((state) => state.session?.user.user_id ?? '');
}
