/** A real provider of OpenID Connect (`oidc-provider`), and a person in a browser who signs in with it. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import Provider, { type JWK } from 'oidc-provider';

export const clientId = 'hubbub-page';
const redirect = 'https://page.example/signed-in';

export interface RunningProvider {
  issuer: string;
  /** Requests for the set of keys so far. */
  keyReads(): number;
  /** What the provider says of a subject beside it. */
  claims: (subject: string) => Record<string, unknown>;
  /** An ID token as the page gets it, by authorization code and PKCE. */
  signIn(login: string, nonce: string): Promise<string>;
  /** A token signed with the provider's own key, with claims of the test's choice. */
  sign(claims: JWTPayload, header?: { alg?: string; kid?: string }): Promise<string>;
  stop(): void;
}

async function newKey(kid: string): Promise<{ jwk: JWK; key: CryptoKey }> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' } as JWK;
  return { jwk, key: privateKey };
}

export async function startProvider(): Promise<RunningProvider> {
  const { jwk, key } = await newKey('first');
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  let keyReads = 0;
  const running: RunningProvider = {
    issuer,
    keyReads: () => keyReads,
    claims: (subject) => ({ name: `Name of ${subject}` }),
    signIn: (login, nonce) => browse(issuer, { login, nonce }),
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'first', ...header }).sign(key),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, token_endpoint_auth_method: 'none', redirect_uris: [redirect] }],
    jwks: { keys: [jwk] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a-key-for-tests-only'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...running.claims(sub) }),
    }),
  });
  const handle = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/jwks')) keyReads += 1;
    void handle(request, response);
  });
  return running;
}

/** Walks through the provider's own pages as a browser does, to the code, and exchanges it. */
async function browse(issuer: string, { login, nonce }: { login: string; nonce: string }): Promise<string> {
  const verifier = randomBytes(32).toString('base64url');
  const start = new URL(`${issuer}/auth`);
  start.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirect,
    scope: 'openid profile email',
    nonce,
    state: 'state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const cookies = new Map<string, string>();
  let next: { url: URL; form?: URLSearchParams } = { url: start };
  for (;;) {
    const { url, form } = next;
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const page = await response.text();
    const location = response.headers.get('location');
    if (location?.startsWith(redirect)) {
      return exchange(issuer, new URL(location).searchParams.get('code') ?? '', verifier);
    }
    if (location !== null) next = { url: new URL(location, url) };
    else next = { url: actionOf(page, url), form: answerTo(page, login) };
  }
}

function actionOf(page: string, url: URL): URL {
  const action = /action="([^"]+)"/.exec(page)?.[1];
  if (action === undefined) throw new Error(`The provider shows no form: ${page.slice(0, 2_000)}`);
  return new URL(action, url);
}

const answerTo = (page: string, login: string): URLSearchParams =>
  new URLSearchParams(
    page.includes('value="login"') ? { prompt: 'login', login, password: 'x' } : { prompt: 'consent' },
  );

async function exchange(issuer: string, code: string, verifier: string): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirect,
      code,
      code_verifier: verifier,
    }),
  });
  const { id_token, ...rest } = (await response.json()) as { id_token?: string };
  if (id_token === undefined) throw new Error(`The provider gave no token: ${JSON.stringify(rest)}`);
  return id_token;
}
