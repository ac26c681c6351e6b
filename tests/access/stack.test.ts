/** [ISO] Access through the whole stack: raw frames, the webhook as it is on the net, recovered connections. */
import { createHmac, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { History } from '../../contract/messages.ts';
import type { Member, Room } from '../../contract/rooms.ts';
import { hub, roomGroup, webhookRoute } from '../../contract/names.ts';
import { until } from '../support/until.ts';
import { Socket, startOutside, type Outside, type Somebody } from './over-http.ts';

const json = 'json.webpubsub.azure.v1';
const reliable = 'json.reliable.webpubsub.azure.v1';
/** As local/config and local.settings.sample.json have them. */
const accessKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH';
const code = 'local-webhook-code-not-a-secret';

let outside: Outside;
let alice: Somebody;
let bob: Somebody;
let mallory: Somebody;
beforeAll(async () => {
  outside = await startOutside();
  [alice, bob, mallory] = await Promise.all([outside.register(), outside.register(), outside.register()]);
});
afterAll(() => outside.stack.stop());

const makeRoom = async (kind: string): Promise<string> =>
  (await outside.must<Room>('createRoom', alice, { body: { name: `Room ${randomUUID()}`, kind } })).id;
const say = (room_id: string, content: string) =>
  outside.must('publish', alice, { body: { room_id, content } });
const membersOf = async (room: string): Promise<string[]> =>
  (await outside.must<Member[]>('listMembers', alice, { params: { id: room } })).map(
    ({ user_id }) => user_id,
  );
/** Brings somebody in over a link. */
async function bringIn(who: Somebody, room: string): Promise<void> {
  const link = await outside.must<{ token: string }>('invite', alice, { params: { id: room }, body: {} });
  await outside.must('enterByLink', who, { params: { token: link.token } });
}
/** What was sent to a connection before has arrived once this is answered. */
const flush = (socket: Socket, framed = false) => socket.ask('leave', { room_id: randomUUID() }, { framed });

describe.each([json, reliable])('raw frames of %s', (protocol) => {
  it('join, leave and fill no group, neither one’s own room’s nor another’s nor the list’s', async () => {
    const [secret, shared] = [await makeRoom('private'), await makeRoom('open')];
    const theirs = await outside.open(mallory, protocol);
    await theirs.ask('join', { room_id: shared }, { framed: true });
    const witness = await outside.open(alice);
    for (const group of [roomGroup(secret), roomGroup(shared), 'directory', 'anything']) {
      for (const frame of [
        { type: 'joinGroup', group },
        { type: 'sendToGroup', group, dataType: 'json', data: { type: 'message', content: 'Forged' } },
        { type: 'sendToGroup', group, dataType: 'text', data: 'Forged', noEcho: true },
        { type: 'leaveGroup', group },
      ]) {
        const ack = await theirs.sendAcknowledged(frame);
        expect(ack, JSON.stringify(frame)).toMatchObject({ success: false, error: { name: 'Forbidden' } });
      }
    }
    await say(secret, 'Said in secret');
    await say(shared, 'Said to all');
    await until(() => witness.heard('Said in secret') && theirs.heard('Said to all'));
    await flush(theirs, true);
    expect([theirs.heard('Said in secret'), witness.heard('Forged')]).toEqual([false, false]);
    for (const socket of [theirs, witness]) socket.close();
  });

  it('are no events of the service, nor of anybody else', async () => {
    const [secret, shared] = [await makeRoom('private'), await makeRoom('open')];
    await outside.must('putBan', alice, { params: { id: shared, user: bob.user_id }, body: {} });
    const theirs = await outside.open(mallory, protocol);
    for (const event of ['connect', 'connected', 'disconnected', 'sys.connect', 'publish', 'constructor']) {
      const data = { userId: alice.user_id, user_id: alice.user_id, room_id: secret };
      theirs.send({ type: 'event', event, dataType: 'json', data, userId: alice.user_id });
    }
    const more = {
      userId: alice.user_id,
      connectionId: 'x',
      hub: 'chat',
      headers: { 'ce-userId': alice.user_id },
    };
    const spoofed = { room_id: secret, user_id: alice.user_id, userId: alice.user_id };
    for (const name of ['leave', 'join']) {
      const answer = await theirs.ask(name, spoofed, { framed: true, more });
      expect(answer).toMatchObject({ type: 'error', problem: { code: 'room_not_found' } });
    }
    const banned = await outside.open(bob, protocol);
    const refused = await banned.ask('join', { room_id: shared, admitted: true }, { framed: true });
    expect(refused).toMatchObject({ type: 'error', problem: { code: 'banned' } });
    expect([await membersOf(secret), await membersOf(shared)]).toEqual([[alice.user_id], [alice.user_id]]);
    for (const socket of [theirs, banned]) socket.close();
  });
});

describe('an address', () => {
  it('with a token of one’s own making opens nothing', async () => {
    const { url } = await outside.must<{ url: string }>('negotiate', mallory);
    const given = new URL(url);
    const claims = {
      role: ['webpubsub.joinLeaveGroup', 'webpubsub.sendToGroup'],
      'webpubsub.group': ['directory'],
      aud: `${given.origin.replace('ws', 'http')}${given.pathname}`,
    };
    const signed = (key: string) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(alice.user_id)
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(key));
    const [head, , signature] = given.searchParams.get('access_token')!.split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, sub: alice.user_id, exp: 9_999_999_999 }));
    const tokens = [
      await signed('a key of their own, long enough for HS256'),
      [head, other.toString('base64url'), signature].join('.'),
      mallory.token,
      '',
    ];
    for (const token of tokens) {
      given.searchParams.set('access_token', token);
      expect(await new Socket(given.href).handshake()).toBe(401);
    }
    // Even who has the service’s key needs a ticket of ours to be somebody with an account.
    given.searchParams.set('access_token', await signed(accessKey));
    expect(await new Socket(given.href).handshake()).toBe(401);
    given.searchParams.delete('hubbub_ticket');
    expect(await new Socket(given.href).handshake()).toBe(401);
  });
});

