/** [ISO] What other chats had published about them as flaws of access, tried here. */
import { ask, must, ways } from './routes.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { History, Message } from '../../contract/messages.ts';
import type { AuditEntry } from '../../contract/moderation.ts';
import type { Member, MyRoom, Room } from '../../contract/rooms.ts';
import { join, leave } from '../../functions/membership/membership.ts';
import { setActive } from '../../functions/people/departure.ts';
import { newId } from '../../functions/platform/ids.ts';
import { settings } from '../../functions/platform/settings.ts';
import { account, refresh, signIn, outcome, password, type Account } from '../functions/identity/service.ts';
import { connect, startLive, type Connection, type Live } from '../functions/realtime/live.ts';
import { Caller } from '../functions/rooms/api.ts';
import { newGuest } from './cast.ts';
import { stateOf } from './state.ts';

let live: Live;
let alice: Account;
let bob: Account;
let carol: Account;
beforeAll(async () => {
  live = await startLive();
  [alice, bob, carol] = await Promise.all([account(), account(), account()]);
});
afterAll(() => live.stop());

const open = (who: Account): Promise<Connection> =>
  connect(new Caller({ ...who, kind: 'account' }, who.token));
const makeRoom = async (more: object = {}): Promise<string> =>
  (await must<Room>('createRoom', alice.token, { body: { name: `Room ${newId()}`, ...more } })).id;
const say = (room_id: string, content: string, who = alice) =>
  must<{ seq: number }>('publish', who.token, { body: { room_id, content } });

describe('the history for who comes later', () => {
  it('is the room’s setting at that moment, also after leaving and coming again', async () => {
    const room = await makeRoom({ history: 'since_joining' });
    await join(bob, room);
    for (const content of ['one', 'two']) await say(room, content);
    const read = async (who: Account): Promise<string[]> =>
      (await must<History>('readMessages', who.token, { params: { id: room } })).messages.map(
        ({ content }) => content,
      );
    expect(await read(bob)).toEqual(['one', 'two']);
    await leave(bob.user_id, room);
    await say(room, 'three');
    await join(bob, room);
    await say(room, 'four');
    expect(await read(bob)).toEqual(['four']);
    // What becomes of the setting later makes nothing of what they may read.
    await must('changeRoom', alice.token, { params: { id: room }, body: { history: 'all' } });
    expect(await read(bob)).toEqual(['four']);
    await join(carol, room);
    expect(await read(carol)).toEqual(['one', 'two', 'three', 'four']);
    const mine = await must<MyRoom[]>('listMyRooms', bob.token);
    expect(mine.find((each) => each.room.id === room)?.first).toBe(4);
  });

  it('has no way round: pins, reports, pages and numbers begin where it does', async () => {
    const room = await makeRoom({ history: 'since_joining' });
    for (const content of ['one', 'two']) await say(room, content);
    await must('pinMessage', alice.token, { params: { id: room, seq: '1' } });
    await join(bob, room);
    const params = { id: room };
    expect(await must<Message[]>('listPins', bob.token, { params })).toEqual([]);
    for (const query of [{ after: '0' }, { before: '3' }, { after: '0', before: '2' }, { limit: '200' }]) {
      const { messages } = await must<History>('readMessages', bob.token, {
        params,
        query: query as unknown as Record<string, string>,
      });
      expect(messages).toEqual([]);
    }
    const reported = await ask('reportMessage', bob.token, { params, body: { seq: 2 } });
    expect(outcome(reported)).toBe('404 message_not_found');
  });
});

