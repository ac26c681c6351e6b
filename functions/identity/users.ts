/**
 * People as stored, and whether what was issued to them still counts. A guest has a row only once something of them
 * has to be remembered; without one they are as their token says.
 */
import { clock } from '../platform/clock.ts';
import { settings } from '../platform/settings.ts';
import { Recent } from '../platform/recent.ts';
import { WriteConflict } from '../platform/tables.ts';
import type { Person } from './principal.ts';
import { insertUser, readUserRow, replaceUser, type StoredUser, type UserRow } from './users-store.ts';

const recent = new Recent(readUserRow, () => settings().ACCESS_CACHE_SECONDS);

/** A person's row as it is now; undefined for a guest of whom nothing is stored, and for nobody. */
export const readUser = (userId: string): Promise<StoredUser | undefined> => readUserRow(userId);

/** A person's row, at most `ACCESS_CACHE_SECONDS` old. */
export const recentUser = (userId: string): Promise<StoredUser | undefined> => recent.get(userId);

/** Whether a token or a ticket still speaks for `person`, whose row this is. */
export function isCurrent(person: Person, user: StoredUser | undefined): boolean {
  if (!user) return person.kind === 'guest' && (person.generation ?? 0) === 0;
  if (user.state !== 'active' || user.kind !== person.kind || user.generation !== (person.generation ?? 0))
    return false;
  return !readEnded(user).some(([session]) => session === person.session_id);
}

/** Changes a person's row, again when somebody else changed it. A guest gets a row by it. */
export async function changeUser(
  userId: string,
  change: (user: UserRow) => UserRow,
  guest?: Pick<UserRow, 'name'>,
): Promise<UserRow> {
  for (;;) {
    const known = await readUserRow(userId);
    if (!known && !guest) throw new Error(`There is no user ${userId}`);
    const changed = change(known ? valuesOf(known) : newUser({ kind: 'guest', ...guest! }));
    try {
      await (known ? replaceUser(known, changed) : insertUser(userId, changed));
      return changed;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    } finally {
      recent.drop(userId);
    }
  }
}

/** Stores a new person. Throws `WriteConflict` where there is one under this id. */
export async function addUser(userId: string, row: UserRow): Promise<void> {
  await insertUser(userId, row);
  recent.drop(userId);
}

export const newUser = (given: Pick<UserRow, 'name' | 'kind'> & Partial<UserRow>): UserRow => ({
  avatar: '',
  status: '',
  state: 'active',
  generation: 0,
  ended_sessions: '[]',
  created_at: clock.now().toISOString(),
  ...given,
});

function valuesOf(user: StoredUser): UserRow {
  const { kind, name, avatar, status, state, generation, ended_sessions, created_at } = user;
  const { email, password, subject } = user;
  return {
    kind,
    name,
    avatar,
    status,
    state,
    generation,
    ended_sessions,
    created_at,
    ...(email !== undefined && { email }),
    ...(password !== undefined && { password }),
    ...(subject !== undefined && { subject }),
  };
}

type Ended = [session: string, endedAt: string][];
const readEnded = ({ ended_sessions }: UserRow): Ended => JSON.parse(ended_sessions) as Ended;

/** The row with one session more whose access tokens no longer count; those whose tokens are over are forgotten. */
export function withoutSession(user: UserRow, sessionId: string): UserRow {
  const now = clock.now();
  const over = new Date(now.getTime() - (settings().ACCESS_MINUTES + 1) * 60_000).toISOString();
  const rest = readEnded(user).filter(([session, at]) => at > over && session !== sessionId);
  return { ...user, ended_sessions: JSON.stringify([...rest, [sessionId, now.toISOString()]]) };
}

/** The row with nothing that was issued before it counting any more. */
export const withoutSessions = (user: UserRow): UserRow => ({
  ...user,
  generation: user.generation + 1,
  ended_sessions: '[]',
});
