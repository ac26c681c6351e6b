/** The wire itself, by a client of plain rhea: exact types, settlement, drain, and what is refused with which error. */
import { once } from 'node:events';
import rhea, { type EventContext } from 'rhea';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { emulatorConfig, NamespaceProcess } from './namespace-process.ts';
import { next, RawClient, settle } from './raw-client.ts';

const { types } = rhea;
const second = { rcv_settle_mode: 1, autosettle: false };
const taking = { snd_settle_mode: 1 };

let bus: NamespaceProcess;
let client: RawClient;
let count = 0;
let queue: string;

beforeAll(async () => {
  const Queues = Array.from({ length: 60 }, (_, n) => ({
    Name: `q${n}`,
    Properties: { LockDuration: 'PT1S' },
  }));
  bus = await NamespaceProcess.start(
    emulatorConfig({ Queues, Topics: [{ Name: 't', Subscriptions: [{ Name: 's' }] }] }),
  );
  client = await RawClient.connect(bus.port);
});
afterAll(async () => {
  client.close();
  await bus.remove();
});
// A queue for each test.
beforeEach(() => void (queue = `q${(count += 1)}`));

const sendOne = async (message: object = { body: 'x', message_id: 'm' }) => {
  expect(await client.send(await client.sender(queue), message)).toBe('accepted');
};

describe('a message', () => {
  it('is delivered byte for byte but for its header and annotations', async () => {
    const encoded = rhea.message.encode({
      message_id: 'exact',
      application_properties: {
        double: types.wrap_double(5),
        long: types.wrap_long(5),
        ubyte: types.wrap_ubyte(5),
        symbol: types.wrap_symbol('five'),
        when: types.wrap_timestamp(5),
      },
      body: types.wrap_list([types.wrap_short(5), types.wrap_float(0.5)]),
    });
    // An empty header comes first; what follows it is kept as it is.
    const kept = encoded.subarray(encoded.indexOf(Buffer.from([0x00, 0x53, 0x73])));
    expect(await client.send(await client.sender(queue), encoded)).toBe('accepted');

    const receiver = await client.receiver(queue, taking);
    const frames: Buffer[] = [];
    const session = receiver.session as unknown as { on_transfer: (frame: { payload: Buffer }) => void };
    const onTransfer = session.on_transfer.bind(receiver.session);
    session.on_transfer = (frame) => {
      frames.push(frame.payload);
      onTransfer(frame);
    };
    await next(receiver);
    expect(Buffer.concat(frames).subarray(-kept.length)).toEqual(kept);
  });

  it('comes with the annotations of the broker', async () => {
    await sendOne({ body: 'x', message_annotations: { 'x-opt-partition-key': 'p', own: 'kept' } });
    const { message, delivery } = await next(await client.receiver(queue, second));
    expect(message['message_annotations']).toEqual({
      'x-opt-partition-key': 'p',
      own: 'kept',
      'x-opt-sequence-number': 1,
      'x-opt-enqueue-sequence-number': 1,
      'x-opt-enqueued-time': expect.any(Date) as Date,
      'x-opt-locked-until': expect.any(Date) as Date,
      'x-opt-message-state': 0,
    });
    expect(delivery.tag).toHaveLength(16);
    expect(message['delivery_count'] ?? 0).toBe(0);
  });

  it('may be sent settled, without an answer', async () => {
    const sender = await client.sender(queue, { snd_settle_mode: 1 });
    sender.send({ body: 'unanswered' });
    const { message } = await next(await client.receiver(queue, taking));
    expect(message['body']).toBe('unanswered');
  });

  it('is refused where it cannot be decoded, and the link goes on', async () => {
    const sender = await client.sender(queue);
    for (const bytes of [
      Buffer.from('nonsense'),
      Buffer.from([0x00, 0x53, 0x75, 0xa0, 0xff, 1]),
      Buffer.alloc(1),
    ]) {
      expect(await client.send(sender, bytes)).toBe('amqp:decode-error');
    }
    expect(await client.send(sender, Buffer.from('x'), 77)).toBe('amqp:decode-error');
    expect(await client.send(sender, { body: 'fine' })).toBe('accepted');
  });

  it('is refused where an array in it claims more than there is', async () => {
    // An array of 2^31 nulls, which take no bytes.
    const bomb = Buffer.from([0x00, 0x53, 0x77, 0xf0, 0, 0, 0, 5, 0x7f, 0xff, 0xff, 0xff, 0x40]);
    expect(await client.send(await client.sender(queue), bomb)).toBe('amqp:decode-error');
  });

  it('is refused where it is larger than the link allows, in as many frames as it comes', async () => {
    const sender = await client.sender(queue);
    expect(sender.max_message_size).toBe(262_144);
    expect(await client.send(sender, { body: Buffer.alloc(270_000) })).toBe(
      'amqp:link:message-size-exceeded',
    );
    expect(await client.send(sender, { body: Buffer.alloc(250_000) })).toBe('accepted');
  });
});

