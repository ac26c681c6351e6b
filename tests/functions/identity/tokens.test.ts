/** Tokens that we did not sign as they stand, for this use, for now; and what nobody can make of themselves. */
import { generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueTicket } from '../../../functions/identity/token.ts';
import { join } from '../../../functions/membership/membership.ts';
import { patchMember } from '../../../functions/membership/http.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { settings } from '../../../functions/platform/settings.ts';
import { call } from '../call.ts';
import { startLive, type Live } from '../realtime/live.ts';
import { Caller, signIn as enter } from '../rooms/api.ts';
import {
  account,
  change,
  guest,
  me,
  newcomer,
  outcome,
  profile,
  refresh,
  register,
  signIn,
  signOut,
  type Account,
} from './service.ts';

let live: Live;
let alice: Account;
beforeAll(async () => {
  live = await startLive();
  alice = await account();
});
afterAll(() => live.stop());

const seconds = (offset: number): number => Math.floor(Date.now() / 1_000) + offset;
const ours = (): Uint8Array => new TextEncoder().encode(settings().SESSION_SIGNING_KEY);
const claims = (more: JWTPayload = {}): JWTPayload => ({
  sub: alice.user_id,
  name: alice.name,
  kind: 'account',
  iss: 'hubbub',
  aud: 'hubbub',
  iat: seconds(0),
  exp: seconds(600),
  ...more,
});
const sign = (payload: JWTPayload, alg = 'HS256', key: Parameters<SignJWT['sign']>[0] = ours()) =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
const without = (name: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));

describe('a token', () => {
  it('is taken as we sign it', async () => {
    expect(outcome(await me(await sign(claims())))).toBe('200');
  });

  it.each<[string, () => Promise<string> | string]>([
    ['expired', () => sign(claims({ exp: seconds(-1) }))],
    ['early', () => sign(claims({ nbf: seconds(60) }))],
    ['from the future', () => sign(claims({ iat: seconds(900) }))],
    ['without an end', () => sign(without('exp'))],
    ['of nobody', () => sign(without('sub'))],
    ['unsigned', () => new UnsecuredJWT(claims()).encode()],
    ['of another algorithm', () => sign(claims(), 'HS512', new Uint8Array(64).fill(7))],
    ['of our key under another algorithm', () => sign(claims(), 'HS384', Buffer.concat([ours(), ours()]))],
    ['of a key pair', async () => sign(claims(), 'RS256', (await generateKeyPair('RS256')).privateKey)],
    ['of another key', () => sign(claims(), 'HS256', new Uint8Array(32).fill(7))],
    ['of another issuer', () => sign(claims({ iss: 'other' }))],
    ['for another use', () => sign(claims({ aud: 'other' }))],
    ['for opening a connection', () => issueTicket({ ...alice, kind: 'account' })],
    ['for refreshing', () => alice.refresh_token],
    ['of another kind of person', () => sign(claims({ kind: 'guest' }))],
    ['of a kind that tokens are not for', () => sign(claims({ kind: 'service' }))],
    ['of an account that is not there', () => sign(claims({ sub: newId() }))],
    ['of another generation', () => sign(claims({ gen: 7 }))],
    ['oversized', () => sign(claims({ padding: 'x'.repeat(20_000) }))],
    ['cut', () => alice.token.slice(0, -4)],
    ['altered', () => alice.token.replace(/\.(.{8})/, '.AAAAAAAA')],
    ['two', () => `${alice.token}${alice.token}`],
  ])('[BAD] is refused that is %s', async (_what, make) => {
    expect(outcome(await me(await make()))).toBe('401 unauthenticated');
  });

  it('[BAD] is refused wherever one character of it is another', async () => {
    const { token } = alice;
    // The last character has bits that nobody reads.
    for (let at = 0; at < token.length - 1; at += 7) {
      const other = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(outcome(await me(other)), String(at)).toBe('401 unauthenticated');
    }
  });
});

describe('nobody', () => {
  it('makes more of themselves by what they send along', async () => {
    const more = { kind: 'account', role: 'owner', roles: ['admin'], user_id: alice.user_id, generation: 9 };
    const visitor = await guest('Would-be', undefined);
    const registered = await register({ ...newcomer(), ...more, state: 'active', subject: 'x' });
    expect(registered.body.user.user_id).not.toBe(alice.user_id);
    const changed = await change(visitor.body.token, { ...more, name: 'Would-be more', email: alice.email });
    expect(changed.body).toEqual({
      user_id: visitor.body.user.user_id,
      name: 'Would-be more',
      kind: 'guest',
      avatar: '',
      status: '',
    });
    const again = await signIn({ email: alice.email, password: 'wrong', ...more });
    expect(outcome(again)).toBe('401 wrong_credentials');
    expect((await profile(alice.token, alice.user_id)).body.name).toBe(alice.name);
  });

  it('raises their own role in a room by any call', async () => {
    const [owner, member] = [await enter(), await enter()];
    const { id } = await owner.room(`Roles ${newId()}`);
    await join(member.principal, id);
    const target = { token: member.token, params: { id, user: member.id } };
    for (const role of ['moderator', 'owner'])
      expect(outcome(await call(patchMember, { ...target, method: 'PATCH', body: { role } }))).toBe(
        '403 not_owner',
      );
    // Coming again, making the room again, changing it or leaving and coming back make nothing of them.
    await join(member.principal, id);
    expect((await member.create({ name: `Mine ${newId()}`, id, created_by: member.id })).status).toBe(409);
    expect(outcome(await member.change(id, { owner: member.id, role: 'owner', name: 'Mine' }))).toBe(
      '403 not_owner',
    );
    await change(member.token, { role: 'owner' });
    const roles = (await owner.members(id)).body.map(({ user_id, role }) => [user_id, role]);
    expect(Object.fromEntries(roles)).toEqual({ [owner.id]: 'owner', [member.id]: 'member' });
    expect((await owner.read(id)).body.owner).toBe(owner.id);
  });

  it('acts for another by an id that they know', async () => {
    const mallory = await account();
    const asked = new Caller({ ...mallory, kind: 'account' }, mallory.token);
    const ids = { user_id: alice.user_id, sub: alice.user_id, sender: alice.user_id };
    expect((await change(mallory.token, { ...ids, status: 'mine' })).body.user_id).toBe(mallory.user_id);
    expect(outcome(await asked.create({ name: `x ${newId()}`, created_by: alice.user_id }))).toBe(
      '403 not_yourself',
    );
    // A refresh token names its person: another's id in it is no token of theirs.
    const bytes = Buffer.from(mallory.refresh_token, 'base64url');
    const swapped = Buffer.concat([
      Buffer.from(alice.refresh_token, 'base64url').subarray(0, 16),
      bytes.subarray(16),
    ]);
    expect(outcome(await refresh(swapped.toString('base64url')))).toBe('401 token_refused');
    expect(outcome(await signOut(undefined, { ...ids, everywhere: true }))).toBe('401 unauthenticated');
    for (const { token } of [alice, mallory]) expect(outcome(await me(token))).toBe('200');
    expect((await profile(mallory.token, alice.user_id)).body.status).toBe('');
  });
});
