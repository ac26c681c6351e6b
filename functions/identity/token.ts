/**
 * Session tokens: how a guest proves in later calls who they are. JWTs signed with HS256; nothing is stored of
 * them. Knows neither requests nor tables.
 */
import { errors, jwtVerify, SignJWT } from 'jose';
import { clock } from '../platform/clock.ts';
import { settings } from '../platform/settings.ts';
import type { Principal } from './principal.ts';

const issuer = 'hubbub';
const algorithm = 'HS256';
const key = (): Uint8Array => new TextEncoder().encode(settings().SESSION_SIGNING_KEY);

/** A signed token for `principal`, good until `expiresAt`. */
export function issueToken(principal: Principal, expiresAt: Date): Promise<string> {
  const { user_id, name, roles } = principal;
  return new SignJWT({ name, roles })
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
    const { sub, name, roles } = payload;
    if (typeof sub !== 'string' || typeof name !== 'string' || !isTexts(roles)) return undefined;
    return { user_id: sub, name, roles };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
