/**
 * [ISO] Swapped identifiers: what belongs to another person or another room answers, to who may not know of it,
 * exactly as what is not there. A row for each identifier that the contract takes.
 */
import { ask, must, ways, type Given } from './routes.ts';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls } from '../../contract/calls.ts';
import type { AuditEntry } from '../../contract/moderation.ts';
import type { Room } from '../../contract/rooms.ts';
import { join } from '../../functions/membership/membership.ts';
import { newId } from '../../functions/platform/ids.ts';
import { takeEvent } from '../../functions/realtime/webhook.ts';
import { call, type Called } from '../functions/call.ts';
import { account, refresh, signIn, signOut, type Account, password } from '../functions/identity/service.ts';
import { accessKey, connect, startLive, webhookCode, type Live } from '../functions/realtime/live.ts';
import { Caller } from '../functions/rooms/api.ts';
import { identifiersOf } from './identifiers.ts';

let live: Live;
/** Has a private room with everything in it that has an identifier. */
let alice: Account;
let bob: Account;
/** Nobody has done anything to her. */
let carol: Account;
/** Knows every identifier of it, and is in a room of her own alone. */
let mallory: Account;

interface Known {
  room: string;
  invitation: string;
  link: string;
  report: string;
  messageId: string;
  key: { id: string; key: string };
  audit: string;
  refreshToken: string;
}
let theirs: Known;
let own: Known;
/** A room in which mallory came late, and may not read message 1. */
let late: string;

async function makeRoom(owner: Account, kind: string): Promise<Known> {
  const { token } = owner;
  const { id: room } = await must<Room>('createRoom', token, { body: { name: `zzz ${newId()}`, kind } });
  const params = { id: room };
  const messageId = newId();
  for (const message_id of [messageId, newId(), newId()])
    await must('publish', token, { body: { room_id: room, content: 'Something', message_id } });
  const { id: report } = await must<{ id: string }>('reportMessage', token, { params, body: { seq: 1 } });
  const { id: invitation } = await must<{ id: string }>('invite', token, {
    params,
    body: { user_id: bob.user_id },
  });
  const link = await must<{ id: string; token: string }>('invite', token, { params, body: {} });
  await must('revokeInvitation', token, { params: { ...params, invitation: link.id } });
  const key = await must<{ id: string; key: string }>('createKey', token, {
    body: { name: 'A key', rooms: [room], calls: ['publish', 'read_messages'] },
  });
  const [entry] = await must<AuditEntry[]>('readAudit', token, { params });
  // A session that has ended.
  const session = (await signIn({ email: owner.email, password })).body;
  await signOut(session.token);
  const refreshToken = session.refresh_token ?? '';
  return { room, invitation, link: link.token, report, messageId, key, audit: entry!.id, refreshToken };
}

beforeAll(async () => {
  live = await startLive();
  [alice, bob, carol, mallory] = await Promise.all([account(), account(), account(), account()]);
  theirs = await makeRoom(alice, 'private');
  own = await makeRoom(mallory, 'open');
  for (let more = 0; more < 5; more += 1)
    await must('publish', alice.token, { body: { room_id: theirs.room, content: 'More' } });
  // She waits to be let in, elsewhere.
  const waitedFor = { name: `By request ${newId()}`, kind: 'by_request' };
  const { id } = await must<Room>('createRoom', bob.token, { body: waitedFor });
  await must('requestToJoin', alice.token, { params: { id }, body: {} });
  const room = { name: `Late ${newId()}`, kind: 'private', history: 'since_joining' };
  late = (await must<Room>('createRoom', alice.token, { body: room })).id;
  await must('publish', alice.token, { body: { room_id: late, content: 'Before' } });
  await join(mallory, late, { admitted: true });
});
afterAll(() => live.stop());

/** The same but for its last character, so that it sorts where the other does. */
const near = (id: string): string => id.slice(0, -1) + (id.endsWith('0') ? '1' : '0');

/** All of an answer that can tell something; what we sent, the time and new ids left out. */
function tellingOf({ status, headers, body }: Called<unknown>, sent: string[]): object {
  let text = JSON.stringify(body);
  for (const each of sent.filter(({ length }) => length > 8)) text = text.replaceAll(each, 'SENT');
  text = text
    .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/"seq":\d+/g, '"seq":N');
  const all = Object.fromEntries(
    [...headers].filter(([name]) => !['x-request-id', 'location'].includes(name)),
  );
  return { status, headers: all, body: text };
}

interface Row {
  given: (value: string) => Given;
  /** Another's, and one that is not there. */
  values: () => [theirs: string, none: string];
  /** What is told of it to everybody is no secret: left out of the comparison. */
  told?: () => string[];
  /** Why the two answers differ, where they must. */
  differs?: string;
}

