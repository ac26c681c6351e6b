/** [BAD] Tokens made to be taken for ours, beyond those of `tests/functions/identity`. They all get one answer. */
import { ask } from './routes.ts';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settings } from '../../functions/platform/settings.ts';
import { account, type Account } from '../functions/identity/service.ts';
import { startLive, type Live } from '../functions/realtime/live.ts';

let live: Live;
let alice: Account;
beforeAll(async () => {
  live = await startLive();
  alice = await account();
});
afterAll(() => live.stop());

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const hmac = (hash: string, text: string, key = settings().SESSION_SIGNING_KEY): string =>
  createHmac(hash, key).update(text).digest('base64url');
const now = (): number => Math.floor(Date.now() / 1_000);
const claims = (more: object = {}): object => ({
  sub: alice.user_id,
  name: alice.name,
  kind: 'account',
  iss: 'hubbub',
  aud: 'hubbub',
  iat: now(),
  exp: now() + 600,
  ...more,
});

/** Signed with our own key, under whatever header. */
function forge(header: object, payload: object = claims(), hash = 'sha256'): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${hmac(hash, text)}`;
}
const { alg, typ } = { alg: 'HS256', typ: 'JWT' };
const theirKey = { kty: 'oct', k: Buffer.from('a key of their own').toString('base64url') };
const underTheirs = (header: object): string => {
  const text = `${encode(header)}.${encode(claims())}`;
  return `${text}.${hmac('sha256', text, 'a key of their own')}`;
};

const forged: [string, () => string][] = [
  ['signed with our key, which RS256 calls a public one', () => forge({ alg: 'RS256', typ })],
  ['of our key under ES256', () => forge({ alg: 'ES256', typ })],
  ['of our key under PS256', () => forge({ alg: 'PS256', typ })],
  ['of our key under HS512, rightly', () => forge({ alg: 'HS512', typ }, claims(), 'sha512')],
  ['unsigned and says so', () => `${encode({ alg: 'none' })}.${encode(claims())}.`],
  ['unsigned and says so loudly', () => `${encode({ alg: 'NONE' })}.${encode(claims())}.`],
  ['unsigned, with a signature', () => forge({ alg: 'none', typ })],
  ['of no algorithm', () => forge({ typ })],
  ['of ours in another case', () => forge({ alg: 'hs256', typ })],
  ['with its own key along', () => underTheirs({ alg, jwk: theirKey })],
  [
    'with a place to fetch its key',
    () => underTheirs({ alg, jku: 'http://127.0.0.1:9/jwks.json', kid: '1' }),
  ],
  ['of a key that is a file', () => underTheirs({ alg, kid: '../../../../dev/null' })],
  ['with an extension that must be understood', () => forge({ alg, crit: ['x'], x: 1 })],
  ['not encoded', () => forge({ alg, b64: false, crit: ['b64'] })],
  [
    'of an empty key',
    () => {
      const text = `${encode({ alg })}.${encode(claims())}`;
      return `${text}.${hmac('sha256', text, '')}`;
    },
  ],
  [
    'good but for another payload',
    () => {
      const [head, , signature] = alice.token.split('.');
      return [head, encode(claims({ name: 'Somebody else' })), signature].join('.');
    },
  ],
  ['without its signature', () => alice.token.split('.').slice(0, 2).join('.')],
  ['with an empty signature', () => `${alice.token.split('.').slice(0, 2).join('.')}.`],
  ['expired by a second', () => forge({ alg, typ }, claims({ exp: now() - 1 }))],
  ['good for ever', () => forge({ alg, typ }, claims({ exp: undefined }))],
  ['good until a word', () => forge({ alg, typ }, claims({ exp: 'tomorrow' }))],
  ['early', () => forge({ alg, typ }, claims({ nbf: now() + 120 }))],
  ['of another issuer', () => forge({ alg, typ }, claims({ iss: 'https://hubbub.example' }))],
  ['of no issuer', () => forge({ alg, typ }, claims({ iss: undefined }))],
  ['for others alone', () => forge({ alg, typ }, claims({ aud: ['hubbub-connection', 'other'] }))],
  ['for nobody', () => forge({ alg, typ }, claims({ aud: undefined }))],
  ['of a person that is no text', () => forge({ alg, typ }, claims({ sub: { id: alice.user_id } }))],
  ['as long as a book', () => forge({ alg, typ }, claims({ padding: 'x'.repeat(1_000_000) }))],
  ['nested', () => forge({ alg, typ, cty: 'JWT' }, { jwt: alice.token })],
];

describe('a token', () => {
  it('made by hand as ours are is good, or the rest shows nothing', async () => {
    expect((await ask('readMe', forge({ alg, typ }))).status).toBe(200);
  });

  it.each(forged)('%s opens no call and says no more than none at all', async (_what, make) => {
    const none = await ask('readMe', undefined);
    const { status, body } = await ask('readMe', make());
    expect([status, body]).toEqual([401, none.body]);
    expect(body.code).toBe('unauthenticated');
  });

  it.each([
    ['alone', (token: string) => ({ authorization: token })],
    ['as basic credentials', (token: string) => ({ authorization: `Basic ${token}` })],
    ['twice', (token: string) => ({ authorization: `Bearer ${token}, Bearer ${token}` })],
    ['as a cookie', (token: string) => ({ cookie: `token=${token}` })],
    ['as a key', (token: string) => ({ 'ocp-apim-subscription-key': token })],
  ])('is taken as the contract says and not %s', async (_how, headersOf) => {
    const { body } = await ask('readMe', undefined, { headers: headersOf(alice.token) });
    expect(body.code).toBe('unauthenticated');
    const query = { access_token: alice.token, token: alice.token };
    expect((await ask('readMe', undefined, { query })).status).toBe(401);
  });
});