describe('the webhook on the net', () => {
  const sign = (connection: string, key = accessKey): string =>
    `sha256=${createHmac('sha256', key).update(connection).digest('hex')}`;

  /** An event of alice’s open connection, as Web PubSub sends it, but for what is given. */
  async function post(connection: string, name: string, body: object, change: Record<string, string> = {}) {
    const { code: given = code, ...headers } = change;
    const kind = ['connect', 'connected', 'disconnected'].includes(name) ? 'sys' : 'user';
    const response = await fetch(`${outside.stack.api}/${webhookRoute}?code=${given}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-type': `azure.webpubsub.${kind}.${name}`,
        'ce-eventname': name,
        'ce-hub': hub,
        'ce-connectionid': connection,
        'ce-userid': alice.user_id,
        'ce-signature': sign(connection),
        ...headers,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const answer = (text === '' ? {} : JSON.parse(text)) as {
      type?: string;
      code?: string;
      problem?: { code: string };
    };
    return { status: response.status, text, code: answer.problem?.code ?? answer.code };
  }

  const connectionOf = ({ frames }: Socket): string => String(frames[0]!['connectionId']);

  it('refuses what Web PubSub did not send, system events as well, and nothing happens', async () => {
    const room = await makeRoom('open');
    const [hers, theirs] = [await outside.open(alice, json), await outside.open(mallory, json)];
    const [her, their] = [connectionOf(hers), connectionOf(theirs)];
    await bringIn(bob, room);
    const wrong: [string, Record<string, string>, string, number][] = [
      ['no code', { code: '' }, 'webhook_refused', 403],
      ['another code', { code: 'x'.repeat(code.length) }, 'webhook_refused', 403],
      ['no signature', { 'ce-signature': '' }, 'webhook_refused', 403],
      ['a signature that is none', { 'ce-signature': 'sha256=' }, 'webhook_refused', 403],
      ['a foreign signature', { 'ce-signature': sign(her, 'x') }, 'webhook_refused', 403],
      ['another hash', { 'ce-signature': sign(her).replace('sha256', 'sha1') }, 'webhook_refused', 403],
      ['the signature of another connection', { 'ce-signature': sign(their) }, 'webhook_refused', 403],
      ['another hub', { 'ce-hub': 'other' }, 'invalid', 400],
    ];
    for (const [what, change, refusal, status] of wrong) {
      for (const event of ['leave', 'disconnected', 'connect', 'connected']) {
        const answer = await post(her, event, { room_id: room, query: {} }, change);
        expect([answer.status, answer.code], `${event} with ${what}`).toEqual([status, refusal]);
      }
    }
    // The user is changed, and the signature is right: of the connection alone.
    const changed = await post(their, 'leave', { room_id: room });
    expect([changed.status, changed.code]).toEqual([403, 'webhook_refused']);
    expect(await membersOf(room)).toHaveLength(2);
    for (const [headers, size, refusal] of [
      [{ 'content-type': 'application/octet-stream' }, 1, 'unsupported_media_type'],
      [{ 'content-type': 'text/html' }, 1, 'unsupported_media_type'],
      [{}, 2_000_000, 'too_long'],
    ] as const) {
      const answer = await post(her, 'leave', { room_id: room, padding: 'x'.repeat(size) }, headers);
      expect(answer.code).toBe(refusal);
    }
    expect(await membersOf(room)).toHaveLength(2);
    // She is still there and hears what is said.
    await say(room, 'All is well');
    await until(() => hers.heard('All is well'));
    for (const socket of [hers, theirs]) socket.close();
  });

  it('takes two megabytes from nobody who has not proved themselves', async () => {
    const answer = await post(
      randomUUID(),
      'leave',
      { padding: 'x'.repeat(2_000_000) },
      { 'ce-signature': '' },
    );
    expect([answer.status, answer.code]).toEqual([403, 'webhook_refused']);
  });

  it('answers an event that comes again as it did, without a second effect', async () => {
    const room = await makeRoom('open');
    const theirs = await outside.open(mallory, json);
    const connection = connectionOf(theirs);
    const event = (name: string, id: string) =>
      post(
        connection,
        name,
        { room_id: room, request_id: id },
        { 'ce-id': id, 'ce-userid': mallory.user_id },
      );
    const joined = await event('join', '1001');
    const left = await event('leave', '1002');
    expect(await event('join', '1001')).toEqual(joined);
    expect(await event('leave', '1002')).toEqual(left);
    expect(joined.text).toContain('room_joined');
    expect(await membersOf(room)).toEqual([alice.user_id]);
    theirs.close();
  });
});

describe('a connection that is recovered', () => {
  /** Breaks a connection, lets something happen, and asks for it back. */
  async function recover(who: Somebody, room: string, meanwhile: () => Promise<unknown>): Promise<Socket> {
    const broken = await outside.open(who, reliable);
    const { connectionId, reconnectionToken } = broken.frames[0] as Record<string, string>;
    await say(room, 'Before');
    await until(() => broken.heard('Before'));
    broken.break();
    await meanwhile();
    const address = new URL(broken.url);
    address.search = new URLSearchParams({
      awps_connection_id: connectionId!,
      awps_reconnection_token: reconnectionToken!,
    }).toString();
    return new Socket(address.href, reliable);
  }

  it('goes on where nothing happened, and with a made up token never', async () => {
    const room = await makeRoom('private');
    await bringIn(bob, room);
    const back = await recover(bob, room, () => say(room, 'Meanwhile'));
    await until(() => back.heard('Meanwhile'));
    const url = new URL(back.url);
    url.searchParams.set('awps_reconnection_token', 'made-up');
    const forged = new Socket(url.href, reliable);
    expect(await forged.closed).toBe(1008);
    back.close();
  });

  it.each(['signs out', 'signs out everywhere'])('is refused once its person %s', async (how) => {
    const room = await makeRoom('private');
    const dave = await outside.register();
    await bringIn(dave, room);
    const everywhere = how.endsWith('everywhere');
    const back = await recover(dave, room, () => outside.must('signOut', dave, { body: { everywhere } }));
    expect(await back.closed).toBe(1008);
    expect(back.frames.some(({ event }) => event === 'connected')).toBe(false);
  });

  const ban = (who: Somebody, room: string) =>
    outside.must('putBan', alice, { params: { id: room, user: who.user_id }, body: {} });

  it('is refused once its person is banned from a room of theirs', async () => {
    const room = await makeRoom('private');
    await bringIn(bob, room);
    const back = await recover(bob, room, () => ban(bob, room));
    expect(await back.closed).toBe(1008);
    expect(back.frames.some(({ event }) => event === 'connected')).toBe(false);
  });

  it('is closed by a ban while it is open, cannot come back, and the other rooms lose nothing', async () => {
    const [room, other] = [await makeRoom('private'), await makeRoom('private')];
    for (const each of [room, other]) await bringIn(bob, each);
    const [first, second] = [await outside.open(bob, reliable), await outside.open(bob, json)];
    await say(other, 'To the other room before');
    for (const socket of [first, second]) await until(() => socket.heard('To the other room before'));
    await ban(bob, room);
    for (const socket of [first, second]) {
      expect(await socket.closed).toBe(1000);
      expect(socket.about(room)).toEqual(['you_were_removed']);
    }
    const { connectionId, reconnectionToken } = first.frames[0] as Record<string, string>;
    const again = new URL(first.url);
    again.search = new URLSearchParams({
      awps_connection_id: connectionId!,
      awps_reconnection_token: reconnectionToken!,
    }).toString();
    expect(await new Socket(again.href, reliable).closed).toBe(1008);
    await say(other, 'To the other room in between');
    await say(room, 'Not for bob');
    const next = await outside.open(bob, reliable);
    await say(other, 'To the other room after');
    await until(() => next.heard('To the other room after'));
    expect(next.heard('Not for bob')).toBe(false);
    const missed = await outside.must<History>('readMessages', bob, {
      params: { id: other },
      query: { after: '1' },
    });
    expect(missed.messages.map(({ content }) => content)).toEqual([
      'To the other room in between',
      'To the other room after',
    ]);
    expect((await outside.ask('readMessages', bob, { params: { id: room } })).status).toBe(404);
    next.close();
  });

  it('hears nothing that was said after its person was removed', async () => {
    const room = await makeRoom('private');
    await bringIn(bob, room);
    const witness = await outside.open(alice);
    const back = await recover(bob, room, async () => {
      await outside.must('removeMember', alice, { params: { id: room, user: bob.user_id } });
      await say(room, 'Said without bob');
      await until(() => witness.heard('Said without bob'));
    });
    await until(() => back.frames.some(({ event }) => event === 'connected'), { what: 'the recovery' });
    await say(room, 'Said later');
    await until(() => witness.heard('Said later'));
    await flush(back, true);
    expect([back.heard('Said without bob'), back.heard('Said later')]).toEqual([false, false]);
    for (const socket of [back, witness]) socket.close();
  });
});
