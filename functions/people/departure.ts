/**
 * Going for good, and being shut out. A person who deletes their account is out of every room at once for every call
 * and connection; leaving the rooms follows, and is carried on by the sweep if this process dies.
 */
import { releaseEmail, requirePassword } from '../identity/accounts.ts';
import { releaseName } from '../identity/names.ts';
import type { Person } from '../identity/principal.ts';
import { endSessions } from '../identity/sessions.ts';
import { changeUser, newUser, readUser } from '../identity/users.ts';
import { deleteSubject } from '../identity/users-store.ts';
import { writeIntent } from '../intents/intents.ts';
import { revokeKeys } from '../keys/keys.ts';
import { forget, leave } from '../membership/membership.ts';
import { findLongestMember, roomsOfPerson } from '../membership/reading.ts';
import { changeRole } from '../membership/roles.ts';
import { ProblemError } from '../platform/problem.ts';
import { forgetName, nameKnown } from '../presence/presence.ts';
import { nameOfNobody } from './profiles.ts';

/**
 * Deletes the caller's account; an account of ours proves itself by its password once more. Their messages stay, under
 * the name that they had. Throws `wrong_credentials`, `too_many_requests`.
 */
export async function deleteMe(caller: Person, password: string | undefined): Promise<void> {
  const { user_id } = caller;
  if (caller.kind === 'account') await requirePassword(caller, password ?? '');
  // It stays for the sweep, which looks once more: a join that was under way may end after us.
  const intent = await writeIntent({ kind: 'delete_person', user_id });
  await endSessions(caller, { intent, change: (user) => ({ ...user, state: 'deleted' }) });
  await finishDeletePerson(user_id);
}

/** Carries on what a process left that died while it deleted a person. Doing it again does no harm. */
export async function finishDeletePerson(userId: string): Promise<void> {
  const user = await readUser(userId);
  if (user?.state !== 'deleted') return;
  const { name, email, subject } = user;
  if (name !== nameOfNobody) await releaseName(name, userId);
  if (email !== undefined) await releaseEmail(email, userId);
  if (subject !== undefined) await deleteSubject(subject);
  await forgetName(userId);
  await revokeKeys(userId);
  for (const roomId of await roomsOfPerson(userId)) await leaveForGood(userId, roomId);
  // What it was known by goes last: until then it is needed to carry this on.
  await changeUser(userId, ({ kind, generation, created_at }) =>
    newUser({ kind, generation, created_at, name: nameOfNobody, state: 'deleted' }),
  );
}

async function leaveForGood(userId: string, roomId: string): Promise<void> {
  try {
    await leave(userId, roomId);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.code === 'room_not_found') return forget(userId, roomId);
    if (error.code !== 'must_hand_over') throw error;
    // Who goes for good cannot be asked to choose: whoever has been in the room longest gets it.
    const heir = await findLongestMember(roomId, userId);
    const owner = { user_id: userId, name: nameOfNobody, kind: 'account' as const };
    if (heir !== undefined) await changeRole(owner, { roomId, userId: heir }, 'owner');
    await leaveForGood(userId, roomId);
  }
}

/** Shuts a person out, or lets them in again: every way to sign in, every session, key and connection of theirs. */
export async function setActive(userId: string, active: boolean): Promise<void> {
  const name = (await nameKnown(userId)) ?? userId;
  await endSessions(
    { user_id: userId, name },
    {
      change: (user) =>
        user.state === 'deleted' ? user : { ...user, state: active ? 'active' : 'deactivated' },
    },
  );
}
