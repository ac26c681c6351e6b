/** Rooms for the tests of messages. */
import type { Principal } from '../../../functions/identity/principal.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { roomRows } from '../../../functions/platform/room-rows.ts';
import { transact, write } from '../../../functions/platform/tables.ts';

/** A room with these members, as the capabilities of rooms and membership leave it. */
export async function roomOf(...members: Principal[]): Promise<string> {
  const id = newId();
  const name = `Room ${id}`;
  const room = {
    state: 'open',
    name,
    description: '',
    created_by: 'somebody',
    created_at: new Date().toISOString(),
    member_count: members.length,
    version: 1,
    renaming_to: '',
  };
  await transact('rooms', [
    { type: 'insert', row: { partitionKey: id, rowKey: roomRows.room, ...room } },
    { type: 'insert', row: { partitionKey: id, rowKey: roomRows.log, head: 0, name, closed: false } },
  ]);
  await Promise.all(
    members.map(({ user_id }) =>
      write('memberships', {
        type: 'insert',
        row: { partitionKey: user_id, rowKey: id, state: 'member', role: 'member' },
      }),
    ),
  );
  return id;
}

/** Closes a room as its deletion does first. */
export async function closeRoom(roomId: string): Promise<void> {
  await transact('rooms', [
    { type: 'merge', row: { partitionKey: roomId, rowKey: roomRows.room, state: 'closed' }, etag: '*' },
    { type: 'merge', row: { partitionKey: roomId, rowKey: roomRows.log, closed: true }, etag: '*' },
  ]);
}
