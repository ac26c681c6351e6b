/** The frames of streams: what is taken, what is asked for again, and when a stream ends. */
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runs } from '../../support/draws.ts';
import { startService, type RunningService } from './running-service.ts';
import { connect as open, json, recover, reliable, type Needs, type Socket } from './socket.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const sockets: Socket[] = [];
afterEach(() => sockets.splice(0).forEach(({ ws }) => ws.terminate()));

async function connect(protocol: Parameters<typeof open>[1] = json, needs: Needs = {}) {
  const opened = await open(service.host, protocol, needs);
  sockets.push(opened.socket);
  return opened;
}

const start = (more: object = {}) => ({
  type: 'sendToGroup',
  group: 'g',
  stream: { streamId: 's', ...more },
});
const data = (streamSequenceId: number, text = `${streamSequenceId}`) => ({
  type: 'streamData',
  streamId: 's',
  streamSequenceId,
  dataType: 'text',
  data: text,
});
const end = { type: 'streamEnd', streamId: 's' };
const acked = (expectedSequenceId: number) => ({ type: 'streamAck', streamId: 's', expectedSequenceId });
const failed = (name: string) => ({ type: 'streamClosed', streamId: 's', error: { name } });

describe('the sender of a stream', () => {
  it('is told at each step what is expected next', async () => {
    const { socket } = await connect();
    expect(await socket.ask(start())).toEqual(acked(1));
    expect(await socket.ask(data(1))).toEqual(acked(2));
    expect(await socket.ask(data(2))).toEqual(acked(3));
    expect(await socket.ask(end)).toEqual({ type: 'streamClosed', streamId: 's' });
    expect(await socket.ask(data(3))).toMatchObject(failed('StreamNotFound'));
  });

  it('gets an acknowledgement of the start where it asks for one, and a repeat is told how far it is', async () => {
    const { socket } = await connect();
    expect(await socket.ask({ ...start(), ackId: 9 })).toEqual({ type: 'ack', ackId: 9, success: true });
    expect(await socket.next()).toEqual(acked(1));
    await socket.ask(data(1));
    expect(await socket.ask({ ...start(), ackId: 9 })).toMatchObject({ error: { name: 'Duplicate' } });
    expect(await socket.next()).toEqual(acked(2));
  });

  it('is not answered for a sign of life', async () => {
    const { socket } = await connect();
    await socket.ask(start());
    socket.send({ type: 'streamData', streamId: 's' });
    expect(await socket.ask({ type: 'ping' })).toEqual({ type: 'pong' });
  });

  it.each([
    ['without the right', start(), 'Forbidden'],
    ['of a stream that nobody opened', data(1), 'StreamNotFound'],
    ['of the end of one that nobody opened', end, 'StreamNotFound'],
  ])('is refused a frame %s', async (_what, frame, name) => {
    const { socket } = await connect(json, { roles: [] });
    expect(await socket.ask(frame)).toMatchObject(failed(name));
  });

  it('cannot use an open stream for another group', async () => {
    const { socket } = await connect();
    await socket.ask(start());
    expect(await socket.ask({ ...start(), group: 'other' })).toMatchObject(failed('BadRequest'));
    expect(await socket.ask(data(1))).toEqual(acked(2));
  });

  it('loses its stream with the right to send', async () => {
    const rest = new WebPubSubServiceClient(service.connectionString, 'chat', {
      allowInsecureConnection: true,
    });
    const reader = await connect(json, { groups: ['g'] });
    const { socket, connectionId } = await connect();
    await socket.ask(start());
    await rest.revokePermission(connectionId, 'sendToGroup');
    expect(await socket.ask(data(1))).toMatchObject(failed('Forbidden'));
    expect(await reader.socket.next()).toMatchObject({
      stream: { endOfStream: true, error: { name: 'Forbidden' } },
    });
  });

  it.each([
    ['no id', { type: 'sendToGroup', group: 'g', stream: {} }],
    ['a stream that is no object', { type: 'sendToGroup', group: 'g', stream: 's' }],
    ['data at the start', { ...start(), data: 1 }],
    ['an idle time of nothing', start({ idleTimeoutMs: 0 })],
    ['a number below 1', data(0)],
    ['data without a number', { type: 'streamData', streamId: 's', data: 'x' }],
    ['a number without data', { type: 'streamData', streamId: 's', streamSequenceId: 1 }],
    ['an error that is no object', { ...end, error: 'x' }],
  ])('is closed with 1007 for %s', async (_what, frame) => {
    const { socket } = await connect();
    socket.send(frame);
    expect((await socket.closed).code).toBe(1007);
  });
});

