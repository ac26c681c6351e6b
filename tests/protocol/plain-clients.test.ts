/**
 * The wire, without an SDK: plain WebSockets that send text with an `action`, and raw frames of the JSON
 * subprotocol, against the whole stack. Set HUBBUB_API to an address ending in /api to run it against a deployment.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { roomGroup } from '../../contract/names.ts';
import { startStack, type TestStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

type Json = Record<string, unknown>;

let stack: TestStack | undefined;
let api = process.env['HUBBUB_API'] ?? '';
beforeAll(async () => {
  if (api !== '') return;
  stack = await startStack();
  ({ api } = stack);
});
afterAll(() => stack?.stop());

const sockets: WebSocket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

async function call(
  method: string,
  path: string,
  more: { token?: string; body?: unknown } = {},
): Promise<Json> {
  const response = await fetch(api + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(more.token && { authorization: `Bearer ${more.token}` }),
    },
    ...(more.body !== undefined && { body: JSON.stringify(more.body) }),
  });
  return { status: response.status, ...((await response.json()) as Json) };
}

let people = 0;
async function signIn(): Promise<string> {
  people += 1;
  const session = await call('POST', '/session', { body: { name: `Plain ${people} ${Date.now()}` } });
  return session['token'] as string;
}

async function newRoom(token: string): Promise<{ id: string; name: string }> {
  const room = await call('POST', '/rooms', { token, body: { name: `Plain room ${Date.now()} ${people}` } });
  return room as unknown as { id: string; name: string };
}

/** Somebody with an open socket; `subprotocol` absent is a plain one. */
async function connect(
  token: string,
  subprotocol?: string,
): Promise<{ frames: Json[]; send: (frame: Json) => void; socket: WebSocket }> {
  const { url } = await call('POST', '/negotiate', { token });
  const socket =
    subprotocol === undefined ? new WebSocket(url as string) : new WebSocket(url as string, subprotocol);
  sockets.push(socket);
  const frames: Json[] = [];
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Json));
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  return { frames, send: (frame) => socket.send(JSON.stringify(frame)), socket };
}

const find = (frames: Json[], wanted: Json) =>
  until(() => frames.find((frame) => Object.entries(wanted).every(([key, value]) => frame[key] === value)), {
    what: JSON.stringify(wanted),
  });

