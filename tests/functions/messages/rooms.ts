/** Rooms for the tests of messages. */
import type { Principal } from '../../../functions/identity/principal.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { readRow, transact, write } from '../../../functions/platform/tables.ts';

/** A room with these members. */
export async function roomOf(...members: Principal[]): Promise<string> {
  const id = newId();
  await transact('rooms', [
    { type: 'insert', row: { partitionKey: id, rowKey: 'log', head: 0, name: `Room ${id}`, closed: false } },
  ]);
  for (const { user_id } of members)
    await write('memberships', {
      type: 'insert',
      row: { partitionKey: user_id, rowKey: id, state: 'member' },
    });
  return id;
}

/** Closes a room as its deletion does first. */
export async function closeRoom(roomId: string): Promise<void> {
  const log = await readRow('rooms', roomId, 'log');
  const row = { partitionKey: roomId, rowKey: 'log', closed: true };
  await write('rooms', { type: 'merge', row, etag: log?.etag ?? '' });
}
