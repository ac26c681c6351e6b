/** The webhook by raw requests: who may call it, what it understands, and what it answers to what it does not. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../contract/problems.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { connected, connecting } from '../../../functions/presence/lifecycle.ts';
import { takeEvent } from '../../../functions/realtime/webhook.ts';
import { call } from '../call.ts';
import { signIn, type Caller } from '../rooms/api.ts';
import { accessKey, startLive, webhookCode, type Live } from './live.ts';

let live: Live;
let alice: Caller;
beforeAll(async () => {
  live = await startLive();
  alice = await signIn();
});
afterAll(() => live.stop());

const sign = (key: string, connectionId: string): string =>
  `sha256=${createHmac('sha256', key).update(connectionId).digest('hex')}`;

interface Event {
  name: string;
  kind?: 'sys' | 'user';
  user?: string;
  connection?: string;
  body?: unknown;
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

interface Answer extends Omit<Problem, 'type' | 'status'> {
  type: string;
  problem: Problem;
  [field: string]: unknown;
}

const opened = new Map<string, Promise<void>>();

/** Opens a connection as Web PubSub reports it, once. */
function open(user: string, connection: string): Promise<void> {
  const key = `${user} ${connection}`;
  const opening = opened.get(key) ?? connecting(user, connection).then(() => connected(user, connection));
  opened.set(key, opening);
  return opening;
}

async function send(event: Event, opens = true) {
  const { name, kind = 'user', user = alice.id, connection = 'c1', ...rest } = event;
  // What Web PubSub asked about a connection before it sends an event of it.
  if (opens && kind === 'user' && user !== '') await open(user, connection);
  return call<Answer>(takeEvent, {
    query: rest.query ?? { code: webhookCode },
    ...(rest.body !== undefined && { body: rest.body }),
    headers: {
      'ce-specversion': '1.0',
      'ce-type': `azure.webpubsub.${kind}.${name}`,
      'ce-eventname': name,
      'ce-hub': 'chat',
      'content-type': 'application/json',
      'ce-connectionid': connection,
      'ce-userid': user,
      'ce-signature': `${sign('the-other-key', connection)},${sign(accessKey, connection)}`,
      ...rest.headers,
    },
  });
}

describe('the handshake', () => {
  it('allows who asks to send events', async () => {
    const { status, headers } = await call(takeEvent, {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'chat.webpubsub.azure.com' },
    });
    expect([status, headers.get('webhook-allowed-origin')]).toEqual([200, '*']);
  });

  it('[BAD] refuses who does not say where they come from', async () => {
    expect((await call(takeEvent, { method: 'OPTIONS' })).status).toBe(400);
  });
});

describe('a caller', () => {
  it.each<[string, Partial<Event>]>([
    ['no code', { query: {} }],
    ['a wrong code', { query: { code: `${webhookCode}x` } }],
    ['no signature', { headers: { 'ce-signature': '' } }],
    ['a signature of another key', { headers: { 'ce-signature': sign('other', 'c1') } }],
    ['the signature of another connection', { headers: { 'ce-signature': sign(accessKey, 'c2') } }],
  ])('[ISO] with %s is refused, and nothing happens', async (_what, event) => {
    const { id } = await alice.room(`Refused ${newId()}`);
    const { status, body } = await send({ name: 'leave', body: { room_id: id }, ...event });
    expect([status, body.code]).toEqual([403, 'webhook_refused']);
    expect((await alice.read(id)).body.member_count).toBe(1);
  });

  it.each([
    ['of another hub', { 'ce-hub': 'other' }],
    ['of no type', { 'ce-type': '' }],
    ['of another source', { 'ce-type': 'com.example.thing' }],
    ['of no connection', { 'ce-connectionid': '' }],
    ['of a connection that no key can hold', { 'ce-connectionid': 'x'.repeat(600) }],
    ['of a person that no key can hold', { 'ce-userid': 'a\tb' }],
  ])('[BAD] that sends an event %s is told so', async (_what, headers) => {
    const { status, body } = await send({ name: 'join', headers, body: {} });
    expect([status, body.code]).toEqual([400, 'invalid']);
  });
});

