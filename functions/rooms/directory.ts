/** The list of rooms: names, who has them, and what is shown of each. Served from memory for a few seconds. */
import type { Room } from '../../contract/rooms.ts';
import { normalizeName } from '../../contract/text.ts';
import { announceRoom } from '../messages/announce.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { settings } from '../platform/settings.ts';
import { WriteConflict } from '../platform/tables.ts';
import {
  deleteEntry,
  insertEntry,
  readEntries,
  readEntry,
  replaceEntry,
  type DirectoryPage,
} from './directory-store.ts';

export interface RoomsPage {
  rooms: Room[];
  cursor?: string;
}

/** Pages read lately, by what they were asked with. Our own changes empty it, so that a person sees theirs. */
const cache = new Map<string, { page: DirectoryPage; until: number }>();

/** A page of rooms whose names begin with `query`, alphabetically. Throws `bad_cursor`. */
export async function listRooms(
  query: string,
  cursor: string | undefined,
  limit: number,
): Promise<RoomsPage> {
  const prefix = normalizeName(query);
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const key = JSON.stringify([prefix, after, limit]);
  const now = clock.now().getTime();
  let known = cache.get(key);
  if (!known || known.until <= now) {
    known = {
      page: await readEntries(prefix, after, limit),
      until: now + settings().DIRECTORY_CACHE_SECONDS * 1_000,
    };
    if (cache.size > 1_000) cache.clear();
    cache.set(key, known);
  }
  const { rooms, next } = known.page;
  return { rooms, ...(next !== undefined && { cursor: writeCursor(next) }) };
}

const writeCursor = (key: string): string => Buffer.from(key).toString('base64url');

function readCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  // What does not come back as it was written is not ours; controls would break the query.
  if (key === '' || writeCursor(key) !== cursor || /\p{Cc}/u.test(key)) {
    throw new ProblemError('bad_cursor', 'Use the cursor exactly as the Link of an earlier answer gives it.');
  }
  return key;
}

/** Takes the room's name. Taking it twice is no error; throws `name_taken` where another room has it. */
export async function takeName(room: Room): Promise<void> {
  const name = normalizeName(room.name);
  cache.clear();
  try {
    await insertEntry(name, room);
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    const holder = await readEntry(name);
    if (holder === undefined) return takeName(room);
    if (holder.room.id === room.id) return;
    throw new ProblemError(
      'name_taken',
      `There is a room called ${holder.room.name} already. Choose another name.`,
    );
  }
}

/** Gives a name back, if it is this room's. */
export async function releaseName(name: string, roomId: string): Promise<void> {
  await deleteEntry(normalizeName(name), roomId);
  cache.clear();
}

/** Shows a room as it is now, in the directory and to everybody who has the list open. */
export async function showRoom(room: Room): Promise<void> {
  await refreshEntry(room);
  await announceRoom({ room_id: room.id, version: room.version, room });
}

/** Tells everybody who has the list open that a room is gone. */
export async function hideRoom(room: Room): Promise<void> {
  cache.clear();
  await announceRoom({ room_id: room.id, version: room.version, removed: true });
}

async function refreshEntry(room: Room): Promise<void> {
  const name = normalizeName(room.name);
  for (;;) {
    const entry = await readEntry(name);
    if (entry?.room.id !== room.id || entry.room.version >= room.version) break;
    try {
      await replaceEntry(name, room, entry.etag);
      break;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
  cache.clear();
}
