/** Sessions on the wire: how a client asks for one, what it is told, and what it hears when there is none. */
import { once } from 'node:events';
import rhea, { type Receiver } from 'rhea';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { emulatorConfig, NamespaceProcess } from './namespace-process.ts';
import { next, RawClient, settle } from './raw-client.ts';

const { types } = rhea;
const second = { rcv_settle_mode: 1, autosettle: false };
const filter = 'com.microsoft:session-filter';

let bus: NamespaceProcess;
let client: RawClient;
let count = 0;
let queue: string;

beforeAll(async () => {
  const Queues = Array.from({ length: 20 }, (_, n) => ({
    Name: `q${n}`,
    Properties: { LockDuration: n === 0 ? 'PT1S' : 'PT1M', RequiresSession: true, MaxDeliveryCount: 10 },
  }));
  bus = await NamespaceProcess.start(emulatorConfig({ Queues: [...Queues, { Name: 'plain' }] }));
  client = await RawClient.connect(bus.port);
});
afterAll(async () => {
  client.close();
  await bus.remove();
});
beforeEach(() => void (queue = `q${(count += 1)}`));

const send = async (...sessions: string[]) => {
  const sender = await client.sender(queue);
  for (const each of sessions) {
    expect(await client.send(sender, { body: `of ${each}`, group_id: each })).toBe('accepted');
  }
};
/** With a name for one session, with `null` for the next. */
const accept = (session: string | null, options: object = {}, from = queue) =>
  client.receiver(
    { address: from, filter: { [filter]: session === null ? null : types.wrap_string(session) } },
    { ...second, ...options },
  );
const waiting = (milliseconds: number) => ({
  properties: { 'com.microsoft:timeout': types.wrap_uint(milliseconds) },
});
const granted = ({ source }: Receiver) => (source as { filter?: Record<string, unknown> }).filter?.[filter];

describe('a session', () => {
  it('is named in the answer, with the end of its lock in ticks of .NET', async () => {
    const link = await accept('a');
    expect(granted(link)).toBe('a');
    const { [`com.microsoft:locked-until-utc`]: ticks } = link.properties as unknown as Record<
      string,
      Buffer
    >;
    const time = Number((ticks!.readBigInt64BE() - 621_355_968_000_000_000n) / 10_000n);
    expect(Math.abs(time - (Date.now() + 60_000))).toBeLessThan(30_000);
  });

  it('is the one that has been free for longest, where any will do', async () => {
    await send('b', 'a', 'b');
    const [first, then] = [await accept(null), await accept(null)];
    expect([granted(first), granted(then)]).toEqual(['b', 'a']);
  });

  it('is waited for as long as the client says, and then there is none', async () => {
    await expect(accept(null, waiting(200))).rejects.toThrow('com.microsoft:timeout');
  });

  it('does not go to a client that has stopped waiting', async () => {
    const session = client.connection.create_session();
    session.begin();
    const gone = session.open_receiver({ source: { address: queue, filter: { [filter]: null } } });
    // This client takes the attach that answers for a new link.
    for (const event of ['receiver_error', 'receiver_close']) client.connection.on(event, () => {});
    // Whatever is answered was asked after the attach.
    await client.manage(queue, 'com.microsoft:peek-message', {});
    gone.close();
    await once(gone, 'receiver_close');
    const other = await RawClient.connect(bus.port);
    const lost = other.connection.create_session();
    lost.begin();
    lost.open_receiver({ source: { address: queue, filter: { [filter]: null } } });
    await other.manage(queue, 'com.microsoft:peek-message', {});
    other.connection.close();
    await once(other.connection, 'connection_close');
    await send('a');
    expect(granted(await accept(null))).toBe('a');
  });

  it('is lost with a detach that says so, and its messages come again as tried', async () => {
    queue = 'q0';
    await send('a');
    const link = await accept('a');
    await next(link);
    await until(() => link.error !== undefined, { what: 'the detach' });
    expect((link.error as { condition?: string }).condition).toBe('com.microsoft:session-lock-lost');
    const again = await accept('a');
    const { message, delivery } = await next(again);
    expect(message['delivery_count']).toBe(1);
    expect(await settle(again, delivery, () => delivery.accept())).toBe('accepted');
  });

  it('is free when the socket of its holder is cut', async () => {
    await send('a');
    const other = await RawClient.connect(bus.port);
    const held = await other.receiver({ address: queue, filter: { [filter]: 'a' } }, second);
    await next(held);
    (other.connection as unknown as { socket: { destroy(): void } }).socket.destroy();
    const link = await until(() => accept('a').catch(() => undefined), { what: 'the session' });
    expect((await next(link)).message['delivery_count'] ?? 0).toBe(0);
  });

  it('delivers to its holder alone what comes while it is held', async () => {
    const [a, b] = [await accept('a'), await accept('b')];
    const ofA = next(a);
    const ofB = next(b);
    await send('b', 'a');
    expect((await ofA).message['body']).toBe('of a');
    expect((await ofB).message['body']).toBe('of b');
  });

  it.each([
    ['held by another', 'com.microsoft:session-cannot-be-locked', () => accept('held')],
    ['of a queue without sessions', 'amqp:not-allowed', () => accept('a', {}, 'plain')],
    ['not asked for where it is required', 'amqp:not-allowed', () => client.receiver(queue)],
  ])('that is %s is refused with %s', async (_what, condition, open) => {
    await accept('held');
    await expect(open()).rejects.toThrow(condition);
  });

  it('is needed by every message of a batch, or none is taken', async () => {
    expect(await client.send(await client.sender(queue), { body: 'x' })).toBe('amqp:not-allowed');
  });
});

