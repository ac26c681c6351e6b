/** Signing in with a provider of OpenID Connect: a real one, walked through as a browser does. */
import { randomBytes } from 'node:crypto';
import { SignJWT, UnsecuredJWT, generateKeyPair, type JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clock } from '../../../functions/platform/clock.ts';
import { settings } from '../../../functions/platform/settings.ts';
import { setActive } from '../../../functions/people/departure.ts';
import { startLive, type Live } from '../realtime/live.ts';
import { clientId, startProvider, type RunningProvider } from './provider.ts';
import {
  account,
  guest,
  me,
  newcomer,
  oidc,
  outcome,
  password,
  providers,
  refresh,
  register,
  remove,
  setPassword,
} from './service.ts';

let live: Live;
let provider: RunningProvider;
const { now } = clock;
const say = (subject: string) => ({ name: `Name of ${subject}` });
beforeAll(async () => {
  [live, provider] = await Promise.all([startLive(), startProvider()]);
  const { issuer } = provider;
  process.env['OIDC_PROVIDERS'] = JSON.stringify([
    { id: 'real', name: 'A real one', issuer, client_id: clientId },
    { id: 'twin', name: 'The same once more', issuer, client_id: clientId, scope: 'openid' },
    { id: 'gone', name: 'Nobody there', issuer: 'http://localhost:9', client_id: clientId },
  ]);
});
afterAll(async () => {
  provider.stop();
  await live.stop();
});
afterEach(() => {
  clock.now = now;
  provider.claims = say;
});

const newNonce = (): string => randomBytes(16).toString('base64url');

/** Signs in as the page does. */
async function enter(login: string, id = 'real') {
  const nonce = newNonce();
  return oidc({ provider: id, nonce, id_token: await provider.signIn(login, nonce) });
}

describe('the providers', () => {
  it('are what the settings say', async () => {
    const { body } = await providers();
    expect([body.guests, body.accounts]).toEqual([true, true]);
    expect(body.oidc[0]).toEqual({
      id: 'real',
      name: 'A real one',
      issuer: provider.issuer,
      client_id: clientId,
      scope: 'openid profile email',
    });
  });
});

describe('signing in with a provider', () => {
  it('makes a person at the first time, who is the same ever after', async () => {
    const first = await enter('alice');
    expect(first.status).toBe(201);
    expect(first.body.user).toEqual({ user_id: expect.any(String), name: 'Name of alice', kind: 'oidc' });
    const second = await enter('alice');
    expect(second.body.user).toEqual(first.body.user);
    expect((await me(second.body.token)).body).toMatchObject({ kind: 'oidc', name: 'Name of alice' });
    const renewed = await refresh(second.body.refresh_token);
    expect([renewed.status, renewed.body.user]).toEqual([201, first.body.user]);
  });

  it('takes subjects of any form, each for a person of its own', async () => {
    const subjects = [
      'a/b\\c#d?e',
      'ü',
      'u',
      'U',
      '00u1',
      '%2F',
      "o'hara",
      'x'.repeat(255),
      '../users',
      '日本',
    ];
    const people = await Promise.all(subjects.map((subject) => enter(subject)));
    expect(people.map(outcome)).toEqual(subjects.map(() => '201'));
    expect(new Set(people.map(({ body }) => body.user.user_id)).size).toBe(subjects.length);
    const nonce = newNonce();
    const token = await provider.sign({ ...claims(nonce), sub: 'tab\tand\u0000null\n' });
    expect(outcome(await oidc({ provider: 'real', nonce, id_token: token }))).toBe('201');
  });

  it('tells the same subject of two providers apart', async () => {
    const [one, two] = [await enter('bob', 'real'), await enter('bob', 'twin')];
    expect(one.body.user.user_id).not.toBe(two.body.user.user_id);
  });

  it('[NAME] gives a name that is another’s a number, and one that is no name another', async () => {
    provider.claims = () => ({ name: 'Maria' });
    const names = await Promise.all(
      ['m1', 'm2', 'm3'].map(async (login) => (await enter(login)).body.user.name),
    );
    expect(new Set(names).size).toBe(3);
    expect(names).toContain('Maria');
    expect(names.every((name) => /^Maria( \d+)?$/.test(name))).toBe(true);
    expect(outcome(await guest('Maria'))).toBe('409 name_taken');
    provider.claims = () => ({ name: '\u0000 ', preferred_username: 'x'.repeat(80) });
    expect((await enter('m4')).body.user.name).toBe('x'.repeat(50));
    provider.claims = () => ({});
    expect((await enter('m5')).body.user.name).toMatch(/^Somebody( \d+)?$/);
  });

  it('gives one person one user id who signs in twice at one instant', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => enter('crowd')));
    expect(people.map(outcome)).toEqual(people.map(() => '201'));
    expect(new Set(people.map(({ body }) => body.user.user_id)).size).toBe(1);
  });

  it('has no password to change, and is deleted without one; then the subject is somebody new', async () => {
    const { user, token } = (await enter('carol')).body;
    expect(outcome(await setPassword(token, { current: '', password }))).toBe('403 not_allowed');
    expect(outcome(await remove(token))).toBe('204');
    expect(outcome(await me(token))).toBe('401 unauthenticated');
    expect((await enter('carol')).body.user.user_id).not.toBe(user.user_id);
  });

  it('is refused to who is deactivated, through every provider and under the same e-mail', async () => {
    provider.claims = () => ({ name: 'Dora', email: 'Dora@example.org', email_verified: true });
    const { user, token, refresh_token } = (await enter('dora')).body;
    await setActive(user.user_id, false);
    expect(outcome(await me(token))).toBe('401 unauthenticated');
    expect(outcome(await refresh(refresh_token))).toBe('401 token_refused');
    expect(outcome(await enter('dora'))).toBe('401 token_refused');
    expect(outcome(await enter('dora', 'twin'))).toBe('401 token_refused');
    const given = { ...newcomer(), email: 'dora@example.org' };
    expect(outcome(await register(given))).toBe('409 email_taken');
    await setActive(user.user_id, true);
    expect((await enter('dora')).body.user.user_id).toBe(user.user_id);
  });

  it('is refused under the e-mail of an account that is deactivated', async () => {
    const { user_id, email } = await account();
    await setActive(user_id, false);
    provider.claims = () => ({ email, email_verified: true });
    expect(outcome(await enter('eve'))).toBe('401 token_refused');
    // An e-mail that the provider does not vouch for says nothing.
    provider.claims = () => ({ email, email_verified: false });
    expect(outcome(await enter('eve'))).toBe('201');
  });
});

