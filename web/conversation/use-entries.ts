/** The messages of a room and what waits to be sent, read as one list without copying either. */
import { useMemo } from 'react';
import type { Message } from '../../contract/messages.ts';
import { useChat } from '../chat.ts';
import type { Conversation, OutgoingMessage } from '../connection/model.ts';
import { entryOf, outgoingEntry, type Entry } from './blocks.ts';

export interface Entries {
  count: number;
  /** So many are acknowledged; what follows waits to be sent. */
  acknowledged: number;
  at: (index: number) => Entry | undefined;
  keyAt: (index: number) => string;
  /** How long its text is, without making an entry: this is asked of every message of the room. */
  lengthAt: (index: number) => number;
}

const nothing: OutgoingMessage[] = [];
const nobody = { user_id: '', name: '' };

/** An entry stays the same object while its message does: otherwise each append would render every row again. */
const made = new WeakMap<Message | OutgoingMessage, Entry>();

function once<Source extends Message | OutgoingMessage>(
  source: Source,
  make: (source: Source) => Entry,
): Entry {
  const known = made.get(source);
  if (known !== undefined) return known;
  const entry = make(source);
  made.set(source, entry);
  return entry;
}

export function useEntries(roomId: string, { messages }: Conversation): Entries {
  const outbox = useChat((state) => state.outbox[roomId] ?? nothing);
  const me = useChat((state) => state.session?.user ?? nobody);
  return useMemo(
    () => ({
      count: messages.length + outbox.length,
      acknowledged: messages.length,
      keyAt: (index) =>
        messages[index]?.message_id ?? outbox[index - messages.length]?.message_id ?? `gone-${index}`,
      lengthAt: (index) => (messages[index] ?? outbox[index - messages.length])?.content.length ?? 0,
      at: (index) => {
        const message = messages[index];
        if (message !== undefined) return once(message, entryOf);
        const outgoing = outbox[index - messages.length];
        return outgoing && once(outgoing, (source) => outgoingEntry(source, me));
      },
    }),
    [messages, outbox, me],
  );
}
