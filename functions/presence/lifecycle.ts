/**
 * The life of a connection. Its row is written before its groups are read, so that whoever joins or leaves at the
 * same time meets either the row or the new membership, and nobody stays in a group unseen.
 */
import { roomGroup } from '../../contract/names.ts';
import { memberRooms } from '../membership/reading.ts';
import { ProblemError } from '../platform/problem.ts';
import { addToGroups, closeConnection, removeFromGroup } from '../realtime/push.ts';
import { isConnected } from './presence.ts';
import {
  allConnections,
  changeConnection,
  deleteConnection,
  readConnection,
  writeConnection,
  writeTotal,
} from './store.ts';

/** Groups that fit the answer to `connect`, which holds up the handshake; `connected` adds the rest. */
const groupsAtOnce = 200;

/**
 * A connection of a session is about to open. Answers the groups that it is in from its first byte.
 * Throws `unavailable`.
 */
export async function connecting(userId: string, connectionId: string, session?: string): Promise<string[]> {
  const opening = { state: 'opening' as const, rooms: '[]', ...(session !== undefined && { session }) };
  const row = await writeConnection(userId, connectionId, opening);
  const rooms = (await memberRooms(userId)).slice(0, groupsAtOnce);
  if (await changeConnection(row, { rooms: JSON.stringify(rooms) })) return rooms.map(roomGroup);
  // Somebody who left a room meanwhile gave it up.
  throw new ProblemError('unavailable', tooLong, { retryAfterSeconds: 1 });
}

const tooLong = 'It took too long to open. Connect again.';

/** A connection is open. Mends what changed while it opened, or closes it if it took too long. */
export async function connected(userId: string, connectionId: string): Promise<void> {
  const row = await readConnection(userId, connectionId);
  const isExpected = row && row.state !== 'refused' && (await changeConnection(row, { state: 'open' }));
  if (!isExpected) {
    // Without a row nobody who leaves a room would find it. (Or it is gone already, and this does nothing.)
    await closeConnection(connectionId, tooLong);
    return deleteConnection(userId, connectionId);
  }
  let has = JSON.parse(row.rooms) as string[];
  for (;;) {
    const rooms = await memberRooms(userId);
    const missing = rooms.filter((roomId) => !has.includes(roomId));
    const lost = has.filter((roomId) => !rooms.includes(roomId));
    if (missing.length + lost.length === 0) return;
    if (missing.length > 0) await addToGroups(connectionId, missing.map(roomGroup));
    for (const roomId of lost) await removeFromGroup(connectionId, roomGroup(roomId));
    // Again, until it holds still: a leave that was done before the connection got the group would be undone.
    has = rooms;
  }
}

/** A connection is gone. */
export async function disconnected(userId: string, connectionId: string): Promise<void> {
  await deleteConnection(userId, connectionId);
}

/** How many connections are looked for at a time. */
const atATime = 16;

/** Removes the rows of connections that went without a word, and counts those that are there. */
export async function pruneConnections(): Promise<void> {
  let total = 0;
  let batch: Promise<boolean>[] = [];
  const countBatch = async (): Promise<void> => {
    total += (await Promise.all(batch)).filter(Boolean).length;
    batch = [];
  };
  for await (const row of allConnections()) {
    batch.push(isConnected(row));
    if (batch.length === atATime) await countBatch();
  }
  await countBatch();
  await writeTotal(total);
}
