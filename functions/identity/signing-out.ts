/** Signing out: one session, or everything that was ever issued to a person. */
import type * as z from 'zod/mini';
import type { signOutBody } from '../../contract/identity.ts';
import { ProblemError } from '../platform/problem.ts';
import { releaseName } from './names.ts';
import type { Person } from './principal.ts';
import { endSession, endSessions, sessionOf } from './sessions.ts';
import { readUser } from './users.ts';

/**
 * Ends a session, proved by its access token or its refresh token, or with `everywhere` all of its person's. A guest
 * has but one, and gives the name up with it. Throws `unauthenticated`, `token_refused`.
 */
export async function signOut(caller: Person | undefined, body: z.infer<typeof signOutBody>): Promise<void> {
  const { refresh_token, everywhere } = body;
  const session = refresh_token === undefined ? caller : await sessionOf(refresh_token);
  if (!session) throw new ProblemError('unauthenticated', 'Send a token of the session that is to end.');
  const { user_id, session_id } = session;
  if (caller && caller.user_id !== user_id) {
    throw new ProblemError('token_refused', 'The refresh token is not of the person who calls.');
  }
  if (session_id !== undefined && !everywhere) return endSession(user_id, session_id);
  const name = caller?.name ?? (await readUser(user_id))?.name ?? user_id;
  await endSessions({ user_id, name });
  if (caller?.kind === 'guest') await releaseName(name, user_id);
}
