/**
 * Signing in by an OpenID provider: authorization code flow with PKCE (RFC 6749, 7636; OpenID Connect Core 3.1), all
 * of it between this page and the provider. Our service gets the ID token and checks it. What must be the same before
 * and after the visit there is in `sessionStorage`, so that it is of this tab alone.
 */
import * as z from 'zod/mini';
import { session, type Providers, type Session } from '../../contract/identity.ts';
import type { Call } from '../connection/model.ts';
import { Said } from '../words.ts';

type Provider = Providers['oidc'][number];

const key = 'hubbub.oidc';
const callback = '/auth/callback';

const discovered = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
});
const kept = z.object({
  provider: z.string(),
  issuer: z.string(),
  client_id: z.string(),
  token_endpoint: z.string(),
  verifier: z.string(),
  state: z.string(),
  nonce: z.string(),
  /** Where one was when one left. */
  back: z.string(),
});
type Kept = z.infer<typeof kept>;

/** Goes to the provider; the page is left. Rejects with `Said` where it cannot be reached. */
export async function leaveFor({ id, name, issuer, client_id, scope }: Provider): Promise<void> {
  const known = await fetchJson(`${issuer.replace(/\/$/u, '')}/.well-known/openid-configuration`).then(
    (body) => z.parse(discovered, body),
    () => {
      throw new Said(`${name} cannot be reached right now. Try again in a moment.`);
    },
  );
  // RFC 8414, 3.3: whoever answers for another issuer is not believed.
  if (known.issuer !== issuer)
    throw new Said(`${name} is not set up rightly here: it calls itself ${known.issuer}.`);
  const visit: Kept = {
    provider: id,
    issuer,
    client_id,
    token_endpoint: known.token_endpoint,
    verifier: random(),
    state: random(),
    nonce: random(),
    back: `${location.pathname}${location.search}`,
  };
  sessionStorage.setItem(key, JSON.stringify(visit));
  const address = new URL(known.authorization_endpoint);
  const asked = {
    response_type: 'code',
    client_id,
    redirect_uri: `${location.origin}${callback}`,
    scope,
    state: visit.state,
    nonce: visit.nonce,
    code_challenge: await challengeOf(visit.verifier),
    code_challenge_method: 'S256',
  };
  for (const [parameter, value] of Object.entries(asked)) address.searchParams.set(parameter, value);
  location.assign(address);
}

/**
 * Back from the provider: the code for an ID token, and that for a session of ours.
 * @param search of the address that the provider sent the browser to
 * @returns the session, and where one was before. Rejects with `Said` or as `call` does.
 */
export async function comeBack(call: Call, search: string): Promise<{ session: Session; back: string }> {
  const answer = new URLSearchParams(search);
  const visit = takeVisit();
  if (visit === undefined || answer.get('state') !== visit.state) {
    throw new Said('This sign-in was not begun here, or has been used. Begin it again.');
  }
  // RFC 9207: an answer of another provider than the one that was asked.
  if ((answer.get('iss') ?? visit.issuer) !== visit.issuer) throw new Said('Another provider has answered.');
  if (answer.get('error') === 'access_denied') throw new Said('The sign-in was cancelled.');
  const code = answer.get('code');
  if (code === null) {
    throw new Said(`The provider refused: ${answer.get('error_description') ?? answer.get('error') ?? ''}`);
  }
  const { provider, nonce, back } = visit;
  const id_token = await exchange(visit, code);
  const begun = await call.ask(session, 'POST', '/auth/oidc', { provider, id_token, nonce });
  return { session: begun, back };
}

async function exchange({ token_endpoint, client_id, verifier }: Kept, code: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    client_id,
    redirect_uri: `${location.origin}${callback}`,
    code_verifier: verifier,
  });
  const answer = await fetchJson(token_endpoint, { method: 'POST', body }).catch(() => {
    throw new Said('The provider did not confirm the sign-in. Begin it again.');
  });
  return z.parse(z.object({ id_token: z.string() }), answer).id_token;
}

/** What was kept for the visit is good once. */
function takeVisit(): Kept | undefined {
  const text = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  try {
    return z.parse(kept, JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}

async function fetchJson(address: string, request: RequestInit = {}): Promise<unknown> {
  const response = await fetch(address, { ...request, signal: AbortSignal.timeout(20_000) });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return response.json();
}

/** 256 bits, as RFC 7636, 7.1 wants of a verifier. */
function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64url(new Uint8Array(hash));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
