/**
 * The life of a connection. Its row is written before its groups are read, so that whoever joins or leaves at the
 * same time meets either the row or the new membership, and nobody stays in a group unseen.
 */
import { roomGroup } from '../../contract/names.ts';
import { memberRooms } from '../membership/reading.ts';
import { addToGroup, closeConnection, connectionExists, removeFromGroup } from '../realtime/push.ts';
import { clock } from '../platform/clock.ts';
import { settings } from '../platform/settings.ts';
import {
  allConnections,
  connectionIdOf,
  deleteConnection,
  readConnection,
  writeConnection,
  writeTotal,
} from './store.ts';
import { unescapeKey } from '../platform/keys.ts';

/** Groups that fit the answer to `connect`, which holds up the handshake; `connected` adds the rest. */
const groupsAtOnce = 200;

/** A connection is about to open. Answers the groups that it is in from its first byte. */
export async function connecting(userId: string, connectionId: string): Promise<string[]> {
  await writeConnection(userId, connectionId, { state: 'opening', rooms: '[]' });
  const rooms = (await memberRooms(userId)).slice(0, groupsAtOnce);
  await writeConnection(userId, connectionId, { state: 'opening', rooms: JSON.stringify(rooms) });
  return rooms.map(roomGroup);
}

/** A connection is open. Mends what changed while it opened, or closes it if it took too long. */
export async function connected(userId: string, connectionId: string): Promise<void> {
  const row = await readConnection(userId, connectionId);
  if (row?.state === 'refused') {
    await closeConnection(connectionId, 'It took too long to open. Connect again.');
    return deleteConnection(userId, connectionId);
  }
  const given = JSON.parse(row?.rooms ?? '[]') as string[];
  await writeConnection(userId, connectionId, { state: 'open', rooms: '[]' });
  const rooms = await memberRooms(userId);
  const missing = rooms.filter((roomId) => !given.includes(roomId));
  const lost = given.filter((roomId) => !rooms.includes(roomId));
  await Promise.all([
    ...missing.map((roomId) => addToGroup(connectionId, roomGroup(roomId))),
    ...lost.map((roomId) => removeFromGroup(connectionId, roomGroup(roomId))),
  ]);
}

/** A connection is gone. */
export async function disconnected(userId: string, connectionId: string): Promise<void> {
  await deleteConnection(userId, connectionId);
}

/** Removes the rows of connections that went without a word, and counts those that are there. */
export async function pruneConnections(): Promise<void> {
  const old = clock.now().getTime() - settings().CONNECTION_SECONDS * 1_000;
  let total = 0;
  for await (const row of allConnections()) {
    const connectionId = connectionIdOf(row);
    const gone = Date.parse(row.timestamp ?? '') < old && !(await connectionExists(connectionId));
    if (gone) await deleteConnection(unescapeKey(row.partitionKey), connectionId);
    else total += 1;
  }
  await writeTotal(total);
}
