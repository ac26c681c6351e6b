/**
 * The tokens that cross this service: those that clients and REST callers bring, signed with an access key, and
 * those that it gives out itself.
 */
import { unauthorized } from './errors.ts';
import { isSigned, readClaims, signToken, type Claims } from './signed-token.ts';

const clockSkewSeconds = 300;
const weekMinutes = 7 * 24 * 60;
/** By which the real service names itself, whatever the resource. */
const serviceName = 'https://webpubsub.azure.com';

export class Tokens {
  readonly #keys: readonly string[];

  constructor(accessKeys: readonly string[]) {
    this.#keys = accessKeys;
  }

  /**
   * Checks signature, times and audience of a token. Throws the 401 `Refusal`.
   * @param audiences every address the token may have been made for, as `normalise` writes them
   */
  verify(token: string | undefined, audiences: Set<string>): Claims {
    if (!token) throw unauthorized('A token is missing.');
    const claims = this.#read(token);
    if (typeof claims === 'string') throw unauthorized(`The token is not valid: ${claims}.`);
    const given = [claims.aud ?? ''].flat();
    if (!given.some((audience) => audiences.has(normalise(audience)))) {
      throw unauthorized(`The token is for '${given.join(' ')}', not for ${[...audiences].join(' or ')}.`);
    }
    return claims;
  }

  /** Whether a token has the audience and the lifetime of one from Microsoft Entra. Its signature is not checked. */
  looksLikeEntra(token: string | undefined): boolean {
    const claims = readClaims(token ?? '');
    const isFor = [claims?.aud ?? []].flat().some((audience) => normalise(audience) === serviceName);
    return isFor && claims !== undefined && faultOfTimes(claims) === undefined;
  }

  /** A token with which a client can connect to `address`. */
  issueClient(address: string, minutes: number, claims: Claims): string {
    return this.#issue({ ...claims, aud: address }, minutes);
  }

  /** A token to come back to a connection with; good for a week, though connections are not kept so long. */
  issueReconnection(connectionId: string): string {
    return this.#issue({ iss: serviceName, aud: connectionId }, weekMinutes);
  }

  isReconnection(token: string, connectionId: string): boolean {
    const claims = this.#read(token);
    return typeof claims !== 'string' && claims.iss === serviceName && claims.aud === connectionId;
  }

  #issue(claims: Claims, minutes: number): string {
    const now = Math.floor(Date.now() / 1000);
    return signToken({ ...claims, iat: now, exp: now + minutes * 60 }, this.#keys[0]!);
  }

  /** What a token says, or what is wrong with it. */
  #read(token: string): Claims | string {
    if (!isSigned(token, this.#keys)) return 'it is not signed with an access key';
    const claims = readClaims(token);
    return claims ? (faultOfTimes(claims) ?? claims) : 'its claims are not well-formed';
  }
}

function faultOfTimes({ nbf = 0, exp }: Claims): string | undefined {
  const now = Date.now() / 1000;
  if (exp === undefined) return 'it has no exp';
  if (exp < now - clockSkewSeconds) return 'it has expired';
  return nbf > now + clockSkewSeconds ? 'its time has not come' : undefined;
}

/** Addresses compare without case, percent-encoding and a last slash. */
export function normalise(address: string): string {
  let text = address;
  try {
    text = decodeURIComponent(address);
  } catch {
    // Not an encoding: as it stands, then.
  }
  return text.toLowerCase().replace(/\/$/, '');
}
