/** Changes of the state that several parts make, each told as one: rooms by version, and records without a key. */
import type { Room } from '../../contract/rooms.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { Api } from './api.ts';
import type { Environment } from './environment.ts';
import type { ChatState } from './model.ts';

/** What every part of the data layer works with. */
export interface Surroundings {
  store: StoreApi<ChatState>;
  api: Api;
  environment: Environment;
}

/** Of two copies of a room the one with the higher version stays; the same record where nothing is newer. */
export function withRooms(known: Record<string, Room>, rooms: readonly Room[]): Record<string, Room> {
  const newer = rooms.filter((room) => (known[room.id]?.version ?? -1) < room.version);
  if (newer.length === 0) return known;
  const merged = { ...known };
  for (const room of newer) {
    if ((merged[room.id]?.version ?? -1) < room.version) merged[room.id] = room;
  }
  return merged;
}

export function without<Value>(record: Record<string, Value>, ...ids: string[]): Record<string, Value> {
  if (!ids.some((id) => id in record)) return record;
  const rest = { ...record };
  for (const id of ids) delete rest[id];
  return rest;
}

export const loading = { state: 'loading' } as const;
export const ready = { state: 'ready' } as const;
export const idle = { state: 'idle' } as const;