describe('somebody who is deactivated', () => {
  it('is out by password, refresh, token, API key, address and open connection at once', async () => {
    settings().ACCESS_CACHE_SECONDS = 0;
    const dave = await account();
    const { id } = await must<Room>('createRoom', dave.token, { body: { name: `Dave’s ${newId()}` } });
    const { key } = await must<{ key: string }>('createKey', dave.token, {
      body: { name: 'A key', rooms: [id], calls: ['publish'] },
    });
    const socket = await open(dave);
    const { url } = await must<{ url: string }>('negotiate', dave.token);
    await setActive(dave.user_id, false);
    expect(await socket.closed).toBe(1000);
    const said = { body: { room_id: id, content: 'Still here' } };
    expect(outcome(await signIn({ email: dave.email, password }))).toBe('401 wrong_credentials');
    expect(outcome(await refresh(dave.refresh_token))).toBe('401 token_refused');
    for (const token of [dave.token, key])
      expect(outcome(await ask('publish', token, said))).toBe('401 unauthenticated');
    const headers = { 'ocp-apim-subscription-key': key };
    expect(outcome(await ask('publish', undefined, { ...said, headers }))).toBe('401 unauthenticated');
    const { WebSocket } = await import('ws');
    const late = new WebSocket(url);
    const status = await new Promise((done) => {
      late.once('unexpected-response', (_request, response) => done(response.statusCode));
      late.once('open', () => done(101));
      late.on('error', () => {});
    });
    expect(status).toBe(401);
  });
});

describe('a member', () => {
  it('raises nobody’s role by any call, whatever they send along', async () => {
    const room = await makeRoom();
    await join(bob, room);
    await join(carol, room);
    const { seq } = await say(room, 'one');
    const more = {
      role: 'owner',
      roles: ['owner', 'moderator'],
      owner: bob.user_id,
      created_by: bob.user_id,
      standing: 'owner',
      kind: 'open',
      admitted: true,
      user_id: bob.user_id,
      members: [{ user_id: bob.user_id, role: 'owner' }],
      decision: 'admit',
      answer: 'accept',
      name: `Mine ${newId()}`,
      id: room,
      room_id: room,
      rooms: [room],
      calls: ['publish'],
      content: 'Hello',
      seq,
    };
    // Ends who asks.
    const notThese = ['deleteMe', 'signOut', 'changePassword'];
    for (const id of Object.keys(ways).filter((each) => !notThese.includes(each))) {
      for (const user of [bob.user_id, carol.user_id]) {
        const params = { id: room, user, seq: String(seq), report: 'x', invitation: newId(), token: 'x' };
        const { method } = ways[id]!;
        const sent = method === 'GET' ? { query: { role: 'owner' } } : { body: more };
        await ask(id, bob.token, { params, ...sent });
      }
    }
    const socket = await open(bob);
    for (const action of ['leave', 'join']) await socket.ask(action, more);
    socket.close();
    const members = await must<Member[]>('listMembers', alice.token, { params: { id: room } });
    expect(Object.fromEntries(members.map(({ user_id, role }) => [user_id, role]))).toEqual({
      [alice.user_id]: 'owner',
      [bob.user_id]: 'member',
      [carol.user_id]: 'member',
    });
    expect((await must<Room>('readRoom', bob.token, { params: { id: room } })).owner).toBe(alice.user_id);
    const mine = await must<MyRoom[]>('listMyRooms', bob.token);
    expect(mine.find((each) => each.room.id === room)?.role).toBe('member');
  });

  it('who was a moderator once moderates nothing any more, by token, key or a second dismissal', async () => {
    settings().ACCESS_CACHE_SECONDS = 0;
    const room = await makeRoom();
    await join(bob, room);
    const change = (role: string) =>
      must('changeMember', alice.token, { params: { id: room, user: bob.user_id }, body: { role } });
    await change('moderator');
    const { key } = await must<{ key: string }>('createKey', bob.token, {
      body: { name: 'A key', rooms: [room], calls: ['publish'] },
    });
    await change('member');
    const ban = { params: { id: room, user: carol.user_id }, body: {} };
    expect(outcome(await ask('putBan', bob.token, ban))).toBe('403 not_moderator');
    expect((await ask('publish', key, { body: { room_id: room, content: 'x' } })).status).toBe(403);
    // Out and in again, they are no more than anybody.
    await change('moderator');
    await leave(bob.user_id, room);
    await join(bob, room);
    expect(outcome(await ask('putBan', bob.token, ban))).toBe('403 not_moderator');
  });
});