describe('settling', () => {
  it('counts an abandoned attempt, and not one that is released', async () => {
    await sendOne();
    const receiver = await client.receiver(queue, second);
    let { message, delivery } = await next(receiver);
    expect(await settle(receiver, delivery, () => delivery.release())).toBe('accepted');
    ({ message, delivery } = await next(receiver));
    expect(message['delivery_count'] ?? 0).toBe(0);
    expect(await settle(receiver, delivery, () => delivery.modified({ delivery_failed: true }))).toBe(
      'accepted',
    );
    ({ message, delivery } = await next(receiver));
    expect(message['delivery_count']).toBe(1);
    expect(await settle(receiver, delivery, () => delivery.accept())).toBe('accepted');
  });

  it('is refused once the lock is lost', async () => {
    await sendOne();
    const receiver = await client.receiver(queue, second);
    const first = await next(receiver);
    const again = await next(receiver);
    const late = await settle(receiver, first.delivery, () => first.delivery.accept());
    expect(late).toBe('com.microsoft:message-lock-lost');
    expect(await settle(receiver, again.delivery, () => again.delivery.accept())).toBe('accepted');
  });

  it('works for a client that does not wait for the answer', async () => {
    await sendOne();
    const receiver = await client.receiver(queue, { rcv_settle_mode: 0 });
    const { delivery } = await next(receiver);
    delivery.accept();
    await until(
      async () => (await client.manage(queue, 'com.microsoft:peek-message', peek))['statusCode'] === 204,
    );
  });

  it('defers, so that the message is had by its number alone, again and again until it is settled', async () => {
    await sendOne();
    const receiver = await client.receiver(queue, second);
    const { delivery } = await next(receiver);
    const deferring = () => delivery.modified({ delivery_failed: true, undeliverable_here: true });
    expect(await settle(receiver, delivery, deferring)).toBe('accepted');
    const fetch = (number: number, mode = 1) =>
      client.manage(queue, 'com.microsoft:receive-by-sequence-number', {
        'sequence-numbers': types.wrap_array([number], 0x81, undefined),
        'receiver-settle-mode': types.wrap_uint(mode),
      });
    const missing = { statusCode: 404, errorCondition: 'com.microsoft:message-not-found' };
    expect(await fetch(2)).toMatchObject(missing);
    const first = await fetch(1);
    const [{ message, 'lock-token': token }] = (first['body'] as { messages: Record<string, Buffer>[] })
      .messages as [Record<string, Buffer>];
    expect(rhea.message.decode(message!)).toMatchObject({
      delivery_count: 1,
      message_annotations: { 'x-opt-message-state': 1, 'x-opt-sequence-number': 1 },
    });
    expect(token).toHaveLength(16);
    // It is locked.
    expect(await fetch(1)).toMatchObject(missing);
    await until(async () => (await fetch(1, 0))['statusCode'] === 200, { what: 'the end of the lock' });
    expect(await fetch(1)).toMatchObject(missing);
  });
});

const peek = { 'from-sequence-number': types.wrap_long(0), 'message-count': types.wrap_int(10) };

describe('credit', () => {
  it('is never exceeded, and is used up when the client drains', async () => {
    const sender = await client.sender(queue);
    for (let n = 0; n < 5; n += 1) await client.send(sender, { body: n });
    const receiver = await client.receiver(queue, second);
    const bodies: unknown[] = [];
    receiver.on('message', ({ message }: EventContext) => bodies.push(message!.body));
    receiver.add_credit(2);
    await until(() => bodies.length === 2);
    receiver.add_credit(10);
    receiver.drain_credit();
    await once(receiver, 'receiver_drained');
    expect(bodies).toEqual([0, 1, 2, 3, 4]);
    expect((receiver as unknown as { credit: number }).credit).toBe(0);
    await client.send(sender, { body: 'after' });
    receiver.drain = false;
    receiver.add_credit(1);
    await until(() => bodies.length === 6);
  });

  it('is used up by a client that takes without locks, and drains', async () => {
    await sendOne({ body: 'only' });
    const receiver = await client.receiver(queue, taking);
    const bodies: unknown[] = [];
    receiver.on('message', ({ message }: EventContext) => bodies.push(message!.body));
    receiver.add_credit(5);
    receiver.drain_credit();
    await once(receiver, 'receiver_drained');
    expect(bodies).toEqual(['only']);
  });
});