const path = (
  name: string,
  values: Row['values'],
  more: () => Given = () => ({}),
  told?: Row['told'],
): Row => ({
  given: (value) => {
    const { params, ...rest } = more();
    return { params: { id: own.room, ...params, [name]: value }, ...rest };
  },
  values,
  ...(told && { told }),
});
const inBody = (
  values: Row['values'],
  body: (value: string) => object,
  params: () => object = () => ({}),
): Row => ({
  given: (value) => ({ params: { ...params() } as Record<string, string>, body: body(value) }),
  values,
});
const inQuery = (name: string, values: Row['values']): Row => ({
  given: (value) => ({ params: { id: own.room }, query: { [name]: value } }),
  values,
});

const pair = (value: () => string) => (): [string, string] => [value(), near(value())];
const rooms = pair(() => theirs.room);
/** Somebody who is nothing to mallory's room, whose name everybody may know. */
const persons = pair(() => alice.user_id);
const names = () => [alice.user_id, near(alice.user_id), alice.name];
const person = (body?: object): Row => path('user', persons, () => (body ? { body } : {}), names);
const room = (body?: () => object): Row =>
  path('id', rooms, () => ({ ...(body && { body: body() }), ...elsewhere }));
/** What the rest of the path is, where a room is asked for that is not one's own. */
const elsewhere = {
  params: { user: newId(), seq: '1', report: `${'0'.repeat(14)}1-${newId()}`, invitation: newId() },
};
/** A number that only the other room has reached. */
const seq = path('seq', () => ['8', '99']);
const encode = (text: string): string => Buffer.from(text).toString('base64url');

const rows: Record<string, Row> = {
  'revokeKey id': path(
    'id',
    pair(() => theirs.key.id),
  ),
  'readUser user': { ...person(), differs: 'Everybody who is signed in may read anybody’s profile.' },
  'readRoom id': room(),
  'changeRoom id': room(() => ({ name: 'Mine' })),
  'deleteRoom id': room(),
  'listMembers id': room(),
  'markRead id': room(() => ({ seq: 1 })),
  'listInvitations id': room(),
  'invite id': room(() => ({ uses: 1 })),
  'revokeInvitation id': room(),
  'listJoinRequests id': room(),
  'requestToJoin id': room(() => ({})),
  'withdrawJoinRequest id': room(),
  'decideJoinRequest id': room(() => ({ decision: 'admit' })),
  'readMessages id': room(),
  'changeMember id': room(() => ({ role: 'owner' })),
  'removeMember id': room(),
  'listBans id': room(),
  'putBan id': room(() => ({})),
  'liftBan id': room(),
  'listMutes id': room(),
  'putMute id': room(() => ({})),
  'liftMute id': room(),
  'removeMessage id': room(),
  'listPins id': room(),
  'pinMessage id': room(),
  'unpinMessage id': room(),
  'listReports id': room(),
  'reportMessage id': room(() => ({ seq: 1 })),
  'decideReport id': room(() => ({ decision: 'acted' })),
  'readAudit id': room(),

  'revokeInvitation invitation': path(
    'invitation',
    pair(() => theirs.invitation),
  ),
  'answerInvitation invitation': path(
    'invitation',
    pair(() => theirs.invitation),
    () => ({
      body: { answer: 'accept' },
    }),
  ),
  'readLink token': path(
    'token',
    pair(() => theirs.link),
  ),
  'enterByLink token': path(
    'token',
    pair(() => theirs.link),
  ),
  'decideJoinRequest user': person({ decision: 'admit' }),
  'changeMember user': person({ role: 'moderator' }),
  'removeMember user': person(),
  'putBan user': person({}),
  'liftBan user': person(),
  'putMute user': person({}),
  'liftMute user': person(),
  'block user': person(),
  'unblock user': person(),
  'removeMessage seq': seq,
  'pinMessage seq': seq,
  'unpinMessage seq': seq,
  'decideReport report': path(
    'report',
    pair(() => theirs.report),
    () => ({ body: { decision: 'acted' } }),
  ),

  'listRooms cursor': inQuery('cursor', () => [
    encode(`zzzz ${theirs.room}`),
    encode(`zzzz ${near(theirs.room)}`),
  ]),
  'listMembers cursor': inQuery('cursor', () => [
    encode(`member_${alice.user_id}`),
    encode(`member_${near(alice.user_id)}`),
  ]),
  'listMyRooms cursor': inQuery('cursor', rooms),
  'listReports cursor': inQuery(
    'cursor',
    pair(() => theirs.report),
  ),
  'readAudit cursor': inQuery(
    'cursor',
    pair(() => theirs.audit),
  ),
  'readAudit by': inQuery(
    'by',
    pair(() => carol.user_id),
  ),
  'readAudit target': inQuery(
    'target',
    pair(() => carol.user_id),
  ),
  // What is above and below is the room's own, whatever number others have reached.
  'readMessages before': inQuery('before', () => ['9', '99']),
  'readMessages after': inQuery('after', () => ['3', '99']),

  'publish room_id': inBody(rooms, (room_id) => ({ room_id, content: 'Hello' })),
  'publish message_id': inBody(
    pair(() => theirs.messageId),
    (message_id) => ({ room_id: own.room, content: 'Hello', message_id }),
  ),
  'publish sender': inBody(persons, (sender) => ({ room_id: own.room, content: 'Hello', sender })),
  'createRoom id': {
    ...inBody(
      () => [theirs.room, newId()],
      (id) => ({ id, name: `Mine ${newId()}`, kind: 'private' }),
    ),
    differs: 'An id that a client chooses can be taken: docs/security.md says so.',
  },
  'createRoom created_by': inBody(persons, (created_by) => ({ name: `Mine ${newId()}`, created_by })),
  'createKey rooms': inBody(rooms, (each) => ({ name: 'Mine', rooms: [each], calls: ['read_messages'] })),
  'invite user_id': {
    ...inBody(
      persons,
      (user_id) => ({ user_id }),
      () => ({ id: own.room }),
    ),
    told: names,
  },
  // Of a room that one is in: what one may not read there is not there.
  'reportMessage seq': inBody(
    () => ['1', '99'],
    (each) => ({ seq: Number(each) }),
    () => ({ id: late }),
  ),
  'markRead seq': inBody(
    () => ['98', '99'],
    (each) => ({ seq: Number(each) }),
    () => ({ id: late }),
  ),
  'refreshSession refresh_token': inBody(
    pair(() => theirs.refreshToken.slice(0, -1)),
    (each) => ({
      refresh_token: each,
    }),
  ),
  'signOut refresh_token': inBody(
    pair(() => theirs.refreshToken.slice(0, -1)),
    (each) => ({
      refresh_token: each,
    }),
  ),
  'signInWithProvider provider': inBody(
    () => ['none', 'other'],
    (provider) => ({ provider, id_token: 'x', nonce: 'x'.repeat(16) }),
  ),
};

