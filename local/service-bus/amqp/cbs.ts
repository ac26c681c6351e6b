/**
 * `$cbs`: clients bring a token for each entity before they use it. A shared access signature is not looked into: the
 * connection string of a local namespace holds no secret. Of a Microsoft Entra token is checked what tells a program's
 * mistake: its form, its audience and its time. Its signature, issuer, tenant and roles are not.
 */
import { decodeJwt, type JWTPayload } from 'jose';
import { Refusal } from '../broker/refusal.ts';
import { plain, textOf } from './codec.ts';
import { notImplemented, wireError } from './errors.ts';
import { refusalAnswer, type Answer, type Request } from './request.ts';

const ok: Answer = { status: 200, description: 'OK' };
/** What a token for `https://servicebus.azure.net/.default`, or for a namespace of one's own, is made out to. */
const audience = /^https:\/\/([\w-]+\.)?servicebus\.(azure\.net|windows\.net)\/*$/i;

export function answerCbs({ operation, properties, body }: Request): Answer {
  if (operation !== 'put-token') {
    return refusalAnswer(notImplemented(`$cbs has no operation "${operation}".`));
  }
  if (textOf(properties.get('type')) !== 'jwt') return ok;
  const wrong = wrongIn(String(plain(body)));
  return wrong === undefined ? ok : refusalAnswer(wireError(new Refusal('unauthorized', wrong)));
}

/** What is wrong with an Entra token; `undefined` where nothing is. */
function wrongIn(token: string): string | undefined {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(token);
  } catch {
    return 'The token is not a JSON web token.';
  }
  const now = Date.now() / 1_000;
  if (![claims.aud].flat().some((each) => typeof each === 'string' && audience.test(each))) {
    return `The audience of the token is ${JSON.stringify(claims.aud)}, not https://servicebus.azure.net.`;
  }
  if (claims.exp === undefined || claims.exp < now) return 'The token has expired, or never does.';
  // A few minutes off is a clock, as everywhere.
  if (claims.nbf !== undefined && claims.nbf > now + 300) return 'The token is not valid yet.';
  return undefined;
}
