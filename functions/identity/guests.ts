/** Guests: people who sign in with nothing but a name, which is theirs until their token ends. */
import type { Session } from '../../contract/identity.ts';
import { clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import { settings } from '../platform/settings.ts';
import { WriteConflict } from '../platform/tables.ts';
import type { Principal } from './principal.ts';
import { readGuest, writeGuest, type Guest, type StoredGuest } from './store.ts';
import { issueToken } from './token.ts';

/**
 * Signs somebody in under a name. `caller`, whose token came along, keeps their user id if the name is theirs: so a
 * browser renews. Throws `guests_off`, and `name_taken` where the name is another guest's.
 */
export async function signIn(name: string, caller: Principal | undefined): Promise<Session> {
  const { GUESTS, SESSION_HOURS } = settings();
  if (GUESTS === 'off') throw new ProblemError('guests_off', 'Nobody signs in here with a name alone.');
  const expiresAt = new Date(clock.now().getTime() + SESSION_HOURS * 3_600_000);
  const guest = await claim({ user_id: newId(), name, expires_at: expiresAt.toISOString() }, caller);
  const { user_id, expires_at } = guest;
  const token = await issueToken({ user_id, name, kind: 'guest' }, expiresAt);
  return { token, user: { user_id, name, kind: 'guest' }, expires_at };
}

/** The guest as stored: `fresh`, under the caller's id where the name is theirs. */
async function claim(fresh: Guest, caller: Principal | undefined): Promise<Guest> {
  const known = await readGuest(fresh.name);
  const guest = known && mayRenew(known, caller) ? { ...fresh, user_id: known.user_id } : fresh;
  if (known && isTaken(known, guest.user_id)) throw taken();
  try {
    await writeGuest(guest, known);
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    // Somebody was faster, and it may have been ourselves: the SDK tries again where an answer is lost.
    const now = await readGuest(fresh.name);
    if (now?.user_id !== guest.user_id) throw taken();
  }
  return guest;
}

const mayRenew = (known: StoredGuest, caller: Principal | undefined): boolean =>
  known.user_id === caller?.user_id;

const isTaken = (known: StoredGuest, userId: string): boolean =>
  known.user_id !== userId && new Date(known.expires_at) > clock.now();

const taken = (): ProblemError =>
  new ProblemError('name_taken', 'Somebody else goes by this name at the moment. Choose another one.');
