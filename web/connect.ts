/** Where the screens get their client from. */
import type { ChatClient } from './connection/model.ts';

/** @param api base address of the REST API */
export function connect(api: string): Promise<ChatClient> {
  return Promise.reject(new Error(`There is no data layer for ${api} yet`));
}
