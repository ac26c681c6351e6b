/**
 * The order of the list of rooms: one's own first, then the others, each by name. Pure, so that ten thousand
 * rooms and every mix of search, loading and joining can be tried without a screen.
 */
import { normalizeName } from '../../contract/text.ts';
import type { Room } from '../../contract/rooms.ts';
import type { Directory } from '../connection/model.ts';

export type ListRow =
  | { kind: 'heading'; key: string; label: string }
  | { kind: 'room'; key: string; roomId: string };

export interface ArrangementInput {
  rooms: Record<string, Room>;
  /** Ids of rooms that the person is in. */
  joined: ReadonlySet<string>;
  /** Ids that stand among the person's own; differs from `joined` while the list is held still. */
  placed: ReadonlySet<string>;
  directory: Pick<Directory, 'ids' | 'query'>;
  /** What is in the search field now; the directory may still be on its way there. */
  query: string;
}

export interface Arrangement {
  rows: ListRow[];
  own: string[];
  others: string[];
}

export function arrange({ rooms, joined, placed, directory, query }: ArrangementInput): Arrangement {
  const wanted = normalizeName(query);
  const matches = (id: string): boolean => {
    const room = rooms[id];
    return room !== undefined && (wanted === '' || normalizeName(room.name).includes(wanted));
  };
  const listed = new Set(directory.ids);
  const own = [...new Set([...placed, ...[...joined].filter((id) => !listed.has(id))])]
    .filter(matches)
    .map((id) => ({ id, name: normalizeName(rooms[id]?.name ?? '') }))
    .toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
    .map(({ id }) => id);
  const ownIds = new Set(own);
  // What the server found for this very query stands as it is: it may match in ways that we do not.
  const answered = normalizeName(directory.query) === wanted;
  const others = directory.ids.filter(
    (id) => !placed.has(id) && !ownIds.has(id) && rooms[id] !== undefined && (answered || matches(id)),
  );
  return { rows: toRows(own, others), own, others };
}

function toRows(own: string[], others: string[]): ListRow[] {
  const room = (roomId: string): ListRow => ({ kind: 'room', key: roomId, roomId });
  const rows: ListRow[] = [];
  if (own.length > 0) rows.push({ kind: 'heading', key: 'own', label: 'Your rooms' }, ...own.map(room));
  if (others.length > 0) {
    rows.push({ kind: 'heading', key: 'others', label: own.length > 0 ? 'More rooms' : 'Rooms' });
    for (const id of others) rows.push(room(id));
  }
  return rows;
}

/** The room before or after the one on the screen, round the end; where none is, the first or the last. */
export function neighbour(
  ids: readonly string[],
  current: string | undefined,
  step: 1 | -1,
): string | undefined {
  const at = current === undefined ? -1 : ids.indexOf(current);
  if (at === -1) return step === 1 ? ids[0] : ids.at(-1);
  return ids[(at + step + ids.length) % ids.length];
}