describe('acts on people', () => {
  const acts = {
    removeMember: undefined,
    putBan: {},
    putMute: {},
    liftMute: undefined,
    changeMember: { role: 'member' },
  } as const;

  /** Who acts, on whom, and what comes of each act. */
  // prettier-ignore
  const table: [who: string, whom: string, remove: string, ban: string, mute: string, unmute: string, role: string][] = [
    ['owner',     'owner',     'not_allowed', 'not_allowed', 'not_allowed', 'done'       , 'not_allowed'],
    ['owner',     'moderator', 'done',        'done',        'done',        'done',        'done'],
    ['owner',     'member',    'done',        'done',        'done',        'done',        'done'],
    ['moderator', 'owner',     'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'not_owner'],
    ['moderator', 'moderator', 'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'not_owner'],
    ['moderator', 'colleague', 'not_allowed', 'not_allowed', 'not_allowed', 'not_allowed', 'not_owner'],
    ['moderator', 'member',    'done',        'done',        'done',        'done',        'not_owner'],
    ['member',    'moderator', 'not_moderator', 'not_moderator', 'not_moderator', 'not_moderator', 'not_owner'],
    ['member',    'member',    'not_moderator', 'not_moderator', 'not_moderator', 'not_moderator', 'not_owner'],
  ];

  it.each(table)('of the %s on the %s are for who stands above them', async (who, whom, ...expected) => {
    const dave = await newGuest();
    const people = { owner: alice, moderator: bob, member: carol, colleague: dave } as const;
    const room = await makeRoom();
    for (const each of [bob, carol, dave]) await join(each, room);
    for (const { user_id: user } of [bob, dave])
      await must('changeMember', alice.token, { params: { id: room, user }, body: { role: 'moderator' } });
    const params = { id: room, user: people[whom as keyof typeof people].user_id };
    // The owner has muted them: nobody but the owner can change that.
    if (whom === 'moderator') await must('putMute', alice.token, { params, body: {} });
    const { token } = people[who as keyof typeof people];
    const got: Record<string, string> = {};
    // First what leaves them in.
    for (const act of ['liftMute', 'putMute', 'changeMember', 'removeMember', 'putBan'] as const) {
      const { status, body } = await ask(act, token, { params, ...(acts[act] && { body: acts[act] }) });
      got[act] = status < 300 ? 'done' : body.code;
    }
    expect(Object.keys(acts).map((act) => got[act])).toEqual(expected);
  });
});

describe('who is banned', () => {
  it.each([
    ['private', '404 invitation_not_found'],
    ['open', '403 banned'],
  ])(
    'cannot use an earlier invitation into a %s room, which stays for when the ban ends',
    async (kind, refusal) => {
      const room = await makeRoom({ kind });
      const { id: invitation } = await must<{ id: string }>('invite', alice.token, {
        params: { id: room },
        body: { user_id: bob.user_id },
      });
      const target = { params: { id: room, user: bob.user_id } };
      await must('putBan', alice.token, { ...target, body: {} });
      const before = await stateOf(room);
      const accept = { params: { invitation }, body: { answer: 'accept' } };
      expect(outcome(await ask('answerInvitation', bob.token, accept))).toBe(refusal);
      expect(await stateOf(room)).toEqual(before);
      await must('liftBan', alice.token, target);
      expect((await ask('answerInvitation', bob.token, accept)).status).toBe(204);
    },
  );

  it('is not let in on an earlier request, which a moderator is told', async () => {
    const room = await makeRoom({ kind: 'by_request' });
    await must('requestToJoin', bob.token, { params: { id: room }, body: {} });
    const target = { params: { id: room, user: bob.user_id } };
    await must('putBan', alice.token, { ...target, body: {} });
    for (const kind of ['by_request', 'private']) {
      await must('changeRoom', alice.token, { params: { id: room }, body: { kind } });
      const decided = await ask('decideJoinRequest', alice.token, { ...target, body: { decision: 'admit' } });
      expect(outcome(decided), kind).toBe('403 banned');
    }
    const members = await must<Member[]>('listMembers', alice.token, { params: { id: room } });
    expect(members.map(({ user_id }) => user_id)).toEqual([alice.user_id]);
  });

  it('leaves no trace of themselves by what they are refused', async () => {
    const room = await makeRoom();
    await must('putBan', alice.token, { params: { id: room, user: bob.user_id }, body: {} });
    const trail = () => must<AuditEntry[]>('readAudit', alice.token, { params: { id: room } });
    const before = await trail();
    const socket = await open(bob);
    expect((await socket.ask('join', { room_id: room }))['problem']).toMatchObject({ code: 'banned' });
    socket.close();
    expect(await trail()).toEqual(before);
  });
});
