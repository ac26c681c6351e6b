/** Coming into rooms that are not open: by invitation, by link, by request; and to whom a private room is not there. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Invitation, Invited, JoinRequest } from '../../../contract/invitations.ts';
import type { Room, RoomKind } from '../../../contract/rooms.ts';
import {
  deleteInvitation,
  deleteOwnRequest,
  getInvitations,
  getLink,
  getMyInvitations,
  getRequests,
  postAnswer,
  postDecision,
  postInvitation,
  postLink,
  postRequest,
} from '../../../functions/invitations/http.ts';
import { issueToken } from '../../../functions/identity/token.ts';
import { join, leave } from '../../../functions/membership/membership.ts';
import { changeRole } from '../../../functions/membership/roles.ts';
import { deleteMe, setActive } from '../../../functions/people/departure.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { until } from '../../support/until.ts';
import { call } from '../call.ts';
import { actsOf, outcome } from '../moderation/acts.ts';
import { connect, startLive, type Live } from '../realtime/live.ts';
import { Caller, signIn, type Answered } from '../rooms/api.ts';

let live: Live;
let alice: Caller;
let bob: Caller;
let carol: Caller;
const { now } = clock;
beforeAll(async () => {
  live = await startLive();
  [alice, bob, carol] = [await signIn(), await signIn(), await signIn()];
});
afterAll(() => live.stop());
afterEach(() => {
  clock.now = now;
});

async function roomOf(kind: RoomKind, name = `Room ${newId()}`, more: object = {}): Promise<string> {
  const { status, body } = await alice.create({ name, kind, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}

/** Somebody's calls about coming in. */
const doorOf = ({ token }: Caller) => {
  const as = <T>(handler: Parameters<typeof call>[0], options: object): Answered<T> =>
    call(handler, { token, ...options }) as Answered<T>;
  return {
    invite: (id: string, body: unknown) =>
      as<Invitation & { token: string }>(postInvitation, { params: { id }, body }),
    list: (id: string) => as<Invitation[]>(getInvitations, { method: 'GET', params: { id } }),
    revoke: (id: string, invitation: string) =>
      as<object>(deleteInvitation, { method: 'DELETE', params: { id, invitation } }),
    mine: () => as<Invited[]>(getMyInvitations, { method: 'GET' }),
    answer: (invitation: string, answer: string) =>
      as<object>(postAnswer, { params: { invitation }, body: { answer } }),
    look: (link: string) => as<Invited>(getLink, { method: 'GET', params: { token: link } }),
    enter: (link: string) => as<Room>(postLink, { params: { token: link } }),
    ask: (id: string, note = '') => as<JoinRequest>(postRequest, { params: { id }, body: { note } }),
    withdraw: (id: string) => as<object>(deleteOwnRequest, { method: 'DELETE', params: { id } }),
    requests: (id: string) => as<JoinRequest[]>(getRequests, { method: 'GET', params: { id } }),
    decide: (id: string, user: string, decision: string) =>
      as<object>(postDecision, { params: { id, user }, body: { decision } }),
  };
};

describe('a private room', () => {
  it('[ISO] is not there for anybody outside, on any call, and its name is free', async () => {
    const name = `Secret ${newId()}`;
    const id = await roomOf('private', name);
    const acts = actsOf(bob, id);
    const answers = [
      await bob.read(id),
      await bob.change(id, { name: 'mine' }),
      await bob.remove(id),
      await bob.members(id),
      await acts.publish('hello'),
      await acts.history(),
      await acts.ban(alice.id),
      await acts.audit(),
      await doorOf(bob).ask(id),
      await doorOf(bob).invite(id, { user_id: carol.id }),
    ];
    const none = await bob.read(newId());
    for (const answer of answers) expect(answer.body).toEqual(none.body);
    const phone = await connect(bob);
    expect((await phone.ask('join', { room_id: id }))['problem']).toEqual(none.body);
    expect((await phone.ask('leave', { room_id: id }))['problem']).toEqual(none.body);
    expect((await bob.list({ query: name })).body).toEqual([]);
    expect((await bob.create({ name })).status).toBe(201);
    phone.close();
  });

  it('[NAME] takes its name when it becomes listed, and gives it back when it becomes private', async () => {
    const name = `Both ${newId()}`;
    const id = await roomOf('private', name);
    const { body: other } = await bob.create({ name });
    expect((await alice.change(id, { kind: 'open' })).body.code).toBe('name_taken');
    expect((await alice.read(id)).body.kind).toBe('private');
    expect((await bob.change(other.id, { kind: 'private' })).body.kind).toBe('private');
    expect((await alice.change(id, { kind: 'open' })).body).toMatchObject({ kind: 'open', name });
    expect((await bob.list({ query: name })).body.map((room) => room.id)).toEqual([id]);
    expect((await bob.change(other.id, { kind: 'by_request' })).body.code).toBe('name_taken');
    expect((await bob.change(other.id, { name: `${name}!`, kind: 'by_request' })).body.kind).toBe(
      'by_request',
    );
  });

  it('[ISO] lets nobody in who came while it was open and is late', async () => {
    const id = await roomOf('open');
    await Promise.all([join(bob.principal, id).catch(() => {}), alice.change(id, { kind: 'private' })]);
    const members = (await alice.members(id)).body.map(({ user_id }) => user_id);
    const sees = (await bob.read(id)).status === 200;
    expect(members.includes(bob.id)).toBe(sees);
  });
});

