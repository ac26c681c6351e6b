/**
 * Sessions of accounts: a short access token, and a refresh token that is good for one use. All refresh tokens of one
 * signing in are a family; a used one that comes again was stolen or copied, and ends the family.
 */
import { createHash, randomBytes } from 'node:crypto';
import { parse, stringify } from 'uuid';
import type { Session } from '../../contract/identity.ts';
import { removeIntent, renewIntent, writeIntent, type OwnIntent } from '../intents/intents.ts';
import { clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import { settings } from '../platform/settings.ts';
import { WriteConflict } from '../platform/tables.ts';
import { closeConnections } from '../presence/presence.ts';
import type { Person } from './principal.ts';
import {
  changeSession,
  deleteSession,
  insertSession,
  readSession,
  readSessionIds,
  type StoredSession,
} from './sessions-store.ts';
import { issueToken } from './token.ts';
import { changeUser, readUser, withoutSession, withoutSessions } from './users.ts';
import type { UserRow } from './users-store.ts';

/** Whose token it is, of which session, and 256 random bits. */
interface RefreshToken {
  text: string;
  userId: string;
  sessionId: string;
}

function newRefreshToken(userId: string, sessionId: string): RefreshToken {
  const text = Buffer.concat([parse(userId), parse(sessionId), randomBytes(32)]).toString('base64url');
  return { text, userId, sessionId };
}

function readRefreshToken(text: string): RefreshToken | undefined {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 64 || bytes.toString('base64url') !== text) return undefined;
  try {
    return { text, userId: stringify(bytes.subarray(0, 16)), sessionId: stringify(bytes.subarray(16, 32)) };
  } catch {
    return undefined;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Begins a session of somebody who has just proved who they are; `user` as read before the proof. */
export async function beginSession(userId: string, user: UserRow): Promise<Session> {
  const sessionId = newId();
  const refresh = newRefreshToken(userId, sessionId);
  const expires_at = refreshEnd();
  await insertSession(userId, sessionId, {
    hash: hashOf(refresh.text),
    generation: user.generation,
    started_at: clock.now().toISOString(),
    expires_at,
  });
  return answerFor(user, refresh, expires_at);
}

const refreshEnd = (): string =>
  new Date(clock.now().getTime() + settings().REFRESH_DAYS * 86_400_000).toISOString();

async function answerFor(user: UserRow, refresh: RefreshToken, refresh_expires_at: string): Promise<Session> {
  const { userId: user_id, sessionId: session_id, text: refresh_token } = refresh;
  const { name, kind, generation } = user;
  const expiresAt = new Date(clock.now().getTime() + settings().ACCESS_MINUTES * 60_000);
  const token = await issueToken({ user_id, name, kind, generation, session_id }, expiresAt);
  const expires_at = expiresAt.toISOString();
  return { token, user: { user_id, name, kind }, expires_at, refresh_token, refresh_expires_at };
}

/** A new access token and the next refresh token. Throws `token_refused`; a used token ends its session. */
export async function refreshSession(text: string): Promise<Session> {
  const { token, session } = await requireRefreshToken(text);
  const { userId, sessionId } = token;
  const user = await readUser(userId);
  if (user?.state !== 'active' || user.generation !== session.generation) {
    await deleteSession(userId, sessionId);
    throw refused();
  }
  const next = newRefreshToken(userId, sessionId);
  const expires_at = refreshEnd();
  try {
    await changeSession(session, { hash: hashOf(next.text), expires_at });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    const now = await readSession(userId, sessionId);
    // It was ourselves where the SDK tried again after a lost answer; else another used the same token.
    if (now?.hash !== hashOf(next.text)) {
      if (now) await endSession(userId, sessionId);
      throw refused();
    }
  }
  return answerFor(user, next, expires_at);
}

async function requireRefreshToken(text: string): Promise<{ token: RefreshToken; session: StoredSession }> {
  const token = readRefreshToken(text);
  const session = token && (await readSession(token.userId, token.sessionId));
  if (!session || new Date(session.expires_at) <= clock.now()) throw refused();
  if (session.hash === hashOf(text)) return { token, session };
  await endSession(token.userId, token.sessionId);
  throw refused();
}

const refused = (): ProblemError =>
  new ProblemError('token_refused', 'This refresh token is not good, or not any more. Sign in again.');

/** Ends one session: its tokens no longer count and its connections are closed when this returns. */
export async function endSession(userId: string, sessionId: string): Promise<void> {
  await deleteSession(userId, sessionId);
  await changeUser(userId, (user) => withoutSession(user, sessionId));
  await closeConnections(userId, 'Signed out.', (session) => session === sessionId);
}

/**
 * Ends all that was ever issued to somebody and closes all their connections, but the session `keep`, whose refresh
 * token stays good. `change` is made of their row along with it; `intent` is of what that begins.
 */
export async function endSessions(
  person: Pick<Person, 'user_id' | 'name'>,
  more: {
    change?: (user: UserRow) => UserRow;
    keep?: string | undefined;
    intent?: OwnIntent;
  } = {},
): Promise<void> {
  const { user_id, name } = person;
  const { change = (user) => user, keep } = more;
  const intent = await writeIntent({ kind: 'end_sessions', user_id, ...(keep !== undefined && { keep }) });
  const { generation } = await changeUser(user_id, (row) => change(withoutSessions(row)), { name });
  for (const own of [intent, more.intent]) if (own) await renewIntent(own);
  if (keep !== undefined) await renewSession(user_id, keep, generation);
  // What begins from now on has the new generation; what is left of the old counts for nothing.
  const ids = await readSessionIds(user_id);
  await Promise.all(ids.map((id) => deleteStale(user_id, id, generation)));
  await finishEndSessions({ user_id, keep });
  void removeIntent(intent).catch(() => {});
}

/** Carries on what a process left that died while it ended sessions. Who signed in since connects again. */
export const finishEndSessions = ({ user_id, keep }: { user_id: string; keep?: string | undefined }) =>
  closeConnections(user_id, 'Signed out everywhere.', (session) => keep === undefined || session !== keep);

async function renewSession(userId: string, sessionId: string, generation: number): Promise<void> {
  for (;;) {
    const session = await readSession(userId, sessionId);
    if (!session) return;
    try {
      return await changeSession(session, { generation });
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

async function deleteStale(userId: string, sessionId: string, generation: number): Promise<void> {
  const session = await readSession(userId, sessionId);
  if (session && session.generation < generation) await deleteSession(userId, sessionId);
}

/** The person and the session that a refresh token stands for. Throws `token_refused`. */
export async function sessionOf(text: string): Promise<Pick<Person, 'user_id' | 'session_id'>> {
  const { token } = await requireRefreshToken(text);
  return { user_id: token.userId, session_id: token.sessionId };
}
