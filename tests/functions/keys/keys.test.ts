/** API keys: who makes them, what they open, by which header, and when they end. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKey } from '../../../contract/identity.ts';
import type { History, Published } from '../../../contract/messages.ts';
import type { Room } from '../../../contract/rooms.ts';
import { getKeys, postKeys, removeKey } from '../../../functions/keys/http.ts';
import { readKeyRow } from '../../../functions/keys/store.ts';
import { join } from '../../../functions/membership/membership.ts';
import { changeRole } from '../../../functions/membership/roles.ts';
import { getMembers, getMyRooms, putRead } from '../../../functions/membership/http.ts';
import { getMessages, postPublish } from '../../../functions/messages/http.ts';
import { getMetrics } from '../../../functions/operations/http.ts';
import { lift, mute } from '../../../functions/moderation/restrictions.ts';
import { setActive } from '../../../functions/people/departure.ts';
import { getMe, getUsers, patchMe, removeMe } from '../../../functions/people/http.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { settings } from '../../../functions/platform/settings.ts';
import { postNegotiate } from '../../../functions/realtime/http.ts';
import { getRoom, getRooms, patchRoom, postRooms, removeRoom } from '../../../functions/rooms/http.ts';
import { call } from '../call.ts';
import {
  account,
  guest,
  outcome,
  password,
  remove,
  type Account,
  type Answered,
} from '../identity/service.ts';
import { startLive, type Live } from '../realtime/live.ts';

type Created = ApiKey & { key: string };

let live: Live;
let alice: Account;
const { now } = clock;
beforeAll(async () => {
  live = await startLive();
  // A key that was used is revoked a moment later elsewhere: see the test of another instance.
  settings().ACCESS_CACHE_SECONDS = 0;
  alice = await account();
});
afterAll(() => live.stop());
afterEach(() => {
  clock.now = now;
});

const room = async ({ token }: { token: string }, more: object = {}): Promise<Room> =>
  (await call<Room>(postRooms, { token, body: { name: `Room ${newId()}`, ...more } })).body;
const create = ({ token }: { token: string }, body: object): Answered<Created> =>
  call(postKeys, { token, body });
const list = ({ token }: { token: string }): Answered<ApiKey[]> => call(getKeys, { method: 'GET', token });
const revoke = ({ token }: { token: string }, id: string): Answered<object> =>
  call(removeKey, { method: 'DELETE', token, params: { id } });
const publish = (key: string, room_id: string): Answered<Published> =>
  call(postPublish, { token: key, body: { room_id, content: 'The build is green.' } });
const messages = (key: string, id: string): Answered<History> =>
  call(getMessages, { method: 'GET', token: key, params: { id } });

/** A room of alice's, and a key for it. */
async function roomWithKey(calls: string[] = ['publish', 'read_messages'], more: object = {}) {
  const { id } = await room(alice, more);
  const { body } = await create(alice, { name: 'Build', rooms: [id], calls });
  return { id, key: body.key, keyId: body.id };
}

