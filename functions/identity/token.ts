/**
 * What we sign so that somebody can prove later who they are: tokens for calls, and tickets for one connection.
 * JWTs signed with HS256; nothing is stored of them. Knows neither requests nor tables.
 */
import { errors, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod/mini';
import { userKind } from '../../contract/identity.ts';
import { clock } from '../platform/clock.ts';
import { settings } from '../platform/settings.ts';
import type { Person, Principal } from './principal.ts';

const issuer = 'hubbub';
/** A ticket opens no call and a token no connection. */
const audiences = { token: 'hubbub', ticket: 'hubbub-connection' } as const;
const algorithm = 'HS256';
/** Nothing that we sign comes near it. */
const longest = 4_096;
/** Seconds that clocks of two instances may differ: each may be off by minutes, one ahead and the other behind. */
const skew = 600;
const ticketMinutes = 5;
const key = (): Uint8Array => new TextEncoder().encode(settings().SESSION_SIGNING_KEY);

const claims = z.object({
  sub: z.string(),
  name: z.string(),
  kind: userKind,
  iat: z.optional(z.number()),
  /** The person's generation when it was issued: a higher one ends it. */
  gen: z._default(z.number(), 0),
  sid: z.optional(z.string()),
});

/** A signed token for calls as `person`, good until `expiresAt`. */
export function issueToken(person: Principal, expiresAt: Date): Promise<string> {
  return sign('token', person, expiresAt);
}

/** What `POST /negotiate` gives along: that the connection is asked for by a session that had not ended. */
export function issueTicket(person: Principal): Promise<string> {
  return sign('ticket', person, new Date(clock.now().getTime() + ticketMinutes * 60_000));
}

function sign(use: keyof typeof audiences, person: Principal, expiresAt: Date): Promise<string> {
  const { user_id, name, kind, generation, session_id } = person;
  const more = {
    ...(generation && { gen: generation }),
    ...(session_id !== undefined && { sid: session_id }),
  };
  return new SignJWT({ name, kind, ...more })
    .setProtectedHeader({ alg: algorithm })
    .setIssuer(issuer)
    .setAudience(audiences[use])
    .setSubject(user_id)
    .setIssuedAt(clock.now())
    .setExpirationTime(expiresAt)
    .sign(key());
}

/** Whom a token speaks for; undefined where it is not ours, was changed, is too early or has ended. */
export const readToken = (token: string): Promise<Person | undefined> => read('token', token);

/** As `readToken`, for a ticket. */
export const readTicket = (ticket: string): Promise<Person | undefined> => read('ticket', ticket);

async function read(use: keyof typeof audiences, text: string): Promise<Person | undefined> {
  if (text.length > longest) return undefined;
  const now = clock.now();
  try {
    const { payload } = await jwtVerify(text, key(), {
      algorithms: [algorithm],
      issuer,
      audience: audiences[use],
      requiredClaims: ['sub', 'exp'],
      currentDate: now,
      // A ticket is short against what clocks may differ.
      clockTolerance: use === 'ticket' ? skew : 0,
    });
    const { data } = z.safeParse(claims, payload);
    if (!data || (data.iat ?? 0) > now.getTime() / 1_000 + skew) return undefined;
    const { sub, name, kind, gen, sid } = data;
    return { user_id: sub, name, kind, generation: gen, ...(sid !== undefined && { session_id: sid }) };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
