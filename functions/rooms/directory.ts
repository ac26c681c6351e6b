/** The list of rooms: names, who has them, and what is shown of each. Served from memory for a few seconds. */
import { roomGroup } from '../../contract/names.ts';
import type { Room } from '../../contract/rooms.ts';
import { normalizeName } from '../../contract/text.ts';
import { announceRoom } from '../messages/announce.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { settings } from '../platform/settings.ts';
import { WriteConflict } from '../platform/tables.ts';
import { pushToGroup } from '../realtime/push.ts';
import {
  deleteEntry,
  insertEntry,
  readEntries,
  readEntry,
  replaceEntry,
  type DirectoryPage,
  type Wanted,
} from './directory-store.ts';
import { kindOf, readRoomRow } from './store.ts';

export interface RoomsPage {
  rooms: Room[];
  cursor?: string;
}

/** Pages read lately, by what they were asked with. Our own changes empty it, so that a person sees theirs. */
const cache = new Map<string, { page: DirectoryPage; until: number }>();
/** Rises when the cache is emptied: a page that was read before must not be kept after. */
let changes = 0;

function emptyCache(): void {
  cache.clear();
  changes += 1;
}

/** A page of rooms whose names begin with `query`, alphabetically. Throws `bad_cursor`. */
export async function listRooms(
  query: string,
  cursor: string | undefined,
  limit: number,
): Promise<RoomsPage> {
  const prefix = normalizeName(query);
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const key = JSON.stringify([prefix, after, limit]);
  const page = fromCache(key) ?? (await readAndKeep(key, { prefix, after, limit }));
  // One that is about to be listed may have its name already.
  const rooms = page.rooms.filter(({ kind }) => kind !== 'private');
  return { rooms, ...(page.next !== undefined && { cursor: writeCursor(page.next) }) };
}

function fromCache(key: string): DirectoryPage | undefined {
  const known = cache.get(key);
  return known && known.until > clock.now().getTime() ? known.page : undefined;
}

async function readAndKeep(key: string, wanted: Wanted): Promise<DirectoryPage> {
  const before = changes;
  const page = await readEntries(wanted);
  if (before === changes) {
    if (cache.size >= 1_000) cache.clear();
    cache.set(key, { page, until: clock.now().getTime() + settings().DIRECTORY_CACHE_SECONDS * 1_000 });
  }
  return page;
}

const writeCursor = (key: string): string => Buffer.from(key).toString('base64url');

function readCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  // What does not come back as it was written, or could be no key, is not ours.
  if (key === '' || writeCursor(key) !== cursor || /[/\\#?\p{Cc}]|^.{513,}/su.test(key)) {
    throw new ProblemError('bad_cursor', 'Use the cursor exactly as the Link of an earlier answer gives it.');
  }
  return key;
}

const nameTaken = ({ name }: Room): ProblemError =>
  new ProblemError('name_taken', `There is a room called ${name} already. Choose another name.`);

/** Throws `name_taken` where another room has it now: spares the work, and decides nothing. */
export async function refuseTaken(name: string, roomId: string): Promise<void> {
  const key = normalizeName(name);
  const holder = (await readEntry(key))?.room;
  if (holder && holder.id !== roomId && (await usesName(holder.id, key))) throw nameTaken(holder);
}

/** Takes the room's name. Taking it twice is no error; throws `name_taken` where another room has it. */
export async function takeName(room: Room): Promise<void> {
  const name = normalizeName(room.name);
  try {
    for (let taken = false; !taken;) taken = await tryToTake(name, room);
  } finally {
    emptyCache();
  }
}

/** Whether it is taken; if not, what stood in the way has changed meanwhile. */
async function tryToTake(name: string, room: Room): Promise<boolean> {
  try {
    const holder = await readEntry(name);
    if (holder === undefined) await insertEntry(name, room);
    else if (holder.room.id !== room.id) {
      // Left over from a room that went, in a way that nobody could tidy up after?
      if (await releaseUnused(name, holder.room.id)) return false;
      throw nameTaken(holder.room);
    }
    // Written again: whoever is about to give it back, because nobody used it, looks again.
    else await replaceEntry(name, newer(holder.room, room), holder.etag);
    return true;
  } catch (error) {
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}

const newer = (left: Room, right: Room): Room => (left.version > right.version ? left : right);

/** Gives a name back where this room has it in the directory and no use for it. Whether it is free of this room. */
export async function releaseUnused(name: string, roomId: string): Promise<boolean> {
  const key = normalizeName(name);
  for (;;) {
    // The entry before the room: who takes the name after this look at the room writes the entry again.
    const entry = await readEntry(key);
    if (entry?.room.id !== roomId) return true;
    if (await usesName(roomId, key)) return false;
    try {
      await deleteEntry(key, entry.etag);
      emptyCache();
      return true;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

async function usesName(roomId: string, name: string): Promise<boolean> {
  const row = await readRoomRow(roomId);
  if (!row || row.state === 'closed') return false;
  // A private room has no name here, but for the one that it is about to be listed under.
  const own = kindOf(row) === 'private' ? '' : row.name;
  const planned = kindOf(row) === 'private' && !row.kind_to ? '' : row.renaming_to;
  return [own, planned].map(normalizeName).includes(name);
}

/**
 * Shows a room as it is now, in the directory and to everybody who has the list open; a private one to those who are
 * in it, and nowhere else.
 */
export async function showRoom(room: Room): Promise<void> {
  if (room.kind === 'private') return pushToGroup(roomGroup(room.id), { type: 'room_changed', room });
  await refreshEntry(room);
  await announceRoom({ room_id: room.id, version: room.version, room });
}

/** Tells everybody who has the list open that a room is gone. */
export async function hideRoom(room: Room): Promise<void> {
  emptyCache();
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
  emptyCache();
}
