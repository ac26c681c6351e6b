/**
 * Changes of the list of rooms, on their way to everybody who shows it. A frame costs as many deliveries as there are
 * listeners, so changes that meet are merged, and what exceeds the budget is put off and merged again.
 */
import { directoryGroup } from '../../contract/names.ts';
import type { RoomsUpdated } from '../../contract/events.ts';
import { cached } from '../operations/cached.ts';
import { clock } from '../platform/clock.ts';
import { countConnections } from '../presence/presence.ts';
import { pushToGroup } from '../realtime/push.ts';
import { announceLater } from './announce.ts';
import type { RoomChange } from './announcement.ts';
import { Budget } from './budget.ts';
import { cut } from './frames.ts';

/** Deliveries (frames × listeners) a second, in this instance. Exported for tests. */
export const deliveries = new Budget(2_000);

/** Whoever is connected shows the list, or may. */
const countListeners = cached(10_000, countConnections);

/** A frame of changes must also fit an announcement, should it be put off. */
const mostBytes = 128 * 1_024;

/** Of each room its newest change: a room that went out of the list may have come back. Of two as new, the removal. */
export function merge(changes: RoomChange[]): RoomChange[] {
  const newest = new Map<string, RoomChange>();
  for (const change of changes) {
    const known = newest.get(change.room_id);
    const isNewer = known === undefined || change.version > known.version;
    if (isNewer || (change.removed && change.version === known.version)) newest.set(change.room_id, change);
  }
  return [...newest.values()];
}

/** Tells everybody who shows the list, now or as soon as the budget allows. */
export async function tellChanges(changes: RoomChange[]): Promise<void> {
  for (const part of cut(merge(changes), mostBytes)) {
    const wait = deliveries.wait(clock.now().getTime());
    if (wait > 0) {
      await announceLater({ kind: 'rooms', changes: part }, wait / 1_000);
      continue;
    }
    try {
      await pushToGroup(directoryGroup, toFrame(part));
      deliveries.spend(await countListeners());
    } catch (error) {
      console.error(JSON.stringify({ what: 'Changes of rooms are put off', error: String(error) }));
      await announceLater({ kind: 'rooms', changes: part }, 10);
    }
  }
}

function toFrame(changes: RoomChange[]): RoomsUpdated {
  return {
    type: 'rooms_updated',
    rooms: changes.flatMap(({ room, removed }) => (room && !removed ? [room] : [])),
    removed: changes.filter(({ removed }) => removed).map(({ room_id }) => room_id),
  };
}
