/** The frames of the JSON subprotocol, byte for byte where a client could notice. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startService, type RunningService } from './running-service.ts';
import { connect as open, json, type Needs, type Socket } from './socket.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const sockets: Socket[] = [];
afterEach(() => {
  for (const { ws } of sockets.splice(0)) ws.terminate();
});

async function connect(needs: Needs = {}) {
  const opened = await open(service.host, json, needs);
  sockets.push(opened.socket);
  return opened;
}

/** The answer to this comes after all answers that were due before it. */
const ping = { type: 'ping' };

describe('frames of the service', () => {
  it('begin with `connected`', async () => {
    const { connected } = await connect({ userId: 'ann' });
    expect(connected).toEqual({
      type: 'system',
      event: 'connected',
      userId: 'ann',
      connectionId: expect.stringMatching(/^[\w-]{22}$/),
    });
  });

  it('carry a message from a group with all that is known of it', async () => {
    const { socket } = await connect({ userId: 'ann', groups: ['g'] });
    socket.send({ type: 'sendToGroup', group: 'g', data: { a: 1 }, metadata: { trace: '7' }, ackId: 1 });
    expect(await socket.next()).toEqual({
      type: 'message',
      from: 'group',
      group: 'g',
      fromUserId: 'ann',
      dataType: 'json',
      data: { a: 1 },
      metadata: { trace: '7' },
    });
    expect(await socket.next()).toEqual({ type: 'ack', ackId: 1, success: true });
  });

  it.each([
    ['json', [1, 'zwei', null, { x: false }]],
    ['json', 'a string'],
    ['json', 0],
    ['text', 'line\nbreak "quoted" 世界'],
    ['text', ''],
    ['binary', 'AAEC/w=='],
    ['protobuf', 'CgVoZWxsbw=='],
  ])('give %s data back as it was: %j', async (dataType, data) => {
    const { socket } = await connect({ groups: ['g'] });
    expect(await socket.ask({ type: 'sendToGroup', group: 'g', dataType, data })).toMatchObject({
      dataType,
      data,
    });
  });

  it('cross all three lengths of a WebSocket frame', async () => {
    const { socket } = await connect({ groups: ['g'] });
    for (const length of [1, 200, 70_000]) {
      const data = 'ä'.repeat(length);
      const frame = await socket.ask({ type: 'sendToGroup', group: 'g', dataType: 'text', data });
      expect(frame['data']).toBe(data);
    }
  });

  it('answer a ping', async () => {
    const { socket } = await connect();
    expect(await socket.ask(ping)).toEqual({ type: 'pong' });
  });
});

describe('acknowledgements', () => {
  it('say Forbidden where a role is missing, and nothing happens', async () => {
    const { socket } = await connect({ roles: [], groups: ['g'] });
    for (const frame of [
      { type: 'joinGroup', group: 'h', ackId: 1 },
      { type: 'leaveGroup', group: 'g', ackId: 2 },
      { type: 'sendToGroup', group: 'g', data: 1, ackId: 3 },
    ]) {
      expect(await socket.ask(frame)).toEqual({
        type: 'ack',
        ackId: frame.ackId,
        success: false,
        error: { name: 'Forbidden', message: expect.any(String) },
      });
    }
  });

  it('are sent only where they are asked for', async () => {
    const { socket } = await connect({ roles: [] });
    socket.send({ type: 'joinGroup', group: 'g' });
    socket.send({ type: 'event', event: 'unknown', data: 1 });
    expect(await socket.ask(ping)).toEqual({ type: 'pong' });
  });

  it('say Duplicate for an id that was carried out', async () => {
    const { socket } = await connect({ groups: ['g'] });
    const frame = { type: 'sendToGroup', group: 'g', data: 1, ackId: 12 };
    await socket.ask(frame);
    expect(await socket.next()).toMatchObject({ type: 'ack', success: true });
    expect(await socket.ask(frame)).toEqual({
      type: 'ack',
      ackId: 12,
      success: false,
      error: { name: 'Duplicate', message: 'Message with ack-id: 12 has been processed' },
    });
  });

  it('let an id be tried again that failed', async () => {
    const { socket } = await connect({ roles: ['webpubsub.joinLeaveGroup.mine'] });
    expect(await socket.ask({ type: 'joinGroup', group: 'other', ackId: 5 })).toMatchObject({
      success: false,
    });
    expect(await socket.ask({ type: 'joinGroup', group: 'mine', ackId: 5 })).toMatchObject({ success: true });
  });

  it('succeed for joining twice and for leaving what was not joined', async () => {
    const { socket } = await connect();
    for (const [ackId, type] of ['leaveGroup', 'joinGroup', 'joinGroup'].entries()) {
      expect(await socket.ask({ type, group: 'g', ackId })).toEqual({ type: 'ack', ackId, success: true });
    }
  });

  it('report an event that no handler takes', async () => {
    const { socket } = await connect();
    expect(await socket.ask({ type: 'event', event: 'x', data: 1, ackId: 1 })).toMatchObject({
      success: false,
      error: { name: 'InternalServerError' },
    });
  });
});

