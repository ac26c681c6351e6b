/** Accounts: registering, signing in, sessions that go on and end, the profile, and going for good. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readEmail } from '../../../functions/identity/emails-store.ts';
import { readUserRow } from '../../../functions/identity/users-store.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { settings } from '../../../functions/platform/settings.ts';
import { setActive } from '../../../functions/people/departure.ts';
import { startLive, type Live } from '../realtime/live.ts';
import { Caller } from '../rooms/api.ts';
import {
  account,
  change,
  find,
  guest,
  me,
  newcomer,
  outcome,
  password,
  profile,
  providers,
  refresh,
  register,
  remove,
  setPassword,
  signIn,
  signOut,
} from './service.ts';

let live: Live;
const { now } = clock;
beforeAll(async () => {
  live = await startLive();
});
afterAll(() => live.stop());
afterEach(() => {
  clock.now = now;
});

const travel = (milliseconds: number): void => {
  clock.now = () => new Date(now().getTime() + milliseconds);
};
const minute = 60_000;
const day = 86_400_000;

describe('registering', () => {
  it('makes an account that is signed in, with a short token and a refresh token', async () => {
    const given = newcomer();
    const { status, body, headers } = await register({ ...given, email: given.email.toUpperCase() });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body.user).toEqual({ user_id: expect.any(String), name: given.name, kind: 'account' });
    expect(Date.parse(body.expires_at) - Date.now()).toBeLessThan(16 * minute);
    expect(Date.parse(body.refresh_expires_at!) - Date.now()).toBeGreaterThan(29 * day);
    expect((await me(body.token)).body).toEqual({
      user_id: body.user.user_id,
      name: given.name,
      kind: 'account',
      email: given.email,
      avatar: '',
      status: '',
    });
  });

  it('stores no password, but argon2id at OWASP’s parameters, salted', async () => {
    const [one, two] = [await account(), await account()];
    const rows = await Promise.all([one, two].map(({ user_id }) => readUserRow(user_id)));
    for (const row of rows) {
      expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
      expect(JSON.stringify(row)).not.toContain(password);
    }
    expect(rows[0]?.password).not.toBe(rows[1]?.password);
  });

  it('refuses an e-mail that has an account, however it is written', async () => {
    const { email } = await account();
    const again = await register({ ...newcomer(), email: email.toUpperCase() });
    expect(outcome(again)).toBe('409 email_taken');
  });

  it('[NAME] refuses the name of anybody, guest or account, and neither takes the other’s', async () => {
    const known = await account();
    await guest('Wanda the guest');
    expect(outcome(await register({ ...newcomer(), name: known.name.toUpperCase() }))).toBe('409 name_taken');
    expect(outcome(await register({ ...newcomer(), name: 'wanda  THE guest' }))).toBe('409 name_taken');
    expect(outcome(await guest(known.name))).toBe('409 name_taken');
    // Not even with the account's own token, which would make a guest of it.
    expect(outcome(await guest(known.name, known.token))).toBe('409 name_taken');
  });

  it('lets one of many through who want one e-mail at one instant, and frees the names of the rest', async () => {
    const { email } = newcomer();
    const others = Array.from({ length: 6 }, newcomer);
    const answers = await Promise.all(others.map((other) => register({ ...other, email })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const lost = others.filter((_, index) => answers[index]?.status !== 201);
    for (const { name } of lost) expect((await guest(name)).status).toBe(201);
  });

  it('frees a name and an e-mail that a crash left claimed', async () => {
    const { claimName, lasting } = await import('../../../functions/identity/names.ts');
    const { writeEmail } = await import('../../../functions/identity/emails-store.ts');
    const given = newcomer();
    const user_id = newId();
    await claimName({ user_id, name: given.name, expires_at: lasting });
    await writeEmail(given.email, user_id, undefined);
    expect(outcome(await register(given))).toBe('409 email_taken');
    travel(2 * minute);
    expect(outcome(await register(given))).toBe('201');
  });

  it('is refused where accounts are off, and signing in too', async () => {
    settings().ACCOUNTS = 'off';
    const answers = [await register(newcomer()), await signIn({ email: 'a@example.org', password })];
    const offered = (await providers()).body;
    settings().ACCOUNTS = 'on';
    expect(answers.map(outcome)).toEqual(['403 accounts_off', '403 accounts_off']);
    expect(offered).toEqual({ guests: true, accounts: false, oidc: [] });
  });

  it.each([
    ['no e-mail', { email: 'somebody' }, 'email'],
    ['an e-mail that is too long', { email: `${'a'.repeat(250)}@example.org` }, 'email'],
    ['a short password', { password: 'seven 7' }, 'password'],
    ['a password that is too long', { password: 'x'.repeat(257) }, 'password'],
    ['no name', { name: ' ' }, 'name'],
  ])('[BAD] refuses %s', async (_what, wrong, path) => {
    const { status, body } = await register({ ...newcomer(), ...wrong });
    expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid', path]);
  });
});

describe('signing in', () => {
  it('works with the e-mail in any case and the password as another keyboard types it', async () => {
    const given = { ...newcomer(), password: 'Ångström-straße' };
    await register(given);
    const { status, body } = await signIn({
      email: given.email.toUpperCase(),
      password: given.password.normalize('NFD'),
    });
    expect([status, body.user.name]).toEqual([201, given.name]);
  });

  it('answers a wrong e-mail and a wrong password alike', async () => {
    const { email } = await account();
    const wrong = await signIn({ email, password: 'not the password' });
    const unknown = await signIn({ email: 'nobody@example.org', password });
    expect(outcome(wrong)).toBe('401 wrong_credentials');
    expect(unknown.body).toEqual(wrong.body);
  });

  it('is refused to who is deactivated, in every way, until that is taken back', async () => {
    const { user_id, email, token, refresh_token } = await account();
    const other = await account();
    await setActive(user_id, false);
    expect(outcome(await signIn({ email, password }))).toBe('401 wrong_credentials');
    expect(outcome(await refresh(refresh_token))).toBe('401 token_refused');
    expect(outcome(await me(token))).toBe('401 unauthenticated');
    expect(outcome(await register({ ...newcomer(), email }))).toBe('409 email_taken');
    expect((await find(other.token, 'Person')).body.map((each) => each.user_id)).not.toContain(user_id);
    await setActive(user_id, true);
    expect(outcome(await me(token))).toBe('401 unauthenticated');
    expect(outcome(await signIn({ email, password }))).toBe('201');
  });
});

describe('a session', () => {
  it('goes on with each refresh token once', async () => {
    const first = await account();
    travel(20 * minute);
    expect(outcome(await me(first.token))).toBe('401 unauthenticated');
    const second = (await refresh(first.refresh_token)).body;
    expect(second.user).toEqual({ user_id: first.user_id, name: first.name, kind: 'account' });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(outcome(await me(second.token))).toBe('200');
    travel(40 * minute);
    expect(outcome(await refresh(second.refresh_token))).toBe('201');
  });

  it('ends when a used refresh token comes again, for thief and owner, and no other session does', async () => {
    const { email, token, refresh_token: stolen } = await account();
    const elsewhere = (await signIn({ email, password })).body;
    const thief = (await refresh(stolen)).body;
    expect(outcome(await refresh(stolen))).toBe('401 token_refused');
    expect(outcome(await refresh(thief.refresh_token))).toBe('401 token_refused');
    expect(outcome(await me(thief.token))).toBe('401 unauthenticated');
    expect(outcome(await me(token))).toBe('401 unauthenticated');
    expect(outcome(await me(elsewhere.token))).toBe('200');
    expect(outcome(await refresh(elsewhere.refresh_token))).toBe('201');
  });

  it('gives at most one of many who use a refresh token at one instant a session, and ends it', async () => {
    const { refresh_token } = await account();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refresh_token)));
    const good = answers.filter(({ status }) => status === 201);
    expect(good.length).toBeLessThanOrEqual(1);
    for (const { body } of good) expect(outcome(await refresh(body.refresh_token))).toBe('401 token_refused');
  });

  it('[BAD] does not go on with a refresh token that is none, ended, or of nobody', async () => {
    const { refresh_token, token } = await account();
    const altered = `${refresh_token.slice(0, -8)}AAAAAAAA`;
    const bad = [
      '',
      'x',
      token,
      `${refresh_token}A`,
      refresh_token.slice(1),
      'A'.repeat(86),
      'x'.repeat(1_024),
    ];
    for (const text of bad) expect(outcome(await refresh(text)), text).toBe('401 token_refused');
    for (const text of [7, null, undefined, 'x'.repeat(1_025)])
      expect(outcome(await refresh(text))).toBe('400 invalid');
    travel(31 * day);
    expect(outcome(await refresh(refresh_token))).toBe('401 token_refused');
    clock.now = now;
    // Whoever knows a session but not its token ends it at most.
    expect(outcome(await refresh(altered))).toBe('401 token_refused');
  });

  it('ends at once by signing out, with either of its tokens, and others go on', async () => {
    const { email, token, refresh_token } = await account();
    const other = (await signIn({ email, password })).body;
    const third = (await signIn({ email, password })).body;
    expect(outcome(await signOut(token))).toBe('204');
    expect(outcome(await me(token))).toBe('401 unauthenticated');
    expect(outcome(await refresh(refresh_token))).toBe('401 token_refused');
    expect(outcome(await signOut(undefined, { refresh_token: other.refresh_token }))).toBe('204');
    expect(outcome(await me(other.token))).toBe('401 unauthenticated');
    expect(outcome(await me(third.token))).toBe('200');
    expect(outcome(await refresh(third.refresh_token))).toBe('201');
  });

  it('ends everywhere by signing out everywhere', async () => {
    const { email, token, refresh_token } = await account();
    const other = (await signIn({ email, password })).body;
    expect(outcome(await signOut(token, { everywhere: true }))).toBe('204');
    for (const each of [token, other.token]) expect(outcome(await me(each))).toBe('401 unauthenticated');
    for (const each of [refresh_token, other.refresh_token])
      expect(outcome(await refresh(each))).toBe('401 token_refused');
    expect(outcome(await signIn({ email, password }))).toBe('201');
  });

  it('of a guest ends with the name', async () => {
    const { body } = await guest('Short visit');
    expect(outcome(await signOut(body.token))).toBe('204');
    expect(outcome(await me(body.token))).toBe('401 unauthenticated');
    const next = await guest('Short visit', body.token);
    expect([next.status, next.body.user.user_id === body.user.user_id]).toEqual([201, false]);
  });

  it('[BAD] is ended by nobody else', async () => {
    const [one, two] = [await account(), await account()];
    expect(outcome(await signOut(undefined))).toBe('401 unauthenticated');
    expect(outcome(await signOut('x'))).toBe('401 unauthenticated');
    expect(outcome(await signOut(one.token, { refresh_token: two.refresh_token }))).toBe('401 token_refused');
    expect(outcome(await signOut(one.token, { everywhere: 'yes' }))).toBe('400 invalid');
    for (const { token } of [one, two]) expect(outcome(await me(token))).toBe('200');
    expect(outcome(await refresh(two.refresh_token))).toBe('201');
  });
});

describe('a password', () => {
  it('is changed by who knows it; other sessions end, one’s own goes on', async () => {
    const { email, token, refresh_token } = await account();
    const other = (await signIn({ email, password })).body;
    const next = 'another good password';
    expect(outcome(await setPassword(token, { current: 'wrong', password: next }))).toBe(
      '401 wrong_credentials',
    );
    expect(outcome(await setPassword(token, { current: password, password: next }))).toBe('204');
    expect(outcome(await signIn({ email, password }))).toBe('401 wrong_credentials');
    expect(outcome(await signIn({ email, password: next }))).toBe('201');
    expect(outcome(await me(other.token))).toBe('401 unauthenticated');
    expect(outcome(await refresh(other.refresh_token))).toBe('401 token_refused');
    const mine = await refresh(refresh_token);
    expect(outcome(mine)).toBe('201');
    expect(outcome(await me(mine.body.token))).toBe('200');
  });

  it('is nothing that a guest has', async () => {
    const { body } = await guest('No password');
    expect(outcome(await setPassword(body.token, { current: 'x', password }))).toBe('403 not_allowed');
  });
});

describe('a profile', () => {
  it('is what others see, at once', async () => {
    const [one, two] = [await account(), await account()];
    const given = { avatar: '👩‍🚀', status: 'Out for lunch' };
    expect((await change(one.token, given)).body).toMatchObject(given);
    const { user_id, name } = one;
    expect((await profile(two.token, user_id)).body).toEqual({ user_id, name, ...given });
    const caller = new Caller({ user_id, name, kind: 'account' }, one.token);
    const room = await caller.room(`Shown ${name}`);
    await change(one.token, { name: `${name} anew` });
    expect((await caller.members(room.id)).body).toMatchObject([{ user_id, name: `${name} anew`, ...given }]);
  });

  it('[NAME] takes a free name and gives up the old one', async () => {
    const [one, two] = [await account(), await account()];
    expect(outcome(await change(one.token, { name: two.name }))).toBe('409 name_taken');
    expect((await change(one.token, { name: 'Zebedee' })).body.name).toBe('Zebedee');
    expect((await me(one.token)).body.name).toBe('Zebedee');
    expect((await guest(one.name)).status).toBe(201);
    expect(outcome(await guest('ZEBEDEE'))).toBe('409 name_taken');
    expect((await change(one.token, { name: 'ZEBEDEE' })).body.name).toBe('ZEBEDEE');
    expect(outcome(await guest('Zebedee'))).toBe('409 name_taken');
  });

  it('is a guest’s as well, who keeps user id, name and its end', async () => {
    const { body } = await guest('Visitor');
    const changed = await change(body.token, { name: 'Visitor with a hat', status: 'here' });
    expect(changed.body).toMatchObject({ user_id: body.user.user_id, kind: 'guest', status: 'here' });
    expect((await guest('Visitor')).status).toBe(201);
    expect(outcome(await guest('Visitor with a hat'))).toBe('409 name_taken');
    const renewed = await guest('Visitor with a hat', body.token);
    expect(renewed.body.user.user_id).toBe(body.user.user_id);
  });

  it('is found by the beginning of the name: accounts, and guests while they have it', async () => {
    const asker = await account();
    const names = ['Quentin', 'QUENTIN of Castile', 'quentina', 'Quest'];
    const made = await Promise.all(names.slice(0, 2).map((name) => register({ ...newcomer(), name })));
    for (const name of names.slice(2)) await guest(name);
    expect(made.map(outcome)).toEqual(['201', '201']);
    const found = async (query: string) => (await find(asker.token, query)).body.map(({ name }) => name);
    expect(await found('quentin')).toEqual(['Quentin', 'QUENTIN of Castile', 'quentina']);
    expect(await found('  QUES')).toEqual(['Quest']);
    expect(await found('')).toEqual([]);
    expect(await found('nobody is called this')).toEqual([]);
    travel(40 * day);
    const later = (await signIn({ email: asker.email, password })).body.token;
    expect((await find(later, 'quentin')).body.map(({ name }) => name)).toEqual([
      'Quentin',
      'QUENTIN of Castile',
    ]);
  });

  it('[BAD] refuses what is none, and knows nobody who is not there', async () => {
    const { token } = await account();
    for (const wrong of [{ avatar: 'ab' }, { avatar: '🙂🙂' }, { status: 'x'.repeat(101) }, { name: '' }])
      expect(outcome(await change(token, wrong))).toBe('400 invalid');
    for (const user of [newId(), 'x', '../users', "' or '", '', 'system'])
      expect(outcome(await profile(token, user))).toBe('404 user_not_found');
    expect(outcome(await find(token, 'a\u0000b'))).toBe('400 invalid');
    expect(outcome(await find('', 'a'))).toBe('401 unauthenticated');
  });
});

describe('deleting an account', () => {
  it('asks for the password, then ends everything and frees name and e-mail', async () => {
    const { user_id, email, name, token, refresh_token } = await account();
    const other = await account();
    expect(outcome(await remove(token))).toBe('401 wrong_credentials');
    expect(outcome(await remove(token, { password: 'wrong' }))).toBe('401 wrong_credentials');
    expect(outcome(await me(token))).toBe('200');
    expect(outcome(await remove(token, { password }))).toBe('204');
    expect(outcome(await me(token))).toBe('401 unauthenticated');
    expect(outcome(await refresh(refresh_token))).toBe('401 token_refused');
    expect(outcome(await signIn({ email, password }))).toBe('401 wrong_credentials');
    const shown = (await profile(other.token, user_id)).body;
    expect(shown).toEqual({ user_id, name: 'Deleted user', avatar: '', status: '' });
    const row = JSON.stringify(await readUserRow(user_id));
    for (const gone of [email, name, 'argon2']) expect(row).not.toContain(gone);
    expect(await readEmail(email)).toBeUndefined();
    const again = await register({ email, name, password });
    expect([again.status, again.body.user.user_id === user_id]).toEqual([201, false]);
  });

  it('needs no password of a guest', async () => {
    const { body } = await guest('Gone soon');
    expect(outcome(await remove(body.token))).toBe('204');
    expect(outcome(await me(body.token))).toBe('401 unauthenticated');
    expect((await guest('Gone soon')).status).toBe(201);
  });
});