describe('an invitation', () => {
  it('reaches the person at once, and brings them in when they accept', async () => {
    const id = await roomOf('private');
    const phone = await connect(bob);
    const made = await doorOf(alice).invite(id, { user_id: bob.id });
    expect(made.status).toBe(201);
    await until(() => phone.frames.find(({ type }) => type === 'you_are_invited'), {
      what: 'the invitation',
    });
    expect((await doorOf(bob).mine()).body).toMatchObject([{ id: made.body.id, room: { id } }]);
    expect((await bob.read(id)).status).toBe(200);
    expect(outcome(await doorOf(carol).answer(made.body.id, 'accept'))).toEqual([
      404,
      'invitation_not_found',
    ]);
    expect((await doorOf(bob).answer(made.body.id, 'accept')).status).toBe(204);
    const joined = await until(() => phone.frames.find(({ type }) => type === 'you_joined'), {
      what: 'you_joined',
    });
    expect(joined).toMatchObject({ room: { id }, role: 'member' });
    expect((await actsOf(bob, id).publish('thanks')).status).toBe(200);
    expect((await doorOf(bob).mine()).body).toEqual([]);
    expect(outcome(await doorOf(alice).invite(id, { user_id: bob.id }))).toEqual([409, 'already_member']);
    phone.close();
  });

  it('[ISO] that is declined or taken back leaves the room not there', async () => {
    const id = await roomOf('private');
    for (const end of ['decline', 'revoke']) {
      const { body } = await doorOf(alice).invite(id, { user_id: bob.id });
      if (end === 'decline') await doorOf(bob).answer(body.id, 'decline');
      else await doorOf(alice).revoke(id, body.id);
      expect((await bob.read(id)).status).toBe(404);
      expect(outcome(await doorOf(bob).answer(body.id, 'accept'))).toEqual([404, 'invitation_not_found']);
      expect((await doorOf(alice).list(id)).body).toEqual([]);
    }
  });

  it('is for moderators to make, and not for who is banned', async () => {
    const id = await roomOf('open');
    await join(bob.principal, id);
    expect(outcome(await doorOf(bob).invite(id, { user_id: carol.id }))).toEqual([403, 'not_moderator']);
    await actsOf(alice, id).ban(carol.id);
    expect(outcome(await doorOf(alice).invite(id, { user_id: carol.id }))).toEqual([403, 'banned']);
  });
});