describe('$management', () => {
  const manage = (operation: string, body: object) =>
    client.manage(queue, `com.microsoft:${operation}`, body);
  const list = (time: number, skip = 0, top = 10) =>
    manage('get-message-sessions', {
      'last-updated-time': types.wrap_timestamp(time),
      skip: types.wrap_int(skip),
      top: types.wrap_int(top),
    });

  it('lists the sessions that have messages, in pages, or those whose state was set of late', async () => {
    const endOfTime = Date.UTC(9999, 11, 31);
    expect(await list(endOfTime)).toMatchObject({ statusCode: 204 });
    await send('c', 'a', 'b', 'a');
    expect(await list(endOfTime, 0, 2)).toMatchObject({ body: { skip: 2, 'sessions-ids': ['a', 'b'] } });
    expect(await list(endOfTime, 2, 2)).toMatchObject({ body: { skip: 3, 'sessions-ids': ['c'] } });
    await accept('s');
    const before = Date.now() - 1;
    expect(await list(before)).toMatchObject({ statusCode: 204 });
    await manage('set-session-state', { 'session-id': 's', 'session-state': Buffer.from('x') });
    expect(await list(before)).toMatchObject({ body: { 'sessions-ids': ['s'] } });
  });

  it.each(['renew-session-lock', 'get-session-state', 'set-session-state'])(
    'does %s only for a session that is held',
    async (operation) => {
      const body = { 'session-id': 'a', 'session-state': null };
      expect(await manage(operation, body)).toMatchObject({
        statusCode: 410,
        errorCondition: 'com.microsoft:session-lock-lost',
      });
      await accept('a');
      expect(await manage(operation, body)).toMatchObject({ statusCode: 200 });
      expect(await manage(operation, {})).toMatchObject({ statusCode: 400 });
    },
  );

  it('refuses them where there are no sessions', async () => {
    queue = 'plain';
    for (const operation of ['renew-session-lock', 'get-message-sessions']) {
      expect(await manage(operation, { 'session-id': 'a' })).toMatchObject({
        errorCondition: 'amqp:not-allowed',
      });
    }
  });
});

it('is as it was after kill -9: messages, order, state; nobody holds it', async () => {
  await send('a', 'a');
  const link = await accept('a');
  await next(link);
  const body = { 'session-id': 'a', 'session-state': Buffer.from('half way') };
  expect(await client.manage(queue, 'com.microsoft:set-session-state', body)).toMatchObject({
    statusCode: 200,
  });
  await bus.kill();
  await bus.startAgain();
  client = await RawClient.connect(bus.port);
  const again = await accept(null);
  expect(granted(again)).toBe('a');
  const counts = [await next(again), await next(again)].map(({ message }) => message['delivery_count'] ?? 0);
  expect(counts).toEqual([1, 0]);
  const { body: state } = await client.manage(queue, 'com.microsoft:get-session-state', {
    'session-id': 'a',
  });
  expect(String((state as Record<string, unknown>)['session-state'])).toBe('half way');
});

it('is counted in the status', async () => {
  await send('a', 'a', 'b');
  await next(await accept('a'));
  const status = (await (await fetch(`http://127.0.0.1:${bus.adminPort}/status`)).json()) as {
    queues: { name: string }[];
  };
  expect(status.queues.find(({ name }) => name === queue)).toMatchObject({
    active: 3,
    locked: 1,
    sessions: { available: 1, locked: 1 },
  });
});
