/** Health and metrics, over real parts: what they say while all is well, and when one is gone. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { degraded, health, metrics } from '../../../contract/operations.ts';
import type { Problem } from '../../../contract/problems.ts';
import { issueToken } from '../../../functions/identity/token.ts';
import { publish } from '../../../functions/messages/publish.ts';
import {
  countMessages,
  countRooms,
  flushCounts,
  readCounts,
} from '../../../functions/operations/counters.ts';
import { getHealth, getMetrics } from '../../../functions/operations/http.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { call } from '../call.ts';
import { roomOf } from '../messages/rooms.ts';
import { until } from '../../support/until.ts';
import { person, startWorld, type World } from '../messages/world.ts';

let world: World;
const { now } = clock;
const alice = person();
let token: string;

beforeAll(async () => {
  world = await startWorld();
  token = await issueToken(alice, new Date(Date.now() + 3_600_000));
});
afterAll(() => world.stop());
afterEach(() => {
  world.line.fate = () => 'pass';
});

/** Answers are kept for some seconds: asks as if those were over. */
async function later<T>(ask: () => Promise<T>): Promise<T> {
  const shift = clock.now().getTime() - now().getTime() + 60_000;
  clock.now = () => new Date(now().getTime() + shift);
  return ask();
}

const readHealth = () => later(() => call<unknown>(getHealth, { method: 'GET' }));
const readMetrics = async () => {
  const { body } = await later(() => call<unknown>(getMetrics, { method: 'GET', token }));
  return metrics.parse(body);
};

describe('metrics', () => {
  it('count messages, and rooms that somebody wrote in, over all that was counted', async () => {
    const before = await readMetrics();
    const rooms = [await roomOf(alice), await roomOf(alice)];
    for (const room_id of [...rooms, ...rooms]) await publish(alice, { room_id, content: 'x' });
    const after = await readMetrics();
    expect(after.messages_sent - before.messages_sent).toBe(4);
    expect(after.active_rooms - before.active_rooms).toBe(2);
  });

  it('do not count a repeat', async () => {
    const room_id = await roomOf(alice);
    const body = { room_id, content: 'x', message_id: newId() };
    await publish(alice, body);
    const before = await readMetrics();
    await publish(alice, body);
    expect((await readMetrics()).messages_sent).toBe(before.messages_sent);
  });

  it('count rooms that come and go', async () => {
    const before = await readMetrics();
    for (const difference of [1, 1, 1, -1] as const) countRooms(difference);
    expect((await readMetrics()).total_rooms - before.total_rooms).toBe(2);
  });

  it('forget rooms that nobody wrote in since the day before yesterday', async () => {
    countMessages(newId(), 1);
    await flushCounts();
    const day = (ago: number): string =>
      new Date(clock.now().getTime() - ago * 86_400_000).toISOString().slice(0, 10);
    expect((await readCounts(day(1))).active.estimate()).toBeGreaterThan(0);
    expect((await readCounts(day(-1))).active.estimate()).toBe(0);
    expect((await readCounts(day(-1))).messages).toBeGreaterThan(0);
  });

  it('lose nothing where the storage fails for a while', async () => {
    const before = await readMetrics();
    countMessages(newId(), 3);
    world.line.fate = ({ path }) => (path.startsWith('/counters') ? 'lose' : 'pass');
    await expect(flushCounts()).rejects.toThrow();
    world.line.fate = () => 'pass';
    countMessages(newId(), 2);
    expect((await readMetrics()).messages_sent - before.messages_sent).toBe(5);
  });

  it('add up what two writers of one row counted at one instant', async () => {
    const before = await readMetrics();
    const flushes = Array.from({ length: 4 }, () => {
      countMessages(newId(), 1);
      return flushCounts();
    });
    await Promise.all(flushes);
    expect((await readMetrics()).messages_sent - before.messages_sent).toBe(4);
  });

  it('are text for Prometheus, and for nobody without a token', async () => {
    const text = await call<string>(getMetrics, { method: 'GET', token, headers: { accept: 'text/plain' } });
    expect(text.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(text.body).toMatch(/^hubbub_rooms \d+$/m);
    const refused = await call<Problem>(getMetrics, { method: 'GET' });
    expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
  });

  it('cost one message no request, and a thousand neither', async () => {
    await flushCounts();
    const writes: string[] = [];
    world.line.fate = ({ method, path }) => {
      if (path.startsWith('/counters')) writes.push(method);
      return 'pass';
    };
    for (let number = 0; number < 1_000; number += 1) countMessages(newId(), 1);
    expect(writes).toEqual([]);
    await flushCounts();
    expect(writes.length).toBe(2); // Reads the row, and writes it.
  });
});

describe('health', () => {
  it('is 200 with figures while all parts answer, for anybody, and says how fast each does', async () => {
    const { status, body } = await readHealth();
    expect(status).toBe(200);
    const { checks } = health.parse(body);
    const ok = { status: 'ok', latency_ms: expect.any(Number) as number };
    expect(checks).toEqual({ storage: ok, service_bus: ok, web_pubsub: ok });
  });

  it('asks the parts once however many ask it', async () => {
    let requests = 0;
    world.line.fate = () => {
      requests += 1;
      return 'pass';
    };
    await readHealth();
    const once = requests;
    await Promise.all(Array.from({ length: 20 }, () => call(getHealth, { method: 'GET' })));
    expect(requests).toBe(once);
  });

  const readDegraded = async () => {
    const { status, body } = await readHealth();
    expect(status).toBe(503);
    const { checks } = degraded.parse(body);
    return Object.fromEntries(Object.entries(checks).map(([part, check]) => [part, check.status]));
  };

  it('is 503 and names the part that does not answer, and to the log alone why', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    world.line.fate = () => 'lose';
    expect(await readDegraded()).toEqual({ storage: 'failed', service_bus: 'ok', web_pubsub: 'ok' });
    expect(log.mock.calls.flat().join()).toContain('"part":"storage"');
    const { body } = await call<object>(getHealth, { method: 'GET' });
    expect(Object.keys(body).toSorted()).toEqual(['checks', 'status']);
    expect(JSON.stringify(body)).not.toMatch(/ECONN|error|Key|http/i);
    log.mockRestore();
    world.line.fate = () => 'pass';
    await world.killPart('webPubSub');
    expect(await readDegraded()).toEqual({ storage: 'ok', service_bus: 'ok', web_pubsub: 'failed' });
    await world.startPart('webPubSub');
    await world.killPart('serviceBus');
    expect(await readDegraded()).toEqual({ storage: 'ok', service_bus: 'failed', web_pubsub: 'ok' });
    await world.startPart('serviceBus');
    await until(async () => (await readHealth()).status === 200, { what: 'all to be well again' });
  });

  it('does not wait for a part that keeps silent', async () => {
    const { wait } = clock;
    clock.wait = async () => {};
    const held = Promise.withResolvers<'pass'>();
    world.line.fate = () => held.promise;
    expect((await readDegraded())['storage']).toBe('failed');
    clock.wait = wait;
    held.resolve('pass');
    world.line.fate = () => 'pass';
    await until(async () => (await readHealth()).status === 200, { what: 'all to be well again' });
  });
});