describe('a link', () => {
  it('lets in as many as it says, however many come at one instant', async () => {
    const id = await roomOf('private');
    const { body } = await doorOf(alice).invite(id, { uses: 2 });
    expect((await doorOf(bob).look(body.token)).body.room.id).toBe(id);
    const many = await Promise.all(Array.from({ length: 5 }, signIn));
    const answers = await Promise.all(many.map((one) => doorOf(one).enter(body.token)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 404, 404, 404]);
    expect((await alice.members(id)).body).toHaveLength(3);
    const winner = many[answers.findIndex(({ status }) => status === 200)]!;
    expect((await doorOf(winner).look(body.token)).status).toBe(404);
  });

  it('[ISO] that has ended, was used up, taken back or made up answers alike', async () => {
    const id = await roomOf('private');
    const ended = (await doorOf(alice).invite(id, { expires_in_hours: 1 })).body;
    const used = (await doorOf(alice).invite(id, { uses: 1 })).body;
    const revoked = (await doorOf(alice).invite(id, { uses: 1 })).body;
    await doorOf(carol).enter(used.token);
    await doorOf(alice).revoke(id, revoked.id);
    const answers = [await doorOf(bob).enter(used.token), await doorOf(bob).enter(revoked.token)];
    answers.push(await doorOf(bob).enter('made-up'), await doorOf(bob).enter('x/../y'));
    for (const { status, body } of answers) {
      expect([status, body]).toEqual([404, answers[0]!.body]);
    }
    const { principal } = bob;
    const late = new Caller(principal, await issueToken(principal, new Date(Date.now() + 3 * 3_600_000)));
    expect((await doorOf(late).look(ended.token)).status).toBe(200);
    clock.now = () => new Date(now().getTime() + 3_601_000);
    expect((await doorOf(late).enter(ended.token)).body).toEqual(answers[0]!.body);
  });
});

/** How a moderator comes to be one no more. Each is given the room, and who made the invitations in it. */
const ends: [string, (id: string, maker: Caller) => Promise<unknown>][] = [
  ['was dismissed', (id, { id: userId }) => changeRole(alice.principal, { roomId: id, userId }, 'member')],
  ['was removed', (id, maker) => actsOf(alice, id).remove(maker.id)],
  ['was banned', (id, maker) => actsOf(alice, id).ban(maker.id)],
  ['left', (id, maker) => leave(maker.id, id)],
  ['is deactivated', (_id, maker) => setActive(maker.id, false)],
  ['deleted their account', (_id, maker) => deleteMe({ ...maker.principal, kind: 'guest' }, undefined)],
];

describe('[ISO] an invitation whose maker', () => {
  it.each(ends)('%s is refused from then on, and tells of nothing', async (_how, end) => {
    const [id, maker] = [await roomOf('private'), await signIn()];
    await join(maker.principal, id, { admitted: true });
    await changeRole(alice.principal, { roomId: id, userId: maker.id }, 'moderator');
    const link = (await doorOf(maker).invite(id, {})).body;
    const personal = (await doorOf(maker).invite(id, { user_id: bob.id })).body;
    const owners = (await doorOf(alice).invite(id, {})).body;
    expect((await doorOf(carol).look(link.token)).status).toBe(200);
    expect((await bob.read(id)).status).toBe(200);
    await end(id, maker);
    const none = await doorOf(carol).look('made-up');
    for (const answer of [await doorOf(carol).look(link.token), await doorOf(carol).enter(link.token)])
      expect([answer.status, answer.body]).toEqual([none.status, none.body]);
    expect(outcome(await doorOf(bob).answer(personal.id, 'accept'))).toEqual([404, 'invitation_not_found']);
    expect((await doorOf(bob).mine()).body).toEqual([]);
    expect((await bob.read(id)).body).toEqual((await bob.read(newId())).body);
    const phone = await connect(bob);
    expect((await phone.ask('join', { room_id: id }))['problem']).toMatchObject({ code: 'room_not_found' });
    phone.close();
    expect((await doorOf(alice).list(id)).body.map((each) => each.id)).toEqual([owners.id]);
    expect((await doorOf(carol).enter(owners.token)).status).toBe(200);
  });

  it('moderates again is good again', async () => {
    const [id, maker] = [await roomOf('private'), await signIn()];
    await join(maker.principal, id, { admitted: true });
    const make = (role: 'moderator' | 'member') =>
      changeRole(alice.principal, { roomId: id, userId: maker.id }, role);
    await make('moderator');
    const { token } = (await doorOf(maker).invite(id, {})).body;
    await make('member');
    expect((await doorOf(carol).enter(token)).status).toBe(404);
    await make('moderator');
    expect((await doorOf(carol).enter(token)).status).toBe(200);
  });
});