describe('a key', () => {
  it('is shown once, and kept as a hash', async () => {
    const { id } = await room(alice);
    const { status, body, headers } = await create(alice, {
      name: 'Build',
      rooms: [id, id],
      calls: ['publish'],
    });
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { key, ...rest } = body;
    expect(key).toMatch(/^hbk_[\w-]{86}$/);
    expect(rest).toMatchObject({ name: 'Build', rooms: [id], calls: ['publish'], prefix: key.slice(0, 12) });
    const listed = (await list(alice)).body;
    expect(listed).toContainEqual(rest);
    expect(JSON.stringify(listed)).not.toContain(key);
    expect(JSON.stringify(await readKeyRow(alice.user_id, body.id))).not.toContain(key);
  });

  it.each(['authorization', 'ocp-apim-subscription-key'])('speaks for its service by %s', async (header) => {
    const { id, key, keyId } = await roomWithKey(['publish', 'read_messages'], { kind: 'private' });
    const headers = { [header]: header === 'authorization' ? `Bearer ${key}` : key };
    const body = { room_id: id, content: 'The build is green.' };
    expect(outcome(await call(postPublish, { headers, body }))).toBe('200');
    const read = await call<History>(getMessages, { method: 'GET', headers, params: { id } });
    expect(
      read.body.messages.map(({ sender, sender_name, content }) => [sender, sender_name, content]),
    ).toEqual([[`service:${keyId}`, 'Build', body.content]]);
  });

  it('does not come before a person who calls through API Management with a key of its own', async () => {
    const { id, key } = await roomWithKey();
    const headers = { 'ocp-apim-subscription-key': '0123456789abcdef0123456789abcdef' };
    const body = { room_id: id, content: 'by alice' };
    expect(outcome(await call(postPublish, { token: alice.token, headers, body }))).toBe('200');
    expect(outcome(await call(postPublish, { headers, body }))).toBe('401 unauthenticated');
    const { body: history } = await messages(key, id);
    expect(history.messages.map(({ sender }) => sender)).toEqual([alice.user_id]);
  });

  it('opens its calls in its rooms and nothing else; a private room is not there for it', async () => {
    const { id, key } = await roomWithKey(['read_messages']);
    const [open, secret] = [await room(alice), await room(alice, { kind: 'private' })];
    expect(outcome(await messages(key, id))).toBe('200');
    expect(outcome(await publish(key, id))).toBe('403 not_allowed');
    expect(outcome(await messages(key, open.id))).toBe('403 not_allowed');
    expect((await messages(key, secret.id)).body).toEqual((await messages(key, newId())).body);
    const params = { id };
    const others = [
      call(getRoom, { method: 'GET', token: key, params }),
      call(getMembers, { method: 'GET', token: key, params }),
      call(patchRoom, { method: 'PATCH', token: key, params, body: { name: 'Mine' } }),
      call(removeRoom, { method: 'DELETE', token: key, params }),
      call(putRead, { method: 'PUT', token: key, params, body: { seq: 0 } }),
      call(getRooms, { method: 'GET', token: key }),
      call(postRooms, { token: key, body: { name: 'Mine' } }),
      call(getMyRooms, { method: 'GET', token: key }),
      call(postNegotiate, { token: key }),
      call(getMetrics, { method: 'GET', token: key }),
      call(getMe, { method: 'GET', token: key }),
      call(patchMe, { method: 'PATCH', token: key, body: { name: 'Mine' } }),
      call(removeMe, { method: 'DELETE', token: key }),
      call(getUsers, { method: 'GET', token: key }),
      call(getKeys, { method: 'GET', token: key }),
      call(postKeys, { token: key, body: { name: 'More', rooms: [id], calls: ['publish'] } }),
    ];
    expect(new Set((await Promise.all(others)).map(outcome))).toEqual(new Set(['403 not_allowed']));
  });

  it('reads a room and its members where it was made for that', async () => {
    const { id, key } = await roomWithKey(['read_room', 'list_members']);
    const options = { method: 'GET', token: key, params: { id } };
    expect((await call<Room>(getRoom, options)).body.id).toBe(id);
    const members = await call<{ user_id: string }[]>(getMembers, options);
    expect(members.body.map(({ user_id }) => user_id)).toEqual([alice.user_id]);
  });

  it('shows in which hour it was last used', async () => {
    const { id, key, keyId } = await roomWithKey();
    const shown = async () => (await list(alice)).body.find((each) => each.id === keyId)?.last_used_at;
    expect(await shown()).toBeUndefined();
    await publish(key, id);
    const hour = `${new Date().toISOString().slice(0, 13)}:00:00.000Z`;
    expect(await shown()).toBe(hour);
  });

  it('[BAD] that is altered, another’s, or none at all opens nothing', async () => {
    const [one, two] = [await roomWithKey(), await roomWithKey()];
    const bytes = (key: string) => Buffer.from(key.slice(4), 'base64url');
    const mixed = Buffer.concat([bytes(one.key).subarray(0, 32), bytes(two.key).subarray(32)]);
    const bad = [
      one.key.slice(4),
      `hbk_${mixed.toString('base64url')}`,
      `${one.key.slice(0, -6)}AAAAAA`,
      `${one.key}A`,
      one.key.slice(0, -1),
      `hbk_${'A'.repeat(86)}`,
      'hbk_',
      `hbk_${'A'.repeat(20_000)}`,
    ];
    for (const key of bad) expect(outcome(await publish(key, one.id)), key).toBe('401 unauthenticated');
    expect(outcome(await publish(one.key, one.id))).toBe('200');
  });
});

