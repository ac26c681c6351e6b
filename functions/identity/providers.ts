/**
 * Providers of OpenID Connect: where their keys are, by discovery, and whether a token of theirs is good. The keys are
 * kept and read anew when a token names one that is not among them (`jose` sees to both).
 */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod/mini';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { Recent } from '../platform/recent.ts';
import { settings, type OidcProvider } from '../platform/settings.ts';

/** Signatures of a key that only the provider has: never a shared secret, never none. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Seconds that the provider's clock may differ from ours. */
const skew = 60;
/** A token comes straight from the provider: one that is older was kept by somebody. */
export const maxTokenSeconds = 600;
const timeout = 5_000;

const discovered = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** By issuer. An hour, so that a moved set of keys is found. */
const keySets = new Recent(discover, () => 3_600);

/** OpenID Connect Discovery 1.0, section 4: the document must name the very issuer that was asked. */
async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let document: z.infer<typeof discovered>;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(timeout), redirect: 'error' });
    document = discovered.parse(await response.json());
  } catch (cause) {
    throw unreachable(cause);
  }
  if (document.issuer !== issuer) throw unreachable(new Error(`${address} is of ${document.issuer}`));
  return createRemoteJWKSet(new URL(document.jwks_uri), { timeoutDuration: timeout });
}

const unreachable = (cause: unknown): ProblemError =>
  new ProblemError(
    'unavailable',
    'The provider that should know you does not answer. Try again in a moment.',
    {
      retryAfterSeconds: 5,
      cause,
    },
  );

/** The provider of this id. Throws `token_refused`. */
export function requireProvider(id: string): OidcProvider {
  const provider = settings().OIDC_PROVIDERS.find((each) => each.id === id);
  if (provider) return provider;
  throw new ProblemError('token_refused', 'There is no such provider here.');
}

export type IdToken = JWTPayload & { sub: string; exp: number };

/**
 * The claims of an ID token for us, by OpenID Connect Core 1.0, section 3.1.3.7: signature, issuer, audience,
 * authorised party, times and nonce. Throws `token_refused`, and `unavailable` where the provider does not answer.
 */
export async function verifyIdToken(provider: OidcProvider, token: string, nonce: string): Promise<IdToken> {
  const { issuer, client_id } = provider;
  const keys = await keySets.get(issuer);
  let claims: JWTPayload;
  try {
    const verified = await jwtVerify(token, keys, {
      algorithms,
      issuer,
      audience: client_id,
      requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
      clockTolerance: skew,
      maxTokenAge: maxTokenSeconds,
      currentDate: clock.now(),
    });
    claims = verified.payload;
  } catch (error) {
    if (error instanceof errors.JWKSTimeout || isFetchFailure(error)) throw unreachable(error);
    if (error instanceof errors.JOSEError) throw refused();
    throw error;
  }
  const { sub, exp, aud, azp } = claims;
  const isOurs = !Array.isArray(aud) || aud.length === 1 || azp === client_id;
  if (!isOurs || (azp !== undefined && azp !== client_id) || claims['nonce'] !== nonce) throw refused();
  if (typeof sub !== 'string' || sub === '' || typeof exp !== 'number') throw refused();
  return { ...claims, sub, exp };
}

/** The set of keys could not be read; `jose` throws its plain error for an answer that is not 200. */
const isFetchFailure = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC');

export const refused = (): ProblemError =>
  new ProblemError('token_refused', 'The provider’s token is not good for signing in here. Try again.');