describe('an identifier of another', () => {
  it('has a row for each call that takes one', () => {
    expect(Object.keys(rows).toSorted()).toEqual(identifiersOf(calls).toSorted());
  });

  it.each(Object.entries(rows))('of %s is as one that is not there', async (name, row) => {
    const [id = ''] = name.split(' ');
    const { given, values, told, differs } = row;
    const [existing, none] = values();
    const sent = [existing, none, ...(told?.() ?? [])];
    const token = ways[id] && id === 'signOut' ? undefined : mallory.token;
    const answers: object[] = [];
    for (const value of [existing, none]) answers.push(tellingOf(await ask(id, token, given(value)), sent));
    if (differs === undefined) expect(answers[0]).toEqual(answers[1]);
    else expect(answers[0]).not.toEqual(answers[1]);
  });

  it.each(['join', 'leave'])('is as one that is not there over the socket, to %s', async (action) => {
    const socket = await connect(new Caller({ ...mallory, kind: 'account' }, mallory.token));
    const [there, none] = [
      await socket.ask(action, { room_id: theirs.room }),
      await socket.ask(action, { room_id: near(theirs.room) }),
    ];
    expect(there.type).toBe('error');
    expect({ ...there, request_id: '' }).toEqual({ ...none, request_id: '' });
    socket.close();
  });

  it('that is a connection is as one that is not there, whoever says to have it', async () => {
    const connections: string[] = [];
    live.arrives = (event, id) => void (event === 'connect' && connections.push(id));
    const socket = await connect(new Caller({ ...alice, kind: 'account' }, alice.token));
    const answers = await Promise.all(
      [connections[0]!, near(connections[0]!)].map((connection) =>
        call(takeEvent, {
          query: { code: webhookCode },
          headers: {
            'ce-type': 'azure.webpubsub.user.leave',
            'ce-eventname': 'leave',
            'ce-hub': 'chat',
            'content-type': 'application/json',
            'ce-connectionid': connection,
            'ce-userid': mallory.user_id,
            'ce-signature': `sha256=${createHmac('sha256', accessKey).update(connection).digest('hex')}`,
          },
          body: { room_id: own.room },
        }),
      ),
    );
    expect(answers[0]!.body.code).toBe('webhook_refused');
    expect(tellingOf(answers[0]!, [])).toEqual(tellingOf(answers[1]!, []));
    socket.close();
  });

  it('that is a token, a session or a key opens nothing and says nothing', async () => {
    const ended = (await signIn({ email: alice.email, password })).body;
    await signOut(ended.token);
    const wrong = (text: string): string =>
      text.slice(0, -8) + (text.endsWith('AAAAAAAA') ? 'B' : 'A').repeat(8);
    const tokens = [
      ended.token,
      wrong(alice.token),
      wrong(theirs.key.key),
      'hbk_none',
      'none',
      alice.refresh_token,
    ];
    const answers = await Promise.all(
      tokens.map((token) => ask('readRoom', token, { params: { id: theirs.room } })),
    );
    for (const answer of answers) expect(tellingOf(answer, [])).toEqual(tellingOf(answers[0]!, []));
    expect(answers[0]!.body.code).toBe('unauthenticated');
    const refused = [ended.refresh_token, wrong(alice.refresh_token), 'none', alice.token, theirs.key.key];
    const again = await Promise.all(refused.map(refresh));
    for (const answer of again) expect(tellingOf(answer, [])).toEqual(tellingOf(again[0]!, []));
  });
});
