/**
 * The tokens that cross this service: those that clients and REST callers bring, signed with an access key, and
 * those that it gives out itself.
 */
import { decodeJwt, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { unauthorized } from './errors.ts';

const clockSkewSeconds = 300;
/** By which the real service names itself, whatever the resource. */
const serviceName = 'https://webpubsub.azure.com';

export class Tokens {
  readonly #keys: Uint8Array[];

  constructor(accessKeys: string[]) {
    this.#keys = accessKeys.map((key) => new TextEncoder().encode(key));
  }

  /**
   * Checks signature, times and audience of a token. Throws the 401 `Refusal`.
   * @param audiences every address the token may have been made for, as `normalise` writes them
   */
  async verify(token: string | undefined, audiences: Set<string>): Promise<JWTPayload> {
    if (!token) throw unauthorized('A token is missing.');
    const claims = await this.#decode(token);
    const given = Array.isArray(claims.aud) ? claims.aud : [claims.aud ?? ''];
    if (!given.some((audience) => audiences.has(normalise(audience)))) {
      throw unauthorized(`The token is for '${given.join(' ')}', not for ${[...audiences].join(' or ')}.`);
    }
    return claims;
  }

  /** Whether a token has the audience and the lifetime of one from Microsoft Entra. Its signature is not checked. */
  looksLikeEntra(token: string | undefined): boolean {
    try {
      const { aud, nbf = 0, exp = 0 } = decodeJwt(token ?? '');
      const now = Date.now() / 1000;
      const isFor = [aud ?? []].flat().some((audience) => normalise(audience) === serviceName);
      return isFor && nbf <= now + clockSkewSeconds && exp >= now - clockSkewSeconds;
    } catch {
      return false;
    }
  }

  /** A token with which a client can connect to `address`. */
  issueClient(address: string, minutes: number, claims: JWTPayload): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(address)
      .setIssuedAt()
      .setExpirationTime(`${minutes}m`)
      .sign(this.#keys[0]!);
  }

  /** A token to come back to a connection with; good for a week, though connections are not kept so long. */
  issueReconnection(connectionId: string): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(serviceName)
      .setAudience(connectionId)
      .setIssuedAt()
      .setExpirationTime('7d')
      .sign(this.#keys[0]!);
  }

  async isReconnection(token: string, connectionId: string): Promise<boolean> {
    try {
      const claims = await this.#decode(token);
      return claims.iss === serviceName && claims.aud === connectionId;
    } catch {
      return false;
    }
  }

  async #decode(token: string): Promise<JWTPayload> {
    let fault: unknown;
    for (const key of this.#keys) {
      try {
        const options = { algorithms: ['HS256'], requiredClaims: ['exp'], clockTolerance: clockSkewSeconds };
        return (await jwtVerify(token, key, options)).payload;
      } catch (error) {
        fault = error;
      }
    }
    throw unauthorized(`The token is not valid: ${fault instanceof Error ? fault.message : String(fault)}.`);
  }
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
