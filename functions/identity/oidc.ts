/** Signing in with a provider of OpenID Connect: who its subject is here, from the first time on for ever the same. */
import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import type { oidcBody, Session } from '../../contract/identity.ts';
import { limits } from '../../contract/rooms.ts';
import { codePoints, nameSchema } from '../../contract/text.ts';
import { take } from '../limits/limits.ts';
import { clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { readEmail, writeEmail } from './emails-store.ts';
import { claimName, lasting } from './names.ts';
import { refused, requireProvider, verifyIdToken, type IdToken } from './providers.ts';
import { beginSession } from './sessions.ts';
import { addUser, newUser, readUser } from './users.ts';
import { readSubject, subjectKey, writeSubject, type UserRow } from './users-store.ts';

/**
 * Signs in whom a provider vouches for. Throws `token_refused`, also for who is deactivated here and for a token that
 * was used before; `unavailable` where the provider does not answer; `too_many_requests`.
 */
export async function signInWithProvider(
  body: z.infer<typeof oidcBody>,
  address: string | undefined,
): Promise<Session> {
  const provider = requireProvider(body.provider);
  if (address !== undefined) await take(address, 'sign_in_address');
  const claims = await verifyIdToken(provider, body.id_token, body.nonce);
  const key = subjectKey(provider.id, provider.issuer, claims.sub);
  const userId = await useToken(key, body.id_token, claims.exp);
  const email = verifiedEmail(claims);
  // Whoever was shut out does not come back under the same e-mail from elsewhere.
  if (email !== undefined && (await isShutOut(email))) throw refused();
  const user = (await readUser(userId)) ?? (await enrol(userId, { key, claims, email }));
  if (user.state !== 'active') throw refused();
  return beginSession(userId, user);
}

/** The user id of a subject, new at the first time. Throws `token_refused` where the token signed somebody in before. */
async function useToken(key: string, token: string, exp: number): Promise<string> {
  const hash = createHash('sha256').update(token).digest('base64url');
  const now = clock.now().getTime() / 1_000;
  for (;;) {
    const known = await readSubject(key);
    const used = known ? (JSON.parse(known.used_tokens) as [hash: string, exp: number][]) : [];
    if (used.some(([each]) => each === hash)) throw refused();
    // An hour of grace is more than clocks may differ by.
    const rest = used.filter(([, end]) => end > now - 3_600).slice(-200);
    const row = {
      user_id: known?.user_id ?? newId(),
      used_tokens: JSON.stringify([...rest, [hash, exp]]),
    };
    try {
      await writeSubject(key, row, known);
      return row.user_id;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

const verifiedEmail = (claims: IdToken): string | undefined => {
  const { email, email_verified } = claims;
  return typeof email === 'string' && email_verified === true ? email.toLowerCase() : undefined;
};

async function isShutOut(email: string): Promise<boolean> {
  const known = await readEmail(email);
  return known !== undefined && (await readUser(known.user_id))?.state === 'deactivated';
}

interface Newcomer {
  key: string;
  claims: IdToken;
  email: string | undefined;
}

/** Makes somebody a person here who comes for the first time. */
async function enrol(userId: string, { key, claims, email }: Newcomer): Promise<UserRow> {
  const name = await claimFreeName(userId, nameFrom(claims));
  const ownEmail = email !== undefined && (await claimEmail(email, userId));
  const user = newUser({ kind: 'oidc', name, subject: key, ...(ownEmail && { email }) });
  try {
    await addUser(userId, user);
    return user;
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    // The same person signed in twice at one instant.
    return (await readUser(userId)) ?? user;
  }
}

/** So that no other account can be made of it. Whether it was free. */
async function claimEmail(email: string, userId: string): Promise<boolean> {
  try {
    await writeEmail(email, userId, undefined);
    return true;
  } catch (error) {
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}

const fallback = 'Somebody';

/** What the provider calls them, as far as it is a name here. */
function nameFrom({ name, preferred_username, email }: IdToken): string {
  const schema = nameSchema(limits.userName);
  for (const given of [name, preferred_username, typeof email === 'string' ? email.split('@')[0] : '']) {
    if (typeof given !== 'string') continue;
    const plain = given.toWellFormed().replace(/\p{Cc}+/gu, ' ');
    const result = schema.safeParse(shorten(plain, limits.userName));
    if (result.success) return result.data;
  }
  return fallback;
}

const shorten = (text: string, most: number): string =>
  codePoints(text) <= most ? text : Array.from(text).slice(0, most).join('');

/** Gives them that name, or where it is another's, the same with a number. */
async function claimFreeName(userId: string, wished: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    // Far up, numbers are drawn: many may be called alike.
    const shown = number <= 5 ? number : Math.floor(clock.random() * 10 ** number);
    const name = number === 1 ? wished : `${shorten(wished, limits.userName - 12).trim()} ${shown}`;
    try {
      await claimName({ user_id: userId, name, expires_at: lasting });
      return name;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'name_taken' || number > 11) throw error;
    }
  }
}