describe('$management', () => {
  it.each(['delete-messages', 'toString'])('refuses %s by its name', async (operation) => {
    expect(await client.manage(queue, `com.microsoft:${operation}`)).toMatchObject({
      statusCode: 501,
      errorCondition: 'amqp:not-implemented',
      statusDescription: expect.stringContaining(operation) as string,
      id: 'request-1',
    });
  });

  it.each([
    ['renew-lock', {}],
    ['renew-lock', { 'lock-tokens': 'x' }],
    ['peek-message', { 'from-sequence-number': 'one', 'message-count': 1 }],
    ['schedule-message', { messages: [{ message: 'text' }] }],
    ['cancel-scheduled-message', { 'sequence-numbers': 5 }],
    ['update-disposition', { 'lock-tokens': [], 'disposition-status': 'lost' }],
    ['peek-message', 'no map'],
  ])('refuses a wrong %s, and says what is wrong', async (operation, body) => {
    const answer = await client.manage(queue, `com.microsoft:${operation}`, body);
    if (operation === 'peek-message' && body === 'no map') expect(answer['statusCode']).toBe(204);
    else expect(answer).toMatchObject({ statusCode: 400, errorCondition: 'com.microsoft:argument-error' });
  });

  it.each([
    ['completed', 0],
    ['suspended', 0],
    ['abandoned', 1],
  ])('settles as %s by the token in plain order', async (status, left) => {
    await sendOne();
    const { delivery } = await next(await client.receiver(queue, second));
    const tag = Buffer.from(delivery.tag as Buffer);
    const token = Buffer.concat(
      [
        tag.subarray(0, 4).toReversed(),
        tag.subarray(4, 6).toReversed(),
        tag.subarray(6, 8).toReversed(),
        tag.subarray(8),
      ].map((part) => Buffer.from(part)),
    );
    const body = {
      'lock-tokens': types.wrap_array([token], 0x98, undefined),
      'disposition-status': status,
    };
    const operation = 'com.microsoft:update-disposition';
    expect(await client.manage(queue, operation, body)).toMatchObject({ statusCode: 200 });
    expect(await client.manage(queue, operation, body)).toMatchObject({
      statusCode: 410,
      errorCondition: 'com.microsoft:message-lock-lost',
    });
    const { body: page } = await client.manage(queue, 'com.microsoft:peek-message', peek);
    expect((page as { messages?: unknown[] } | undefined)?.messages ?? []).toHaveLength(left);
  });
});

describe('deleting in a batch', () => {
  const purge = (count: number, before: Date) =>
    client.manage(queue, 'com.microsoft:batch-delete-messages', {
      'message-count': types.wrap_int(count),
      'enqueued-time-utc': before,
    });

  it('takes the oldest that wait and were there before a time, and tells how many', async () => {
    for (const body of [1, 2, 3, 4]) await sendOne({ body });
    const receiver = await client.receiver(queue, second);
    await next(receiver);
    const soon = new Date(Date.now() + 1_000);
    expect(await purge(10, new Date(0))).toMatchObject({ statusCode: 204 });
    expect(await purge(2, soon)).toMatchObject({ statusCode: 200, body: { 'message-count': 2 } });
    expect((await next(receiver)).message['body']).toBe(4);
  });
});

describe('peeking', () => {
  it('leaves out the bodies where they are not wanted', async () => {
    await sendOne({ body: 'long', message_id: 'm' });
    const { body } = await client.manage(queue, 'com.microsoft:peek-message', {
      ...peek,
      'omit-message-body': true,
    });
    const [{ message }] = (body as { messages: [{ message: Buffer }] }).messages;
    expect(rhea.message.decode(message)).not.toHaveProperty('body');
  });
});

describe('a link', () => {
  it.each([
    ['a sender to nothing', () => client.sender('no-such-queue'), 'amqp:not-found'],
    ['a sender to a subscription', () => client.sender('t/Subscriptions/s'), 'amqp:not-found'],
    ['a receiver from a topic', () => client.receiver('t'), 'amqp:not-found'],
    ['a receiver from nothing', () => client.receiver('t/Subscriptions/x'), 'amqp:not-found'],
    ['management of nothing', () => client.sender('nothing/$management'), 'amqp:not-found'],
    ['a sender without an address', () => client.sender({ address: '' }), 'com.microsoft:argument-error'],
    [
      'a receiver of a session',
      () =>
        client.receiver({
          address: 'q1',
          filter: { 'com.microsoft:session-filter': types.wrap_string('s') },
        }),
      'amqp:not-allowed',
    ],
  ])('is refused: %s', async (_what, open, condition) => {
    await expect(open()).rejects.toThrow(condition);
  });

  it('is found by a whole address, in any case', async () => {
    await sendOne({ body: 'x' });
    const receiver = await client.receiver(`amqp://localhost/${queue.toUpperCase()}`, taking);
    expect((await next(receiver)).message['body']).toBe('x');
  });
});

describe('$cbs', () => {
  it('takes any token, and nothing but tokens', async () => {
    const replies = await client.receiver('$cbs');
    const requests = await client.sender('$cbs');
    const ask = async (operation: string) => {
      replies.add_credit(1);
      const answer = once(replies, 'message') as Promise<[EventContext]>;
      requests.send({
        message_id: 'token-1',
        reply_to: replies.name,
        application_properties: {
          operation,
          name: 'sb://localhost/q1',
          type: 'servicebus.windows.net:sastoken',
        },
        body: 'any token',
      });
      const [{ message }] = await answer;
      return { id: message!.correlation_id, ...message!.application_properties };
    };
    expect(await ask('put-token')).toMatchObject({ id: 'token-1', 'status-code': 200 });
    expect(await ask('take-token')).toMatchObject({ 'status-code': 501 });
  });
});