describe('a request to join', () => {
  it('waits for a moderator, who lets in or not', async () => {
    const id = await roomOf('by_request');
    const [desk, phone] = [await connect(alice), await connect(bob)];
    expect((await phone.ask('join', { room_id: id }))['problem']).toMatchObject({ code: 'by_request' });
    expect((await doorOf(bob).ask(id, 'please')).status).toBe(201);
    await doorOf(bob).ask(id, 'again');
    const told = await until(() => desk.frames.find(({ type }) => type === 'waiting'), { what: 'a count' });
    expect(told).toMatchObject({ room_id: id, join_requests: 1 });
    expect((await doorOf(alice).requests(id)).body).toMatchObject([{ user_id: bob.id, note: 'please' }]);
    expect(outcome(await doorOf(bob).requests(id))).toEqual([403, 'not_member']);
    expect((await doorOf(alice).decide(id, bob.id, 'admit')).status).toBe(204);
    await until(() => phone.frames.find(({ type }) => type === 'you_joined'), { what: 'you_joined' });
    expect((await actsOf(bob, id).publish('hello')).status).toBe(200);
    expect((await doorOf(alice).requests(id)).body).toEqual([]);
    expect(outcome(await doorOf(bob).ask(id))).toEqual([409, 'already_member']);
    const other = await connect(carol);
    await doorOf(carol).ask(id);
    await doorOf(alice).decide(id, carol.id, 'refuse');
    const refused = await until(() => other.frames.find(({ type }) => type === 'request_refused'), {
      what: 'request_refused',
    });
    expect(refused).toMatchObject({ room_id: id });
    other.close();
    expect((await actsOf(carol, id).history()).status).toBe(403);
    desk.close();
    phone.close();
  });

  it('can be taken back, and is for rooms that take requests alone', async () => {
    const id = await roomOf('by_request');
    await doorOf(bob).ask(id);
    expect((await doorOf(bob).withdraw(id)).status).toBe(204);
    expect(outcome(await doorOf(alice).decide(id, bob.id, 'admit'))).toEqual([404, 'not_found']);
    expect(outcome(await doorOf(bob).ask(await roomOf('open')))).toEqual([403, 'not_allowed']);
  });
});

describe('[ISO] who waits for a room that has become private', () => {
  it('takes the request back, by an answer that tells nothing', async () => {
    const id = await roomOf('by_request');
    await doorOf(bob).ask(id);
    await alice.change(id, { kind: 'private' });
    expect((await bob.read(id)).status).toBe(404);
    expect((await doorOf(alice).requests(id)).body).toHaveLength(1);
    const answers = [
      await doorOf(bob).withdraw(id),
      await doorOf(bob).withdraw(id),
      await doorOf(carol).withdraw(id),
      await doorOf(carol).withdraw(newId()),
    ];
    for (const { status, body } of answers) expect([status, body]).toEqual([204, answers[0]!.body]);
    expect((await doorOf(alice).requests(id)).body).toEqual([]);
    const waiting = (await alice.mine()).body.find(({ room }) => room.id === id)?.waiting;
    expect(waiting?.join_requests).toBe(0);
  });
});

describe('a ban that lands while somebody is admitted', () => {
  it.each<RoomKind>(['open', 'by_request', 'private'])('is what is told of it, in %s rooms', async (kind) => {
    const id = await roomOf(kind);
    await actsOf(alice, id).ban(bob.id);
    await expect(join(bob.principal, id, { admitted: true })).rejects.toMatchObject({ code: 'banned' });
    expect((await alice.members(id)).body.map(({ user_id }) => user_id)).toEqual([alice.id]);
  });
});

describe('the history of a room', () => {
  it('[ISO] begins for a member where the room’s setting of that moment says', async () => {
    const id = await roomOf('open', undefined, { history: 'since_joining' });
    const hers = actsOf(alice, id);
    for (const content of ['one', 'two']) await hers.publish(content);
    await join(bob.principal, id);
    await hers.publish('three');
    const mine = actsOf(bob, id);
    for (const query of [{}, { after: '0' }, { before: '3' }, { before: '2' }]) {
      const { body } = await mine.history(query as Record<string, string>);
      expect(
        body.messages.every(({ seq }) => seq >= 3),
        JSON.stringify(query),
      ).toBe(true);
      expect(body.first).toBe(3);
    }
    expect((await mine.history()).body.messages.map(({ content }) => content)).toEqual(['three']);
    expect(outcome(await mine.report({ seq: 1 }))).toEqual([404, 'message_not_found']);
    await hers.pin(1);
    expect((await mine.pins()).body).toEqual([]);
    expect((await bob.mine()).body.find(({ room }) => room.id === id)?.first).toBe(3);
    expect((await hers.history()).body.messages).toHaveLength(3);
  });
});