describe('a plain WebSocket', () => {
  test('joins, hears the room in order, leaves, and hears no more [LOG] [ISO]', async () => {
    const [alice, bob] = [await signIn(), await signIn()];
    const { id } = await newRoom(alice);
    const { frames, send } = await connect(bob);

    send({ action: 'join', room_id: id, request_id: 'a' });
    const joined = await find(frames, { type: 'room_joined', request_id: 'a' });
    expect(joined).toMatchObject({ member_count: 2, head: 0, room: { id } });
    for (const content of ['one', 'two', 'three']) {
      expect(await call('POST', '/publish', { token: alice, body: { room_id: id, content } })).toMatchObject({
        status: 'success',
      });
    }
    await find(frames, { type: 'message', content: 'three' });
    const heard = frames.filter(({ type }) => type === 'message');
    expect(heard.map(({ seq, content }) => [seq, content])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);

    send({ action: 'leave', room_id: id, request_id: 'b' });
    expect(await find(frames, { type: 'room_left', request_id: 'b' })).toMatchObject({ member_count: 1 });
    const other = await newRoom(bob);
    await call('POST', '/publish', { token: alice, body: { room_id: id, content: 'after' } });
    await call('POST', '/publish', { token: bob, body: { room_id: other.id, content: 'a later one' } });
    await find(frames, { type: 'message', content: 'a later one' });
    expect(frames.some(({ content }) => content === 'after')).toBe(false);
  });

  test('lists the rooms, and from then on hears what changes [NAME] [GONE]', async () => {
    const [alice, bob] = [await signIn(), await signIn()];
    const { frames, send } = await connect(bob);
    send({ action: 'list_rooms', request_id: 'list' });
    await find(frames, { type: 'rooms_list', request_id: 'list' });

    const { id } = await newRoom(alice);
    const updates = () => frames.filter(({ type }) => type === 'rooms_updated');
    await until(() => updates().some(({ rooms }) => (rooms as Json[]).some((room) => room['id'] === id)));
    await call('DELETE', `/rooms/${id}`, { token: alice });
    await until(() => updates().some(({ removed }) => (removed as string[]).includes(id)));
    expect(
      await call('POST', '/publish', { token: alice, body: { room_id: id, content: 'late' } }),
    ).toMatchObject({
      status: 404,
      code: 'room_not_found',
    });
  });

  test('is told what is wrong with what it sends, and stays open [BAD]', async () => {
    const { frames, send, socket } = await connect(await signIn());
    socket.send('not json');
    await until(() => frames.length === 1);
    send({ action: 'shout', request_id: 'x' });
    send({ action: 'join', room_id: 'no uuid', request_id: 'y' });
    send({ action: 'join', room_id: '01a20700-0000-7000-8000-000000000000', request_id: 'z' });
    await until(() => frames.length === 4);
    expect(frames.every(({ type }) => type === 'error')).toBe(true);
    const codes = frames.map(({ problem }) => (problem as Json)['code']);
    expect(codes).toEqual(['invalid', 'invalid', 'invalid', 'room_not_found']);
    expect(frames.slice(1).map(({ request_id }) => request_id)).toEqual(['x', 'y', 'z']);
    send({ action: 'list_rooms', request_id: 'still here' });
    await find(frames, { type: 'rooms_list', request_id: 'still here' });
  });
});

describe('raw frames of json.webpubsub.azure.v1', () => {
  const subprotocol = 'json.webpubsub.azure.v1';

  test('cannot join the group of a room nor send to it [ISO]', async () => {
    const [alice, mallory] = [await signIn(), await signIn()];
    const { id } = await newRoom(alice);
    const { frames, send } = await connect(mallory, subprotocol);
    send({ type: 'joinGroup', group: roomGroup(id), ackId: 1 });
    send({
      type: 'sendToGroup',
      group: roomGroup(id),
      dataType: 'json',
      data: { type: 'message' },
      ackId: 2,
    });
    for (const ackId of [1, 2]) {
      expect(await find(frames, { type: 'ack', ackId })).toMatchObject({
        success: false,
        error: { name: 'Forbidden' },
      });
    }
    expect(await call('GET', `/rooms/${id}/messages`, { token: mallory })).toMatchObject({
      status: 403,
      code: 'not_member',
    });
  });

  test('membership outlives the connection: a new one hears the room from its first frame [ISO] [COUNT]', async () => {
    const [alice, bob] = [await signIn(), await signIn()];
    const { id } = await newRoom(alice);
    const first = await connect(bob, subprotocol);
    await find(first.frames, { type: 'system' });
    const join = (request_id: string) =>
      first.send({
        type: 'event',
        event: 'join',
        dataType: 'json',
        data: { room_id: id, request_id },
        ackId: request_id.length,
      });
    join('a');
    join('bb');
    const answers = await until(() => {
      const server = first.frames.filter(({ from }) => from === 'server').map(({ data }) => data as Json);
      return server.length === 2 ? server : undefined;
    });
    // Joining twice counts once.
    expect(answers.map(({ member_count }) => member_count)).toEqual([2, 2]);
    first.socket.close();

    const second = await connect(bob, subprotocol);
    await find(second.frames, { type: 'system' });
    await call('POST', '/publish', { token: alice, body: { room_id: id, content: 'welcome back' } });
    const message = await find(second.frames, { type: 'message', group: roomGroup(id) });
    expect(message['data']).toMatchObject({ content: 'welcome back', seq: 1 });
    expect(await call('GET', `/rooms/${id}`, { token: bob })).toMatchObject({ member_count: 2 });
  });
});
