/** Changing a room: its name, description, kind, and what holds in it. */
import type { ChangeRoomBody, Room } from '../../contract/rooms.ts';
import type { Operation } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { requireMember } from '../membership/access.ts';
import { showRoom } from './directory.ts';
import { renameRoom } from './renaming.ts';
import { changeKind } from './kinds.ts';
import { readRoom, requireRoom, retryOnChange } from './rooms.ts';
import { changeRoomAndLog, kindOf, toRoom, type RoomRow } from './store.ts';

/**
 * Changes a room, for its owner; slow mode also for its moderators. Throws `room_not_found`, `not_owner`,
 * `not_moderator`, `name_taken`.
 */
export async function changeRoom(
  principal: Principal,
  roomId: string,
  change: ChangeRoomBody,
): Promise<Room> {
  await requireMember(operationOf(change), principal, roomId);
  const { name, kind, ...settings } = change;
  const row = await requireRoom(roomId);
  const act = { by: principal.user_id, by_name: principal.name };
  if (name !== undefined && name !== row.name) await renameRoom(roomId, { name, ...act });
  if (kind !== undefined && kind !== kindOf(row)) await changeKind(roomId, kind, act);
  const changed = different(row, settings);
  if (Object.keys(changed).length > 0) {
    const { slow_mode_seconds } = changed;
    const entry = { action: 'room_changed' as const, ...act, details: changed };
    const changedRow = await retryOnChange(roomId, (fresh) =>
      changeRoomAndLog(fresh, changed, slow_mode_seconds === undefined ? {} : { slow_mode_seconds }, entry),
    );
    await showRoom(toRoom(changedRow));
  }
  return readRoom(roomId);
}

const operationOf = (change: ChangeRoomBody): Extract<Operation, 'change_room' | 'set_slow_mode'> =>
  Object.entries(change).every(([field, value]) => field === 'slow_mode_seconds' || value === undefined)
    ? 'set_slow_mode'
    : 'change_room';

type Settings = Pick<RoomRow, 'description' | 'history' | 'slow_mode_seconds'>;

/** What of the wanted settings is not so already. */
function different(row: RoomRow, wanted: { [Field in keyof Settings]?: Settings[Field] | undefined }) {
  const now = {
    description: row.description,
    history: row.history ?? 'all',
    slow_mode_seconds: row.slow_mode_seconds ?? 0,
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([field, value]) => value !== undefined && value !== now[field as keyof Settings],
    ),
  ) as Partial<Settings>;
}
