/**
 * The order of one list of rooms, as far as it is loaded, and where a new or renamed room stands in it. Pure; the
 * rooms themselves are elsewhere. Names are compared as the server compares them.
 */
import type { Room } from '../../contract/rooms.ts';
import { normalizeName } from '../../contract/text.ts';

export interface RoomList {
  /** What the names begin with; '' for every room. */
  query: string;
  ids: string[];
  /** Address of the page after the last one. */
  next?: string | undefined;
  complete: boolean;
}

type Rooms = Readonly<Record<string, Room>>;

/** Before anything is loaded nothing stands in the list, and no new room has a place in it. */
export const unloadedList = (query: string): RoomList => ({ query, ids: [], complete: false });

/**
 * Rooms that are new or renamed take their places. One beyond the loaded part gets none: its page will bring it.
 * @param before the rooms as they were, @param after as they are now.
 */
export function rearrange(
  list: RoomList,
  changed: readonly Room[],
  [before, after]: [Rooms, Rooms],
): RoomList {
  const listed = new Set(list.ids);
  const moved = changed
    .map(({ id }) => id)
    .filter((id) => !listed.has(id) || before[id]?.name !== after[id]?.name);
  if (moved.length === 0) return list;
  const wanted = normalizeName(list.query);
  const nameOf = (id = ''): string => normalizeName(after[id]?.name ?? '');
  const last = list.ids.at(-1) ?? '';
  const end = normalizeName((before[last] ?? after[last])?.name ?? '');
  const ids = dropIds(list.ids, new Set(moved)).slice();
  for (const id of moved) {
    const name = nameOf(id);
    if (after[id] === undefined || !name.startsWith(wanted) || (!list.complete && name > end)) continue;
    ids.splice(
      placeOf(name, ids.length, (index) => nameOf(ids[index])),
      0,
      id,
    );
  }
  return { ...list, ids };
}

/** The index of the first name that is not below `name`. */
function placeOf(name: string, length: number, nameAt: (index: number) => string): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (nameAt(middle) < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same array where none of them stands in it. */
export function dropIds(ids: string[], dropped: ReadonlySet<string>): string[] {
  return ids.some((id) => dropped.has(id)) ? ids.filter((id) => !dropped.has(id)) : ids;
}
