/** Limits where they are met: the calls that count, what they answer, and what an address is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../../functions/identity/address.ts';
import { postPublish } from '../../../functions/messages/http.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { settings } from '../../../functions/platform/settings.ts';
import { call } from '../call.ts';
import { account, newcomer, outcome, password, register, signIn, setPassword } from '../identity/service.ts';
import { connect, startLive, type Live } from '../realtime/live.ts';
import { signIn as enter } from '../rooms/api.ts';

let live: Live;
const { now } = clock;
beforeAll(async () => {
  live = await startLive();
  settings().LIMITS = 'on';
  // Time stands: nothing comes back into a bucket.
  const at = new Date();
  clock.now = () => at;
});
afterAll(async () => {
  clock.now = now;
  await live.stop();
});

/** Does it until it is refused, at most so often. Answers how often it was not, and the refusal. */
async function untilRefused<T extends { status: number }>(most: number, act: () => Promise<T>) {
  for (let done = 0; done <= most; done += 1) {
    const answer = await act();
    if (answer.status === 429) return { done, answer };
  }
  throw new Error(`Nothing was refused in ${most} times`);
}

describe('too much in a short time', () => {
  it('of rooms is refused with the time to wait, in words and as Retry-After', async () => {
    const alice = await enter();
    const { done, answer } = await untilRefused(61, () => alice.create({ name: `Room ${newId()}` }));
    expect(done).toBe(60);
    expect(answer.body.code).toBe('too_many_requests');
    const seconds = answer.headers.get('retry-after');
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(answer.body.detail).toBe(`You create rooms too often. Try again in ${seconds} seconds.`);
    // What is no room at all does not count, and is told so.
    expect(outcome(await alice.create({ name: '' }))).toBe('400 invalid');
  });

  it('of joins is refused over the connection, which stays open', async () => {
    const bob = await enter();
    const desk = await connect(bob);
    const answers = await Promise.all(
      Array.from({ length: 140 }, () => desk.ask('join', { room_id: newId() })),
    );
    const codes = answers.map(({ problem }) => (problem as { code: string }).code);
    expect(codes.filter((code) => code === 'room_not_found').length).toBe(120);
    expect(codes.filter((code) => code === 'too_many_requests').length).toBe(20);
    expect((await desk.ask('list_rooms')).type).toBe('rooms_list');
    desk.close();
  });

  it('of messages is refused, and a person beside writes on', async () => {
    const [carol, dave] = [await enter(), await enter()];
    const body = { room_id: newId(), content: 'hello' };
    const { done } = await untilRefused(121, () => call(postPublish, { token: carol.token, body }));
    expect(done).toBe(120);
    expect((await call(postPublish, { token: dave.token, body })).status).toBe(404);
  });
});

describe('guessing passwords', () => {
  it('is slowed for an account, there or not, alike, whatever the address', async () => {
    const emails = [(await account()).email, newcomer().email];
    let host = 0;
    for (const email of emails) {
      // Another address each time.
      const from = () => ({ 'x-forwarded-for': `198.51.100.${(host += 1)}:1234` });
      const { done, answer } = await untilRefused(11, () => signIn({ email, password: 'a guess' }, from()));
      expect([done, answer.body.code]).toEqual([10, 'too_many_requests']);
    }
  });

  it('is slowed for who has a token as well', async () => {
    const { token } = await account();
    const body = { current: 'a guess', password };
    expect((await untilRefused(11, () => setPassword(token, body))).done).toBe(10);
  });

  it('is slowed for an address, over all accounts', async () => {
    const from = { 'x-forwarded-for': '203.0.113.7:4711' };
    const guess = () => signIn({ email: newcomer().email, password: 'a guess' }, from);
    expect((await untilRefused(51, guess)).done).toBe(50);
    expect(outcome(await signIn({ email: newcomer().email, password }))).toBe('401 wrong_credentials');
  });

  it('is not made easier by making accounts', async () => {
    const from = { 'x-forwarded-for': '203.0.113.8' };
    expect((await untilRefused(31, () => register(newcomer(), from))).done).toBe(30);
  });
});

describe('the address of a caller', () => {
  const at = (value: string | null) => addressOf({ headers: { get: () => value } });
  it.each([
    [null, undefined],
    ['', undefined],
    ['unknown', undefined],
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:8080', '192.0.2.1'],
    ['10.0.0.1, 192.0.2.1:8080', '192.0.2.1'],
    ['2001:db8:0:1:aaaa::5', '2001:db8:0:1::/64'],
    ['[2001:DB8:0:1:bbbb::6]:443', '2001:db8:0:1::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is %s', (given, expected) => expect(at(given)).toBe(expected));

  it('is what our own proxies say, never what the caller writes before', () => {
    settings().TRUSTED_PROXIES = 1;
    expect(at('forged, 192.0.2.1, 10.0.0.1')).toBe('192.0.2.1');
    expect(at('10.0.0.1')).toBeUndefined();
    settings().TRUSTED_PROXIES = 0;
  });
});
