/** Nonsense on the socket: it ends a connection at most, never the process, and changes nothing for anybody else. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { emulatorConfig, NamespaceProcess } from './namespace-process.ts';
import { next, RawClient } from './raw-client.ts';

const amqpHeader = Buffer.from('AMQP\0\x01\0\0', 'latin1');
const saslHeader = Buffer.from('AMQP\x03\x01\0\0', 'latin1');

let bus: NamespaceProcess;

beforeAll(async () => {
  bus = await NamespaceProcess.start(
    emulatorConfig({
      Queues: [{ Name: 'q' }, { Name: 'healthy' }, { Name: 'held', Properties: { LockDuration: 'PT1S' } }],
    }),
  );
});
afterAll(() => bus.remove());

/** Sends bytes, ends, and waits until the server has closed its side too. */
async function say(bytes: Buffer): Promise<void> {
  const socket = connect(bus.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  const closed = new Promise((done) => socket.once('close', done));
  socket.end(bytes);
  await closed;
}

/** Somebody else sends and receives as if nothing had happened. */
async function expectHealthy(): Promise<void> {
  expect(bus.alive).toBe(true);
  const client = await RawClient.connect(bus.port);
  const body = `still here ${Math.random()}`;
  expect(await client.send(await client.sender('healthy'), { body })).toBe('accepted');
  const { message } = await next(await client.receiver('healthy', { snd_settle_mode: 1 }));
  expect(message['body']).toBe(body);
  client.close();
}

/** What a client says that sends, receives and asks for a page, byte by byte. */
async function recordConversation(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const sockets: Socket[] = [];
  const proxy = createServer((socket) => {
    const upstream = connect(bus.port, '127.0.0.1');
    sockets.push(socket, upstream);
    for (const each of [socket, upstream]) each.on('error', () => {});
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const client = await RawClient.connect((proxy.address() as AddressInfo).port);
  await client.send(await client.sender('q'), {
    body: 'recorded',
    message_id: 'id',
    application_properties: { a: 1, b: 'two' },
  });
  await next(await client.receiver('q', { snd_settle_mode: 1 }));
  await client.manage('q', 'com.microsoft:peek-message', {
    'from-sequence-number': 0,
    'message-count': 1,
  });
  client.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => proxy.close(done));
  return Buffer.concat(chunks);
}

describe('a client that talks nonsense', () => {
  it.each([
    ['nothing at all', Buffer.alloc(0)],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a header and no more', amqpHeader],
    ['another version of the protocol', Buffer.from('AMQP\0\x09\x09\x09', 'latin1')],
    ['a frame without length', Buffer.concat([amqpHeader, Buffer.alloc(8)])],
    ['a frame that claims 4 GB', Buffer.concat([amqpHeader, Buffer.from('ffffffff02000000', 'hex')])],
    ['a frame with a wrong offset', Buffer.concat([amqpHeader, Buffer.from('0000000800000000', 'hex')])],
    [
      'a frame with no performative in it',
      Buffer.concat([amqpHeader, Buffer.from('000000090200000040', 'hex')]),
    ],
    [
      'SASL with a mechanism that is a method',
      Buffer.concat([
        saslHeader,
        Buffer.from('0000001d02010000005341d00000000d00000001a308', 'hex'),
        Buffer.from('toString'),
      ]),
    ],
    [
      'a transfer on a session that is not there',
      Buffer.concat([amqpHeader, Buffer.from('0000001002000005005314c0030143', 'hex'), Buffer.alloc(1)]),
    ],
  ])('is let go: %s', async (_what, bytes) => {
    await say(bytes);
    await expectHealthy();
  });

  it('is let go, whatever bytes of a conversation it gets wrong', async () => {
    const conversation = await recordConversation();
    const wrongs = fc.array(fc.record({ at: fc.nat(conversation.length - 1), value: fc.nat(255) }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(wrongs, async (changes) => {
        const bytes = Buffer.from(conversation);
        for (const { at, value } of changes) bytes[at] = value;
        await say(bytes);
        expect(bus.alive).toBe(true);
      }),
      { numRuns: 150 },
    );
    await expectHealthy();
  });

  it('is let go, wherever it stops', async () => {
    const conversation = await recordConversation();
    const lengths = Array.from({ length: 60 }, (_, n) => Math.floor((conversation.length * n) / 60));
    await Promise.all(lengths.map((length) => say(conversation.subarray(0, length))));
    await expectHealthy();
  });
});

describe('a client whose socket is cut', () => {
  it('loses its locks in time, and nothing else', async () => {
    const client = await RawClient.connect(bus.port);
    await client.send(await client.sender('held'), { body: 'held' });
    await next(await client.receiver('held', { rcv_settle_mode: 1 }));
    (client.connection as unknown as { socket: Socket }).socket.destroy();

    const other = await RawClient.connect(bus.port);
    const { message } = await next(await other.receiver('held', { snd_settle_mode: 1 }));
    expect(message).toMatchObject({ body: 'held', delivery_count: 1 });
    other.close();
  });

  it('is not waited for by others, though it asked for messages', async () => {
    const gone = await RawClient.connect(bus.port);
    (await gone.receiver('q', { rcv_settle_mode: 1 })).add_credit(100);
    (gone.connection as unknown as { socket: Socket }).socket.resetAndDestroy();

    const client = await RawClient.connect(bus.port);
    const receiver = await client.receiver('q', { snd_settle_mode: 1 });
    const sender = await client.sender('q');
    const received: unknown[] = [];
    receiver.on('message', ({ message }: { message?: { body?: unknown } }) => received.push(message!.body));
    receiver.add_credit(100);
    // The first ones may still be handed to the one that is gone: they come back when its lock is over.
    await until(async () => {
      await client.send(sender, { body: 'for who is there' });
      return received.length > 0;
    });
    client.close();
  });
});
