/**
 * The tokens that cross this service: those that clients and REST callers bring, signed with an access key, and
 * the reconnection tokens that it gives out itself.
 */
import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { unauthorized } from './errors.ts';

const clockSkewSeconds = 300;
const reconnectionIssuer = 'https://webpubsub.azure.com';

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

  /** A token to come back to a connection with; good for a week, though connections are not kept so long. */
  issueReconnection(connectionId: string): Promise<string> {
    return new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(reconnectionIssuer)
      .setAudience(connectionId)
      .setIssuedAt()
      .setExpirationTime('7d')
      .sign(this.#keys[0]!);
  }

  async isReconnection(token: string, connectionId: string): Promise<boolean> {
    try {
      const claims = await this.#decode(token);
      return claims.iss === reconnectionIssuer && claims.aud === connectionId;
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
