/**
 * Session tokens: how a guest proves in later calls who they are. JWTs signed with HS256; nothing is stored of
 * them. Knows neither requests nor tables.
 */
import { errors, jwtVerify, SignJWT } from 'jose';
import { userKind, type UserKind } from '../../contract/identity.ts';
import { clock } from '../platform/clock.ts';
import { settings } from '../platform/settings.ts';
import type { Principal } from './principal.ts';

const issuer = 'hubbub';
const algorithm = 'HS256';
const key = (): Uint8Array => new TextEncoder().encode(settings().SESSION_SIGNING_KEY);

/** A signed token for `principal`, good until `expiresAt`. */
export function issueToken(principal: Principal, expiresAt: Date): Promise<string> {
  const { user_id, name, kind } = principal;
  return new SignJWT({ name, kind })
    .setProtectedHeader({ alg: algorithm })
    .setIssuer(issuer)
    .setAudience(issuer)
    .setSubject(user_id)
    .setIssuedAt(clock.now())
    .setExpirationTime(expiresAt)
    .sign(key());
}

/** Whom a token speaks for; undefined where it is not ours, was changed, or has ended. */
export async function readToken(token: string): Promise<Principal | undefined> {
  try {
    const { payload } = await jwtVerify(token, key(), {
      algorithms: [algorithm],
      issuer,
      audience: issuer,
      requiredClaims: ['sub', 'exp'],
      currentDate: clock.now(),
    });
    const { sub, name, kind } = payload;
    if (typeof sub !== 'string' || typeof name !== 'string' || !isKind(kind)) return undefined;
    return { user_id: sub, name, kind };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

const isKind = (value: unknown): value is UserKind => userKind.safeParse(value).success;
