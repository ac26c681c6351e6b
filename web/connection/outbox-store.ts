/**
 * Where messages wait over a reload: IndexedDB, or nothing where there is none. What fails here is not shown: the
 * message is in memory all the same. Knows nothing of sending.
 */
import { openDB, type IDBPDatabase } from 'idb';
import type { OutgoingMessage } from './model.ts';

/** Whose message it is stands beside it: another person of this browser must not send it. */
export interface StoredMessage extends OutgoingMessage {
  user_id: string;
}

export interface OutboxStore {
  /** What waits of this person, oldest first; what another one left is forgotten. */
  read(userId: string): Promise<OutgoingMessage[]>;
  write(userId: string, message: OutgoingMessage): Promise<void>;
  remove(messageIds: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}

const table = 'outbox';

export function outboxStore(indexedDB: IDBFactory | undefined): OutboxStore {
  let opened: Promise<IDBPDatabase> | undefined;
  const database = (): Promise<IDBPDatabase> | undefined => {
    if (indexedDB === undefined) return undefined;
    opened ??= openDB('hubbub', 1, {
      upgrade: (fresh) => void fresh.createObjectStore(table, { keyPath: 'message_id' }),
    });
    return opened;
  };
  return {
    async read(userId) {
      const stored = ((await (await database())?.getAll(table)) ?? []) as StoredMessage[];
      await this.remove(stored.filter((one) => one.user_id !== userId).map(({ message_id }) => message_id));
      // Ids rise with time, so this is the order in which they were written.
      return stored
        .filter(({ user_id }) => user_id === userId)
        .map(({ user_id: _user, ...message }) => message);
    },
    async write(userId, message) {
      const stored: StoredMessage = { ...message, user_id: userId };
      await (await database())?.put(table, stored);
    },
    async remove(messageIds) {
      const transaction = (await database())?.transaction(table, 'readwrite');
      for (const id of messageIds) void transaction?.store.delete(id);
      await transaction?.done;
    },
    async clear() {
      await (await database())?.clear(table);
    },
  };
}
