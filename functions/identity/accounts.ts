/** Accounts of our own: an e-mail and a password. A wrong e-mail and a wrong password are answered alike. */
import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import type { passwordBody, registerBody, Session, signInBody } from '../../contract/identity.ts';
import { take } from '../limits/limits.ts';
import { clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import { settings } from '../platform/settings.ts';
import { WriteConflict } from '../platform/tables.ts';
import { deleteEmail, readEmail, writeEmail, type StoredEmail } from './emails-store.ts';
import { claimName, lasting, releaseName } from './names.ts';
import { hashPassword, isPassword } from './passwords.ts';
import type { Person } from './principal.ts';
import { beginSession, endSessions } from './sessions.ts';
import { addUser, newUser, readUser } from './users.ts';
import type { StoredUser } from './users-store.ts';

/** Makes an account and signs it in. Throws `accounts_off`, `email_taken`, `name_taken`, `too_many_requests`. */
export async function register(
  body: z.infer<typeof registerBody>,
  address: string | undefined,
): Promise<Session> {
  requireAccounts();
  if (address !== undefined) await take(address, 'register_address');
  const { email, name } = body;
  if (await isTaken(await readEmail(email))) throw taken();
  // Before anything is claimed: it takes long.
  const password = await hashPassword(body.password);
  const userId = newId();
  await claimName({ user_id: userId, name, expires_at: lasting });
  const user = newUser({ kind: 'account', name, email, password });
  try {
    await claimEmail(email, userId);
    await addUser(userId, user);
  } catch (error) {
    if (error instanceof ProblemError) await releaseName(name, userId);
    throw error;
  }
  return beginSession(userId, user);
}

function requireAccounts(): void {
  if (settings().ACCOUNTS === 'on') return;
  throw new ProblemError('accounts_off', 'There are no accounts with a password here.');
}

async function claimEmail(email: string, userId: string): Promise<void> {
  const known = await readEmail(email);
  if (known && known.user_id !== userId && (await isTaken(known))) throw taken();
  try {
    await writeEmail(email, userId, known);
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    // It may have been ourselves: the SDK tries again where an answer is lost.
    if ((await readEmail(email))?.user_id !== userId) throw taken();
  }
}

/** Milliseconds for which an address is its claimer's before their row is there. */
const underway = 60_000;

/** Whether an address has an account, or is about to; a crash between the two rows does not block it for ever. */
async function isTaken(known: StoredEmail | undefined): Promise<boolean> {
  if (!known) return false;
  const user = await readUser(known.user_id);
  if (user) return user.state !== 'deleted';
  return clock.now().getTime() - Date.parse(known.timestamp ?? '') < underway;
}

const taken = (): ProblemError =>
  new ProblemError('email_taken', 'There is an account with this e-mail. Sign in, or use another one.');

/** Signs an account in. Throws `accounts_off`, `wrong_credentials`, `too_many_requests`. */
export async function signIn(
  body: z.infer<typeof signInBody>,
  address: string | undefined,
): Promise<Session> {
  requireAccounts();
  const { email, password } = body;
  if (address !== undefined) await take(address, 'sign_in_address');
  await take(`email_${createHash('sha256').update(email).digest('hex')}`, 'sign_in');
  const known = await readEmail(email);
  const user = known && (await readUser(known.user_id));
  if (!(await isPassword(password, user?.password)) || user?.state !== 'active') throw wrong();
  return beginSession(user.partitionKey, user);
}

const wrong = (): ProblemError =>
  new ProblemError('wrong_credentials', 'There is no account with this e-mail and password.');

/**
 * Sets another password, and ends every other session of the account; the caller's own goes on with its refresh token.
 * Throws `wrong_credentials`, `not_allowed` for who has no password, `too_many_requests`.
 */
export async function changePassword(caller: Person, body: z.infer<typeof passwordBody>): Promise<void> {
  await requirePassword(caller, body.current);
  const password = await hashPassword(body.password);
  await endSessions(caller, { change: (user) => ({ ...user, password }), keep: caller.session_id });
}

/** The caller's row, if this is their password. Throws `wrong_credentials`, `not_allowed`, `too_many_requests`. */
export async function requirePassword(caller: Person, password: string): Promise<StoredUser> {
  if (caller.kind !== 'account') throw new ProblemError('not_allowed', 'Only an account has a password.');
  await take(caller.user_id, 'sign_in');
  const user = await readUser(caller.user_id);
  if (user && (await isPassword(password, user.password))) return user;
  throw new ProblemError('wrong_credentials', 'This is not your password.');
}

/** Frees an e-mail, if it is this person's. */
export async function releaseEmail(email: string, userId: string): Promise<void> {
  const known = await readEmail(email);
  if (known?.user_id === userId) await deleteEmail(known);
}
