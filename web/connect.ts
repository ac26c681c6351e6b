/** Where the screens get their client from. */
import { createChatClient } from './connection/chat-client.ts';
import type { ChatClient } from './connection/model.ts';

/** @param api base address of the REST API */
export function connect(api: string): Promise<ChatClient> {
  return Promise.resolve(createChatClient({ apiBase: api }));
}
