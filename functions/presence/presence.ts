/**
 * Who is connected, and which groups their connections are in. A person joins and leaves groups with every
 * connection they have: adding a user to a group would reach only those open at that moment.
 */
import { clock } from '../platform/clock.ts';
import { settings } from '../platform/settings.ts';
import { addToGroup, connectionExists, removeFromGroup } from '../realtime/push.ts';
import {
  connectionIdOf,
  countRows,
  deleteConnection,
  readConnection,
  readConnections,
  readName,
  readTotal,
  setConnectionState,
  writeName,
  type StoredConnection,
} from './store.ts';

/** Milliseconds after which a connection that is still opening is given up. */
const openingPatience = 5_000;
const pause = 100;

/** Remembers who a user id is, for the events that carry the id alone. */
export async function rememberName(userId: string, name: string): Promise<void> {
  await writeName(userId, name);
}

/** The name of a person who has negotiated once; their id where that never happened. */
export async function nameOf(userId: string): Promise<string> {
  return (await readName(userId)) ?? userId;
}

export async function connectionsOf(userId: string): Promise<string[]> {
  return (await readConnections(userId)).map(connectionIdOf);
}

/** Puts every connection of a person into a group. */
export async function joinConnections(userId: string, group: string): Promise<void> {
  await onEach(userId, async (connectionId) => addToGroup(connectionId, group));
}

/** Takes every connection of a person out of a group; afterwards none of them is in it. */
export async function leaveConnections(userId: string, group: string): Promise<void> {
  await onEach(userId, async (connectionId) => {
    await removeFromGroup(connectionId, group);
    return connectionExists(connectionId);
  });
}

/** `act` says whether the connection exists; one that is opening gets it until it does. */
async function onEach(userId: string, act: (connectionId: string) => Promise<boolean>): Promise<void> {
  const rows = await readConnections(userId);
  await Promise.all(
    rows.map((row) => (row.state === 'opening' ? onceOpen(userId, row, act) : onOpen(userId, row, act))),
  );
}

async function onOpen(
  userId: string,
  row: StoredConnection,
  act: (connectionId: string) => Promise<boolean>,
): Promise<void> {
  const connectionId = connectionIdOf(row);
  if (!(await act(connectionId)) && isOld(row)) await deleteConnection(userId, connectionId);
}

async function onceOpen(
  userId: string,
  row: StoredConnection,
  act: (connectionId: string) => Promise<boolean>,
): Promise<void> {
  const connectionId = connectionIdOf(row);
  const giveUp = clock.now().getTime() + openingPatience;
  let current: StoredConnection | undefined = row;
  while (current?.state === 'opening') {
    if (await act(connectionId)) return;
    // What takes so long may come after we looked last: it is closed when it does.
    if (clock.now().getTime() > giveUp && (await setConnectionState(current, 'refused'))) return;
    await clock.wait(pause);
    current = await readConnection(userId, connectionId);
  }
  if (current?.state === 'open') await act(connectionId);
}

const isOld = (row: StoredConnection): boolean =>
  clock.now().getTime() - Date.parse(row.timestamp ?? '') > settings().CONNECTION_SECONDS * 1_000;

/** Those of these people who have a connection. */
export async function whoIsOnline(userIds: string[]): Promise<Set<string>> {
  const connected = await Promise.all(
    userIds.map(async (userId) => (await readConnections(userId)).length > 0),
  );
  return new Set(userIds.filter((_, index) => connected[index]));
}

/** How many connections are open: exact up to 1,000, beyond it as of the last walk of the slow timer. */
export async function countConnections(): Promise<number> {
  return (await countRows()) ?? readTotal();
}
