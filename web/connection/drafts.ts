/** What is being written, by room, kept over reloads. Tabs share it: each writes its room into what the others left. */
import * as z from 'zod/mini';
import type { Environment } from './environment.ts';

const key = 'hubbub.drafts';
const schema = z.record(z.string(), z.string());

export function readDrafts(storage: Environment['storage']): Record<string, string> {
  try {
    return z.parse(schema, JSON.parse(storage.getItem(key) ?? '{}'));
  } catch {
    return {};
  }
}

export function writeDraft(storage: Environment['storage'], roomId: string, text: string): void {
  const { [roomId]: _before, ...drafts } = readDrafts(storage);
  if (text !== '') drafts[roomId] = text;
  try {
    storage.setItem(key, JSON.stringify(drafts));
  } catch {
    // The storage is full: what is written stays in memory.
  }
}

export function forgetDrafts(storage: Environment['storage']): void {
  storage.removeItem(key);
}
