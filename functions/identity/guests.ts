/** Guests: people who sign in with nothing but a name, which is theirs until their token ends. */
import type { Session } from '../../contract/identity.ts';
import { clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import { settings } from '../platform/settings.ts';
import { claimName } from './names.ts';
import type { Person } from './principal.ts';
import { readName } from './store.ts';
import { issueToken } from './token.ts';

/**
 * Signs somebody in under a name. `caller`, whose token came along, keeps their user id if the name is theirs: so a
 * browser renews. Throws `guests_off`, and `name_taken` where the name is another's.
 */
export async function signInAsGuest(name: string, caller: Person | undefined): Promise<Session> {
  const { GUESTS, SESSION_HOURS } = settings();
  if (GUESTS === 'off') throw new ProblemError('guests_off', 'Nobody signs in here with a name alone.');
  const expiresAt = new Date(clock.now().getTime() + SESSION_HOURS * 3_600_000);
  const expires_at = expiresAt.toISOString();
  const guest = (await isOwn(name, caller)) ? caller! : { user_id: newId(), generation: 0 };
  const { user_id, generation = 0 } = guest;
  await claimName({ user_id, name, expires_at });
  const token = await issueToken({ user_id, name, kind: 'guest', generation }, expiresAt);
  return { token, user: { user_id, name, kind: 'guest' }, expires_at };
}

/** Whether a guest asks for the name that they have. Who has an account is no guest under its name. */
const isOwn = async (name: string, caller: Person | undefined): Promise<boolean> =>
  caller?.kind === 'guest' && (await readName(name))?.user_id === caller.user_id;
