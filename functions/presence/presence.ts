/**
 * Who is connected, and which groups their connections are in. A person joins and leaves groups with every
 * connection they have: adding a user to a group would reach only those open at that moment.
 */
import { clock } from '../platform/clock.ts';
import { settings } from '../platform/settings.ts';
import { WriteConflict } from '../platform/tables.ts';
import { addToGroup, closeConnection, connectionExists, removeFromGroup } from '../realtime/push.ts';
import {
  changeConnection,
  connectionIdOf,
  countRows,
  deleteConnection,
  deleteName,
  readAnswers,
  readConnection,
  readConnections,
  readName,
  readTotal,
  refuseConnection,
  userIdOf,
  writeAnswers,
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
  return (await nameKnown(userId)) ?? userId;
}

/** The name of a person who has negotiated once. */
export const nameKnown = (userId: string): Promise<string | undefined> => readName(userId);

/** Forgets who a user id was. */
export const forgetName = (userId: string): Promise<void> => deleteName(userId);

/** Whether it is a connection of this person that may send events. */
export async function hasConnection(userId: string, connectionId: string): Promise<boolean> {
  const row = await readConnection(userId, connectionId);
  return row !== undefined && row.state !== 'refused';
}

type Answers = [eventId: string, answer: object][];

/** What was answered to an event of a connection that came before. */
export async function answerTo(keys: OfConnection, eventId: string): Promise<object | undefined> {
  const known = await readAnswers(keys.userId, keys.connectionId);
  const answers = known ? (JSON.parse(known.answers) as Answers) : [];
  return answers.find(([id]) => id === eventId)?.[1];
}

interface OfConnection {
  userId: string;
  connectionId: string;
}

/** So many events of one connection may be under way or sent again at a time. */
const keptAnswers = 8;

/** Keeps what was answered to an event, as long as few others come after it. */
export async function rememberAnswer(keys: OfConnection, eventId: string, answer: object): Promise<void> {
  for (;;) {
    const known = await readAnswers(keys.userId, keys.connectionId);
    const before = known ? (JSON.parse(known.answers) as Answers) : [];
    const answers = [...before.slice(1 - keptAnswers), [eventId, answer]];
    try {
      return await writeAnswers(keys, JSON.stringify(answers), known);
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

/** What is done with a connection. Answers whether it was there for it. */
type Act = (connectionId: string) => Promise<boolean>;

/** Puts every connection of a person into a group. */
export async function joinConnections(userId: string, group: string): Promise<void> {
  const act: Act = (connectionId) => addToGroup(connectionId, group);
  await onEach(userId, { onOpen: act, onOpening: act });
}

/** Takes every connection of a person out of a group; afterwards none of them is in it. */
export async function leaveConnections(userId: string, group: string): Promise<void> {
  const onOpen: Act = async (connectionId) => {
    await removeFromGroup(connectionId, group);
    return true;
  };
  // One that opens has its groups from the start: to be taken out, it must be there first.
  const onOpening: Act = async (connectionId) =>
    (await connectionExists(connectionId)) && onOpen(connectionId);
  await onEach(userId, { onOpen, onOpening });
}

/** Closes a person's connections, or those whose session `which` picks; afterwards nothing comes from them. */
export async function closeConnections(
  userId: string,
  reason: string,
  which: (session: string | undefined) => boolean = () => true,
): Promise<void> {
  const onOpen: Act = async (connectionId) => {
    // What it has sent already is refused; the row stays until it is closed, for who carries this on.
    await refuseConnection(userId, connectionId);
    await closeConnection(connectionId, reason);
    await deleteConnection(userId, connectionId);
    return true;
  };
  const onOpening: Act = async (connectionId) =>
    (await connectionExists(connectionId)) && onOpen(connectionId);
  const rows = await readConnections(userId);
  await onEachOf(
    rows.filter(({ session }) => which(session)),
    { onOpen, onOpening },
  );
}

interface Acts {
  onOpen: Act;
  onOpening: Act;
}

const onEach = async (userId: string, acts: Acts): Promise<void> =>
  onEachOf(await readConnections(userId), acts);

async function onEachOf(rows: StoredConnection[], acts: Acts): Promise<void> {
  await Promise.all(
    rows.map(async (row) => {
      if (row.state === 'opening') await onceOpen(row, acts);
      else if (await isConnected(row)) await acts.onOpen(connectionIdOf(row));
    }),
  );
}

/** For a connection that is still opening: tries until it is there, or is given up. */
async function onceOpen(row: StoredConnection, acts: Acts): Promise<void> {
  const connectionId = connectionIdOf(row);
  const giveUp = clock.now().getTime() + openingPatience;
  let current: StoredConnection | undefined = row;
  while (current?.state === 'opening') {
    if (await acts.onOpening(connectionId)) return;
    // What takes so long may come after we looked last: it is closed when it does.
    if (clock.now().getTime() > giveUp && (await changeConnection(current, { state: 'refused' }))) return;
    await clock.wait(pause);
    current = await readConnection(userIdOf(row), connectionId);
  }
  if (current?.state === 'open') await acts.onOpen(connectionId);
}

/** Whether a connection is there. A row is believed while it is young; then the connection is looked for. */
export async function isConnected(row: StoredConnection): Promise<boolean> {
  const age = clock.now().getTime() - Date.parse(row.timestamp ?? '');
  if (age <= settings().CONNECTION_SECONDS * 1_000) return true;
  const connectionId = connectionIdOf(row);
  if (await connectionExists(connectionId)) {
    await changeConnection(row, {});
    return true;
  }
  await deleteConnection(userIdOf(row), connectionId);
  return false;
}

/** Those of these people who have a connection. */
export async function whoIsOnline(userIds: string[]): Promise<Set<string>> {
  const connected = await Promise.all(userIds.map(isOnline));
  return new Set(userIds.filter((_, index) => connected[index]));
}

async function isOnline(userId: string): Promise<boolean> {
  const rows = await readConnections(userId);
  const there = await Promise.all(rows.filter(({ state }) => state === 'open').map(isConnected));
  return there.includes(true);
}

/** How many connections are open: exact up to 1,000, beyond it as of the last walk of the slow timer. */
export async function countConnections(): Promise<number> {
  return (await countRows()) ?? readTotal();
}
