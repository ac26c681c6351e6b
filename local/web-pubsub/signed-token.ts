/**
 * JSON Web Tokens signed with HMAC-SHA256 (RFC 7519), signed and read in one turn of the event loop. Libraries go through
 * WebCrypto, whose every signature is a job of another thread: requests that came together would be served apart.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';

/** Times are in seconds since 1970. */
const claimsSchema = z.looseObject({
  aud: z.optional(z.union([z.string(), z.array(z.string())])),
  exp: z.optional(z.number()),
  nbf: z.optional(z.number()),
  iss: z.optional(z.string()),
  sub: z.optional(z.string()),
});

export type Claims = z.infer<typeof claimsSchema>;

const algorithm = 'HS256';
const header = encode({ alg: algorithm, typ: 'JWT' });

export function signToken(claims: Claims, key: string): string {
  const content = `${header}.${encode(claims)}`;
  return `${content}.${signatureOf(content, key).toString('base64url')}`;
}

/** Whether any of `keys` has signed it. What it says is not looked at. */
export function isSigned(token: string, keys: readonly string[]): boolean {
  const end = token.lastIndexOf('.');
  const given = Buffer.from(token.slice(end + 1), 'base64url');
  const named = decode(token.slice(0, token.indexOf('.')));
  if (typeof named !== 'object' || named === null || !('alg' in named) || named.alg !== algorithm)
    return false;
  return keys.some((key) => {
    const expected = signatureOf(token.slice(0, end), key);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** What it says, whoever says it; undefined where it is no token. */
export function readClaims(token: string): Claims | undefined {
  const parts = token.split('.');
  const claims = claimsSchema.safeParse(parts.length === 3 ? decode(parts[1]!) : undefined);
  return claims.success ? claims.data : undefined;
}

const signatureOf = (content: string, key: string): Buffer =>
  createHmac('sha256', key).update(content).digest();

function encode(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