describe('[ISO] an event of a connection', () => {
  it('of another person is refused, though its signature is right, and nothing happens', async () => {
    const [bob, mallory] = [await signIn(), await signIn()];
    const { id } = await bob.room(`Changed user ${newId()}`);
    await open(mallory.id, 'of mallory');
    const event = { name: 'leave', user: bob.id, connection: 'of mallory', body: { room_id: id } };
    const { status, body } = await send(event, false);
    expect([status, body.code]).toEqual([403, 'webhook_refused']);
    expect((await bob.read(id)).body.member_count).toBe(1);
  });

  it('of a person who never connected, or not any more, is refused', async () => {
    const bob = await signIn();
    const { id } = await alice.room(`Never there ${newId()}`);
    const event = { name: 'join', user: bob.id, connection: newId(), body: { room_id: id } };
    expect((await send(event, false)).body.code).toBe('webhook_refused');
    expect((await send(event)).body.type).toBe('room_joined');
    await send({ ...event, kind: 'sys', name: 'disconnected' });
    expect((await send({ ...event, name: 'leave' }, false)).body.code).toBe('webhook_refused');
    expect((await alice.read(id)).body.member_count).toBe(2);
  });

  it('of another hub is refused', async () => {
    const { id } = await alice.room(`Other hub ${newId()}`);
    const headers = { 'ce-hub': 'other' };
    const { status, body } = await send({ name: 'leave', headers, body: { room_id: id } });
    expect([status, body.code]).toEqual([400, 'invalid']);
    expect((await alice.read(id)).body.member_count).toBe(1);
  });

  it.each<[string, Partial<Event>, string]>([
    ['bytes', { headers: { 'content-type': 'application/octet-stream' } }, 'unsupported_media_type'],
    ['a form', { headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 'unsupported_media_type'],
    ['what looks like JSON', { headers: { 'content-type': 'application/jsonx' } }, 'unsupported_media_type'],
    ['no type', { headers: { 'content-type': '' } }, 'unsupported_media_type'],
    ['two megabytes', { body: { room_id: newId(), padding: 'x'.repeat(2_000_000) } }, 'too_long'],
  ])('of %s is refused, and nothing happens', async (_what, wrong, code) => {
    const { id } = await alice.room(`Wrong ${newId()}`);
    const body = { ...(wrong.body as object), room_id: id };
    const answer = (await send({ name: 'leave', ...wrong, body })).body;
    expect([answer.type, answer.problem.code]).toEqual(['error', code]);
    expect((await alice.read(id)).body.member_count).toBe(1);
  });

  it('has no second effect when it comes again after others, and gets the same answer', async () => {
    const bob = await signIn();
    const { id } = await alice.room(`Again ${newId()}`);
    const event = (name: string, eventId: string) =>
      send({ name, user: bob.id, headers: { 'ce-id': eventId }, body: { room_id: id, request_id: eventId } });
    const joined = await event('join', '1');
    const left = await event('leave', '2');
    const back = await event('join', '3');
    expect([joined.body.type, left.body.type, back.body.type]).toEqual([
      'room_joined',
      'room_left',
      'room_joined',
    ]);
    expect((await event('leave', '2')).body).toEqual(left.body);
    expect((await event('join', '1')).body).toEqual(joined.body);
    expect((await alice.read(id)).body.member_count).toBe(2);
    // On another connection it is another event.
    const elsewhere = { name: 'leave', user: bob.id, connection: 'c2', headers: { 'ce-id': '2' } };
    expect((await send({ ...elsewhere, body: { room_id: id } })).body.type).toBe('room_left');
    expect((await alice.read(id)).body.member_count).toBe(1);
  });
});

describe('a connection', () => {
  it('[ISO] without a person is not let in, and gets no answer but a refusal', async () => {
    expect((await send({ kind: 'sys', name: 'connect', user: '' })).status).toBe(401);
    const { id } = await alice.room('For people');
    const { status, body } = await send({ name: 'join', user: '', body: { room_id: id } });
    expect([status, body.type, body.problem.code]).toEqual([200, 'error', 'unauthenticated']);
  });

  it('starts in the groups of the person’s rooms, and in no other', async () => {
    const bob = await signIn();
    const [one, two] = [await bob.room(`One ${newId()}`), await bob.room(`Two ${newId()}`)];
    const { status, body } = await send({ kind: 'sys', name: 'connect', user: bob.id });
    expect(status).toBe(200);
    expect((body['groups'] as string[]).toSorted()).toEqual([`room-${one.id}`, `room-${two.id}`].toSorted());
  });
});

describe('an event of a client', () => {
  it('is answered with what it asked for and its request id', async () => {
    const bob = await signIn();
    const { id } = await alice.room(`Asked ${newId()}`);
    const joined = await send({ name: 'join', user: bob.id, body: { room_id: id, request_id: 'a' } });
    expect(joined.body).toMatchObject({ type: 'room_joined', room: { id }, member_count: 2, head: 0 });
    expect(joined.body['request_id']).toBe('a');
    const left = await send({ name: 'leave', user: bob.id, body: { room_id: id, request_id: 'b' } });
    expect(left.body).toEqual({ type: 'room_left', room_id: id, member_count: 1, request_id: 'b' });
  });

  it('[COUNT] has no second effect when it comes twice, and the same answer', async () => {
    const bob = await signIn();
    const { id } = await alice.room(`Twice ${newId()}`);
    for (const name of ['join', 'leave']) {
      const event = { name, user: bob.id, body: { room_id: id } };
      const answers = [
        await send(event),
        await send(event),
        ...(await Promise.all([send(event), send(event)])),
      ];
      for (const { body } of answers) expect(body['member_count']).toBe(name === 'join' ? 2 : 1);
    }
  });

  it('as text of a plain WebSocket names itself in `action`', async () => {
    const { id } = await alice.room(`Plain ${newId()}`);
    const answer = await send({ name: 'message', body: { action: 'join', room_id: id } });
    expect(answer.body.type).toBe('room_joined');
  });

  it.each<[string, Partial<Event>, string]>([
    ['no JSON', { body: 'hello' }, 'invalid'],
    ['JSON that is no object', { body: '[1]' }, 'invalid'],
    ['no action', { name: 'message', body: { room_id: newId() } }, 'invalid'],
    ['an unknown action', { name: 'message', body: { action: 'constructor' } }, 'invalid'],
    ['an unknown event', { name: 'toString', body: {} }, 'invalid'],
    ['no room', { body: {} }, 'invalid'],
    ['a room id that is none', { body: { room_id: "x' or '" } }, 'invalid'],
    ['no such room', { body: { room_id: newId() } }, 'room_not_found'],
    ['a limit that is none', { name: 'list_rooms', body: { limit: 0 } }, 'invalid'],
  ])('[BAD] with %s gets a refusal, and keeps its connection', async (_what, event, code) => {
    const { status, body } = await send({ name: 'join', ...event });
    expect([status, body.type, body.problem.code]).toEqual([200, 'error', code]);
    expect(body.problem.detail).not.toBe('');
  });

  it('[BAD] repeats the request id in a refusal, unless that is nonsense itself', async () => {
    const refused = await send({ name: 'leave', body: { room_id: newId(), request_id: 'x' } });
    expect(refused.body['request_id']).toBe('x');
    const nonsense = await send({ name: 'leave', body: { room_id: newId(), request_id: 7 } });
    expect(nonsense.body.problem.code).toBe('invalid');
    expect(nonsense.body).not.toHaveProperty('request_id');
  });
});