describe('names and types', () => {
  it('of frames and data may have any case', async () => {
    const { socket } = await connect({ groups: ['g'] });
    expect(await socket.ask({ type: 'SendTOgroup', group: 'g', dataType: 'Text', data: 'x' })).toMatchObject({
      dataType: 'text',
      data: 'x',
    });
  });

  it('of groups are told apart by case', async () => {
    const { socket } = await connect({ groups: ['Room'] });
    socket.send({ type: 'sendToGroup', group: 'room', data: 1 });
    expect(await socket.ask(ping)).toEqual({ type: 'pong' });
  });
});

describe('a frame that no client may send', () => {
  it.each([
    ['no JSON', 'hello'],
    ['no object', '[1]'],
    ['null', 'null'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"shout"}'],
    ['no group', '{"type":"joinGroup"}'],
    ['a blank group', '{"type":"joinGroup","group":"  "}'],
    ['a group too long', `{"type":"joinGroup","group":"${'g'.repeat(1025)}"}`],
    ['no data', '{"type":"sendToGroup","group":"g"}'],
    ['null as data', '{"type":"sendToGroup","group":"g","data":null}'],
    ['an unknown data type', '{"type":"event","event":"e","dataType":"xml","data":"x"}'],
    ['text that is no string', '{"type":"event","event":"e","dataType":"text","data":1}'],
    ['binary that is no base64', '{"type":"event","event":"e","dataType":"binary","data":"§"}'],
    ['an acknowledgement id that is no number', '{"type":"joinGroup","group":"g","ackId":"1"}'],
    ['a time to live above 300', '{"type":"sendToGroup","group":"g","data":1,"ttlSeconds":301}'],
    ['metadata that is no text', '{"type":"sendToGroup","group":"g","data":1,"metadata":{"a":1}}'],
  ])('closes with 1007: %s', async (_what, text) => {
    const { socket } = await connect();
    socket.ws.send(text);
    expect(await socket.closed).toMatchObject({ code: 1007 });
  });

  it('closes with 1003: a binary one', async () => {
    const { socket } = await connect();
    socket.ws.send(Buffer.from('{"type":"ping"}'));
    expect(await socket.closed).toMatchObject({ code: 1003 });
  });

  it('closes with 1009: one above 1 MiB', async () => {
    const { socket } = await connect();
    socket.ws.send(' '.repeat(1024 * 1024 + 1));
    expect(await socket.closed).toMatchObject({ code: 1009 });
  });
});

describe('parts of the protocol that are not served', () => {
  it.each([
    [
      { type: 'setGroupState', group: 'g', state: {}, ackId: 3 },
      { type: 'ack', ackId: 3, success: false, error: { name: 'BadRequest' } },
    ],
  ])('are refused, and the connection stays: %j', async (frame, answer) => {
    const { socket } = await connect();
    expect(await socket.ask(frame)).toMatchObject(answer);
    expect(await socket.ask(ping)).toEqual({ type: 'pong' });
  });
});
