/** The session of a browser: kept, shared by tabs, renewed in time, and dropped when it is refused. */
import { expect, test } from 'vitest';
import type { Session } from '../../../contract/identity.ts';
import { Unreachable } from '../../../web/connection/http.ts';
import { KeptSession } from '../../../web/connection/session.ts';
import { refusal, sessionOf, Steered } from './steered.ts';

const hour = 3_600_000;

function sessionIn(time: Steered, answers: (() => Session)[] = []) {
  const changes: (string | undefined)[] = [];
  const asked: (string | undefined)[] = [];
  const ended: string[] = [];
  const renew = async (secret: string | undefined): Promise<Session> => {
    asked.push(secret);
    const answer = answers.shift();
    if (answer === undefined) throw new Error('Nobody expected this');
    return answer();
  };
  const session = new KeptSession({
    environment: time.environment,
    api: { signIn: (_name, token) => renew(token), refresh: renew },
    onChange: (current) => changes.push(current?.token),
    onEnded: ({ code }) => ended.push(code),
  });
  return { session, changes, asked, ended };
}

test('the session outlives a reload, until it ends', () => {
  const time = new Steered();
  sessionIn(time).session.set(sessionOf('first'));
  expect(sessionIn(time).session.current?.token).toBe('first');
  time.now += 11 * hour;
  expect(sessionIn(time).session.current).toBeUndefined();
});

test('it is renewed with its own token before it ends, and again after that', async () => {
  const time = new Steered();
  const later = (token: string) => () => sessionOf(token, 10, time.now);
  const { session, changes, asked } = sessionIn(time, [later('second'), later('third')]);
  session.set(sessionOf('first'));
  expect(time.next).toBeLessThan(9.5 * hour);
  await time.step();
  await time.step();
  expect(asked).toEqual(['first', 'second']);
  expect(changes).toEqual(['first', 'second', 'third']);
});

test('a renewal that gets no answer is tried again', async () => {
  const time = new Steered();
  const cut = (): Session => {
    throw new Unreachable('cut');
  };
  const { session } = sessionIn(time, [cut, () => sessionOf('second', 10, time.now)]);
  session.set(sessionOf('first'));
  await time.step();
  expect(session.current?.token).toBe('first');
  await time.step();
  expect(session.current?.token).toBe('second');
});

test('a renewal that is refused leaves the session as it is: its token is good until it ends', async () => {
  const time = new Steered();
  const refused = (): Session => {
    throw refusal('guests_off');
  };
  const { session } = sessionIn(time, [refused]);
  session.set(sessionOf('first'));
  await time.step();
  expect(session.current?.token).toBe('first');
});

test('what one tab does, the others take up', () => {
  const time = new Steered();
  const [here, there] = [sessionIn(time), sessionIn(time)];
  here.session.set(sessionOf('first'));
  time.fire('storage');
  expect(there.changes).toEqual(['first']);
  there.session.set(undefined);
  time.fire('storage');
  expect(here.session.current).toBeUndefined();
});

test('a refused token ends the session, unless another tab has renewed it meanwhile', async () => {
  const time = new Steered();
  const [here, there] = [sessionIn(time), sessionIn(time)];
  here.session.set(sessionOf('first'));
  there.session.set(sessionOf('second'));
  expect(await here.session.refused('first')).toBe(true);
  expect(here.session.current?.token).toBe('second');
  expect(await here.session.refused('second')).toBe(false);
  expect(here.session.current).toBeUndefined();
  expect(here.ended).toEqual(['unauthenticated']);
});

test('what is kept and cannot be read counts as nothing', () => {
  const time = new Steered();
  time.environment.storage.setItem('hubbub.session', '{"token": 1');
  expect(sessionIn(time).session.current).toBeUndefined();
});

test('looking at the page again and again does not put the renewal off', async () => {
  const time = new Steered();
  const { session } = sessionIn(time);
  session.set(sessionOf('first'));
  const due = time.now + (time.next ?? 0);
  time.now += 5 * hour;
  time.fire('wake');
  expect(time.now + (time.next ?? 0)).toBe(due);
});

test('a session that ran out while the page was open ends with a refusal, and not in silence', async () => {
  const time = new Steered();
  const { session, changes, asked } = sessionIn(time);
  session.set(sessionOf('first'));
  time.now += 11 * hour;
  time.fire('wake');
  await time.step();
  expect([asked, changes]).toEqual([[], ['first']]);
  expect(await session.refused('first')).toBe(false);
  expect(session.current).toBeUndefined();
});

const minute = 60_000;
/** Of an account: the token is good for minutes, what renews it for days. */
const accountSession = (token: string, from: number): Session => ({
  ...sessionOf(token, 0.25, from),
  refresh_token: `refresh of ${token}`,
  refresh_expires_at: new Date(from + 30 * 24 * hour).toISOString(),
});
const renewedTo = (time: Steered, token: string) => () => accountSession(token, time.now);

test('an account’s session outlives its token, for as long as it can be renewed', async () => {
  const time = new Steered();
  sessionIn(time).session.set(accountSession('first', time.now));
  time.now += 20 * minute;
  const { session, asked } = sessionIn(time, [renewedTo(time, 'second')]);
  expect(session.current?.token).toBe('first');
  expect(await session.token()).toBe('second');
  expect(asked).toEqual(['refresh of first']);
  time.now += 31 * 24 * hour;
  expect(sessionIn(time).session.current).toBeUndefined();
});

test('calls that begin together renew once', async () => {
  const time = new Steered();
  const { session, asked } = sessionIn(time, [renewedTo(time, 'second')]);
  session.set(accountSession('first', time.now));
  time.now += 20 * minute;
  expect(await Promise.all([session.token(), session.token(), session.refused('first')])).toEqual([
    'second',
    'second',
    true,
  ]);
  expect(asked).toEqual(['refresh of first']);
});

test('of all tabs one renews, and the others take its session up', async () => {
  const time = new Steered();
  const here = sessionIn(time, [renewedTo(time, 'second')]);
  here.session.set(accountSession('first', time.now));
  const there = sessionIn(time);
  time.now += 20 * minute;
  expect(await Promise.all([here.session.token(), there.session.token()])).toEqual(['second', 'second']);
  expect([here.asked, there.asked]).toEqual([['refresh of first'], []]);
});

test('a refresh token that is refused ends the session, and says so', async () => {
  const time = new Steered();
  const refused = (): Session => {
    throw refusal('token_refused');
  };
  const { session, ended } = sessionIn(time, [refused]);
  session.set(accountSession('first', time.now));
  expect(await session.refused('first')).toBe(false);
  expect([session.current, ended]).toEqual([undefined, ['unauthenticated']]);
});

test('without an answer it is not known whether a refused token can be renewed: the session stays', async () => {
  const time = new Steered();
  const cut = (): Session => {
    throw new Unreachable('cut');
  };
  const { session, ended } = sessionIn(time, [cut]);
  session.set(accountSession('first', time.now));
  await expect(session.refused('first')).rejects.toThrow(Unreachable);
  expect([session.current?.token, ended]).toEqual(['first', []]);
});