const seconds = (offset = 0): number => Math.floor(Date.now() / 1_000) + offset;
const claims = (nonce: string): JWTPayload => ({
  iss: provider.issuer,
  aud: clientId,
  sub: 'frank',
  nonce,
  iat: seconds(),
  exp: seconds(300),
});

const without = (good: JWTPayload, name: string): JWTPayload =>
  Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));

describe('a token of a provider', () => {
  it('signs in as it is, and once', async () => {
    const nonce = newNonce();
    const body = { provider: 'real', nonce, id_token: await provider.sign(claims(nonce)) };
    expect(outcome(await oidc(body))).toBe('201');
    expect(outcome(await oidc(body))).toBe('401 token_refused');
  });

  it.each<[string, (good: JWTPayload) => JWTPayload]>([
    ['expired', (good) => ({ ...good, iat: seconds(-500), exp: seconds(-120) })],
    ['early', (good) => ({ ...good, nbf: seconds(120) })],
    ['from the future', (good) => ({ ...good, iat: seconds(120) })],
    ['kept for long', (good) => ({ ...good, iat: seconds(-800), exp: seconds(300) })],
    ['of another issuer', (good) => ({ ...good, iss: 'https://issuer.example' })],
    ['of an issuer that looks alike', (good) => ({ ...good, iss: `${good.iss}/` })],
    ['for another client', (good) => ({ ...good, aud: 'another-client' })],
    ['for several clients without saying for whom', (good) => ({ ...good, aud: [clientId, 'other'] })],
    ['for several clients, given to another', (good) => ({ ...good, aud: [clientId, 'b'], azp: 'b' })],
    ['of another nonce', (good) => ({ ...good, nonce: newNonce() })],
    ['without a subject', (good) => without(good, 'sub')],
    ['of an empty subject', (good) => ({ ...good, sub: '' })],
    ['of a subject that is no text', (good) => ({ ...good, sub: 7 as unknown as string })],
    ['without an end', (good) => without(good, 'exp')],
    ['without a time', (good) => without(good, 'iat')],
    ['without a nonce', (good) => without(good, 'nonce')],
    ['without an issuer', (good) => without(good, 'iss')],
    ['without an audience', (good) => without(good, 'aud')],
  ])('[BAD] signs nobody in that is %s', async (_what, change) => {
    const nonce = newNonce();
    const id_token = await provider.sign(change(claims(nonce)));
    expect(outcome(await oidc({ provider: 'real', nonce, id_token }))).toBe('401 token_refused');
  });

  it('[BAD] signs nobody in that the provider has not signed as it stands', async () => {
    const nonce = newNonce();
    const good = await provider.sign(claims(nonce));
    const [head = '', body = '', signature = ''] = good.split('.');
    const mallory = Buffer.from(JSON.stringify({ ...claims(nonce), sub: 'mallory' })).toString('base64url');
    const { privateKey } = await generateKeyPair('RS256');
    const foreign = (kid: string) =>
      new SignJWT(claims(nonce)).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
    // The public key, which everybody has, as if it were a shared secret.
    const [published] = ((await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: object[] }).keys;
    const confused = await new SignJWT(claims(nonce))
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(Buffer.from(JSON.stringify(published)));
    const bad = [
      await foreign('first'),
      await foreign('unknown'),
      confused,
      new UnsecuredJWT(claims(nonce)).encode(),
      `${head}.${mallory}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}`,
      'x',
      'a.b.c',
      '..',
      '',
      `${head}.${body}.${'A'.repeat(10_000)}`,
    ];
    for (const id_token of bad)
      expect(outcome(await oidc({ provider: 'real', nonce, id_token })), id_token).toBe('401 token_refused');
    expect(outcome(await oidc({ provider: 'real', nonce, id_token: 'x'.repeat(16_385) }))).toBe(
      '400 invalid',
    );
    expect(outcome(await oidc({ provider: 'real', nonce, id_token: good }))).toBe('201');
  });

  it('[BAD] is refused for a provider that is not ours, and waits for one that does not answer', async () => {
    const nonce = newNonce();
    const id_token = await provider.sign(claims(nonce));
    for (const id of ['none', '', '__proto__'])
      expect(outcome(await oidc({ provider: id, nonce, id_token }))).toBe('401 token_refused');
    expect(outcome(await oidc({ provider: 'gone', nonce, id_token }))).toBe('503 unavailable');
  });

  it('is checked with keys that are read once and kept', async () => {
    await enter('grace');
    const before = provider.keyReads();
    for (const login of ['heidi', 'ivan']) expect(outcome(await enter(login))).toBe('201');
    expect(provider.keyReads()).toBe(before);
    expect(settings().OIDC_PROVIDERS).toHaveLength(3);
  });
});