describe('making a key', () => {
  it('is for who moderates every room of it, and has an account', async () => {
    const bob = await account();
    const [theirs, secret] = [await room(alice), await room(alice, { kind: 'private' })];
    const own = await room(bob);
    const ask = (rooms: string[]) => create(bob, { name: 'x', rooms, calls: ['publish'] });
    expect(outcome(await ask([own.id]))).toBe('201');
    expect(outcome(await ask([own.id, theirs.id]))).toBe('403 not_member');
    await join({ user_id: bob.user_id, name: bob.name }, theirs.id);
    expect(outcome(await ask([theirs.id]))).toBe('403 not_moderator');
    expect((await ask([secret.id])).body).toEqual((await ask([newId()])).body);
    const visitor = (await guest('Key maker')).body;
    const visited = await room(visitor);
    const asGuest = await create(visitor, { name: 'x', rooms: [visited.id], calls: ['publish'] });
    expect(outcome(asGuest)).toBe('403 not_allowed');
  });

  it.each<[string, object]>([
    ['no rooms', { rooms: [] }],
    ['no calls', { calls: [] }],
    ['a call that keys do not make', { calls: ['delete_room'] }],
    ['a room that is none', { rooms: ['x'] }],
    ['no name', { name: '' }],
    ['an end that is past', { expires_at: '2020-01-01T00:00:00Z' }],
  ])('[BAD] refuses %s', async (_what, wrong) => {
    const { id } = await room(alice);
    const answer = await create(alice, { name: 'x', rooms: [id], calls: ['publish'], ...wrong });
    expect(outcome(answer)).toBe('400 invalid');
  });
});

describe('a key ends', () => {
  it('when it is revoked, by who made it and nobody else', async () => {
    const { id, key, keyId } = await roomWithKey();
    const bob = await account();
    expect(outcome(await revoke(bob, keyId))).toBe('404 not_found');
    for (const none of [newId(), 'x', '', '../keys', "' or '"])
      expect(outcome(await revoke(alice, none))).toBe('404 not_found');
    expect(outcome(await publish(key, id))).toBe('200');
    expect(outcome(await revoke(alice, keyId))).toBe('204');
    expect(outcome(await publish(key, id))).toBe('401 unauthenticated');
    expect((await list(alice)).body.map((each) => each.id)).not.toContain(keyId);
    expect((await list(bob)).body).toEqual([]);
  });

  it('at its end', async () => {
    const { id } = await room(alice);
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    const { body } = await create(alice, { name: 'Brief', rooms: [id], calls: ['publish'], expires_at });
    expect(outcome(await publish(body.key, id))).toBe('200');
    clock.now = () => new Date(Date.now() + 61_000);
    expect(outcome(await publish(body.key, id))).toBe('401 unauthenticated');
  });

  it('in a room that its maker no longer moderates, and only there', async () => {
    const bob = await account();
    const [theirs, own] = [await room(alice), await room(bob)];
    await join({ user_id: bob.user_id, name: bob.name }, theirs.id);
    const owner = { user_id: alice.user_id, name: alice.name, kind: 'account' as const };
    await changeRole(owner, { roomId: theirs.id, userId: bob.user_id }, 'moderator');
    const { key } = (await create(bob, { name: 'Two', rooms: [theirs.id, own.id], calls: ['publish'] })).body;
    expect(outcome(await publish(key, theirs.id))).toBe('200');
    await changeRole(owner, { roomId: theirs.id, userId: bob.user_id }, 'member');
    expect(outcome(await publish(key, theirs.id))).toBe('403 not_allowed');
    expect(outcome(await publish(key, own.id))).toBe('200');
  });

  it('for publishing while its maker is muted, and only there', async () => {
    const bob = await account();
    const [theirs, own] = [await room(alice), await room(bob)];
    await join({ user_id: bob.user_id, name: bob.name }, theirs.id);
    const owner = { user_id: alice.user_id, name: alice.name, kind: 'account' as const };
    const target = { roomId: theirs.id, userId: bob.user_id };
    await changeRole(owner, target, 'moderator');
    const calls = ['publish', 'read_messages'];
    const { key } = (await create(bob, { name: 'Two', rooms: [theirs.id, own.id], calls })).body;
    await mute(owner, target, { reason: '' });
    const later = (await create(bob, { name: 'Later', rooms: [theirs.id], calls })).body;
    for (const each of [key, later.key, bob.token])
      expect(outcome(await publish(each, theirs.id))).toBe('403 muted');
    expect(outcome(await messages(key, theirs.id))).toBe('200');
    expect(outcome(await publish(key, own.id))).toBe('200');
    await lift('mute', owner, target);
    expect(outcome(await publish(key, theirs.id))).toBe('200');
  });

  it('with the account of who made it', async () => {
    const [bob, carol] = [await account(), await account()];
    const keys = await Promise.all(
      [bob, carol].map(async (maker) => {
        const { id } = await room(maker);
        await join({ user_id: alice.user_id, name: alice.name }, id);
        return { id, key: (await create(maker, { name: 'x', rooms: [id], calls: ['publish'] })).body.key };
      }),
    );
    for (const { id, key } of keys) expect(outcome(await publish(key, id))).toBe('200');
    await setActive(bob.user_id, false);
    expect(outcome(await remove(carol.token, { password }))).toBe('204');
    for (const { id, key } of keys) expect(outcome(await publish(key, id))).toBe('401 unauthenticated');
  });
});
