/** What people say of themselves, and what others see of it. */
import type * as z from 'zod/mini';
import type { changeMeBody, Me, Profile } from '../../contract/identity.ts';
import { limits } from '../../contract/rooms.ts';
import { normalizeName } from '../../contract/text.ts';
import { claimName, isHeld, lasting, releaseName } from '../identity/names.ts';
import type { Person } from '../identity/principal.ts';
import { readName, readNames } from '../identity/store.ts';
import { changeUser, readUser, recentUser } from '../identity/users.ts';
import type { UserRow } from '../identity/users-store.ts';
import { ProblemError } from '../platform/problem.ts';
import { nameKnown, rememberName } from '../presence/presence.ts';

/** What stands in the place of the name of somebody who deleted their account. */
export const nameOfNobody = 'Deleted user';

/** The caller, as they see themselves. */
export async function readMe(caller: Person): Promise<Me> {
  const user = await readUser(caller.user_id);
  return toMe(caller, user ?? { ...caller, avatar: '', status: '' });
}

function toMe(caller: Person, user: Pick<UserRow, 'name' | 'avatar' | 'status' | 'email'>): Me {
  const { user_id, kind } = caller;
  const { name, avatar, status, email } = user;
  return { user_id, name, avatar, status, kind, ...(kind === 'account' && email !== undefined && { email }) };
}

/** Changes what is given. Throws `name_taken`. */
export async function changeMe(caller: Person, change: z.infer<typeof changeMeBody>): Promise<Me> {
  const { user_id } = caller;
  const { name, avatar, status } = change;
  const before = (await readUser(user_id))?.name ?? caller.name;
  if (name !== undefined && name !== before)
    await claimName({ user_id, name, expires_at: await endOf(caller) });
  const given = {
    ...(name !== undefined && { name }),
    ...(avatar !== undefined && { avatar }),
    ...(status !== undefined && { status }),
  };
  const user = await changeUser(user_id, (known) => ({ ...known, ...given }), caller);
  if (user.name !== before) {
    if (normalizeName(user.name) !== normalizeName(before)) await releaseName(before, user_id);
    await rememberName(user_id, user.name);
  }
  return toMe(caller, user);
}

/** Until when the caller has a name. */
async function endOf(caller: Person): Promise<string> {
  if (caller.kind !== 'guest') return lasting;
  const known = await readName(caller.name);
  if (known?.user_id === caller.user_id) return known.expires_at;
  throw new ProblemError('name_taken', 'Your name has ended. Sign in again under a new one.');
}

/** What others see of somebody. Throws `user_not_found`. */
export async function readProfile(userId: string): Promise<Profile> {
  const [user, name] = await Promise.all([recentUser(userId), nameKnown(userId)]);
  if (user) return toProfile(userId, user);
  if (name === undefined) throw new ProblemError('user_not_found', 'There is nobody with this id.');
  return { user_id: userId, name, avatar: '', status: '' };
}

function toProfile(user_id: string, user: UserRow): Profile {
  if (user.state === 'deleted') return { user_id, name: nameOfNobody, avatar: '', status: '' };
  const { name, avatar, status } = user;
  return { user_id, name, avatar, status };
}

type Look = Pick<Profile, 'name' | 'avatar' | 'status'>;

/** What people go by and show now, for lists; undefined for a guest of whom nothing is stored. */
export async function readLooks(userIds: string[]): Promise<(Look | undefined)[]> {
  const users = await Promise.all(userIds.map(recentUser));
  return users.map((user, index) => {
    if (!user) return undefined;
    const { name, avatar, status } = toProfile(userIds[index]!, user);
    return { name, avatar, status };
  });
}

/** People whose name begins so and who are there now or have an account, in the order of their names. */
export async function findPeople(query: string): Promise<Profile[]> {
  if (normalizeName(query) === '') return [];
  const names = await readNames(query, limits.pageOfPeople);
  const found = await Promise.all(
    names.map(async (known) => {
      const user = await recentUser(known.user_id);
      if (!(await isHeld(known)) || (user && user.state !== 'active')) return [];
      const { user_id, name } = known;
      return [user ? toProfile(user_id, user) : { user_id, name, avatar: '', status: '' }];
    }),
  );
  return found
    .flat()
    .toSorted((left, right) => (normalizeName(left.name) < normalizeName(right.name) ? -1 : 1))
    .slice(0, limits.pageOfPeople);
}
