/**
 * The names that people go by. Each belongs to one person at a time, guest or not, so that nobody passes for another.
 * A guest's ends with their token; another's lasts as long as their row says so, whatever a crash has left behind.
 */
import { normalizeName } from '../../contract/text.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { deleteName, readName, writeName, type NameRow, type StoredName } from './store.ts';
import { readUser } from './users.ts';

/** The end of a name that has none. */
export const lasting = '9999-12-31T23:59:59.999Z';

/** Milliseconds for which a lasting name is its bearer's before their row says so. */
const underway = 60_000;

/** Gives somebody a name, or renews it. Throws `name_taken` where it is another's. */
export async function claimName(claim: NameRow): Promise<void> {
  const known = await readName(claim.name);
  if (known && known.user_id !== claim.user_id && (await isHeld(known))) throw taken();
  try {
    await writeName(claim, known);
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    // Somebody was faster, and it may have been ourselves: the SDK tries again where an answer is lost.
    if ((await readName(claim.name))?.user_id !== claim.user_id) throw taken();
  }
}

/** Whether somebody goes by it now. */
export async function isHeld(known: StoredName): Promise<boolean> {
  if (known.expires_at !== lasting) return new Date(known.expires_at) > clock.now();
  const user = await readUser(known.user_id);
  if (user && user.state !== 'deleted' && normalizeName(user.name) === normalizeName(known.name)) return true;
  return clock.now().getTime() - Date.parse(known.timestamp ?? '') < underway;
}

/** Frees a name, if it is this person's. */
export async function releaseName(name: string, userId: string): Promise<void> {
  const known = await readName(name);
  if (known?.user_id === userId) await deleteName(known);
}

const taken = (): ProblemError =>
  new ProblemError('name_taken', 'Somebody else goes by this name at the moment. Choose another one.');