describe('the members of the group', () => {
  it('get each message with its place, and an end without content', async () => {
    const reader = await connect(reliable, { groups: ['g'] });
    const { socket } = await connect(json, { userId: 'ann' });
    socket.send({ ...start(), metadata: { kind: 'film' } });
    socket.send(data(1));
    socket.send({ ...end, error: { message: 'cut', userErrorCode: '7' } });
    const common = { type: 'message', from: 'group', group: 'g', fromUserId: 'ann', dataType: 'text' };
    expect(await reader.socket.next()).toEqual({
      ...common,
      sequenceId: 1,
      metadata: { kind: 'film' },
      stream: { streamId: 's', streamSequenceId: 1 },
      data: '1',
    });
    expect(await reader.socket.next()).toMatchObject({
      ...common,
      sequenceId: 2,
      stream: {
        streamId: 's',
        streamSequenceId: 2,
        endOfStream: true,
        error: { name: 'UserError', message: 'cut', userErrorCode: '7' },
      },
      data: '',
    });
  });

  it('get the bare content without a subprotocol, and nothing of the end', async () => {
    const raw = await open(service.host, undefined, { groups: ['g'] });
    sockets.push(raw.socket);
    const { socket } = await connect();
    for (const frame of [start(), data(1, 'x'), end, { type: 'sendToGroup', group: 'g', data: 'after' }]) {
      socket.send(frame);
    }
    expect([await raw.socket.nextRaw(), await raw.socket.nextRaw()]).toEqual(['x', '"after"']);
  });

  it('hear of the end when the sender has gone', async () => {
    const reader = await connect(json, { groups: ['g'] });
    const { socket } = await connect();
    await socket.ask(start());
    socket.ws.close(1000);
    expect(await reader.socket.next()).toMatchObject({
      stream: { endOfStream: true, error: { name: 'ConnectionClosed' } },
    });
  });

  it('get every message once and in order, in whatever order and however often they are sent', async () => {
    const reader = await connect(json, { groups: ['g'] });
    const { socket } = await connect();
    const attempts = fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(attempts, async (numbers) => {
        await socket.ask(start());
        let expected = 1;
        for (const number of numbers) {
          const answer = await socket.ask(data(number));
          if (number === expected) expected += 1;
          const isEarly = number > expected;
          expect(answer).toMatchObject({
            type: isEarly ? 'streamNack' : 'streamAck',
            expectedSequenceId: expected,
            ...(isEarly && { name: 'InvalidSequenceId' }),
          });
        }
        await socket.ask(end);
        for (let number = 1; number < expected; number += 1) {
          expect(await reader.socket.next()).toMatchObject({ stream: { streamSequenceId: number } });
        }
        expect(await reader.socket.next()).toMatchObject({
          stream: { streamSequenceId: expected, endOfStream: true },
        });
      }),
      runs(20),
    );
  });
});

it('goes on after a recovery', async () => {
  const reader = await connect(json, { groups: ['g'] });
  const sender = await connect(reliable);
  await sender.socket.ask(start());
  await sender.socket.ask(data(1));
  await sender.socket.drop();
  const back = await recover(sender.url, sender.connected);
  sockets.push(back);
  await back.next();
  expect(await back.ask(data(1))).toEqual(acked(2));
  expect(await back.ask(data(2))).toEqual(acked(3));
  expect(await reader.socket.next()).toMatchObject({ data: '1' });
  expect(await reader.socket.next()).toMatchObject({ data: '2' });
});
