/** The session of a browser: kept, shared by tabs, renewed in time, and dropped when it is refused. */
import { expect, test } from 'vitest';
import type { Session } from '../../../contract/identity.ts';
import { Unreachable } from '../../../web/connection/api.ts';
import { KeptSession } from '../../../web/connection/session.ts';
import { refusal, sessionOf, Steered } from './steered.ts';

const hour = 3_600_000;

function sessionIn(time: Steered, answers: (() => Session)[] = []) {
  const changes: (string | undefined)[] = [];
  const asked: (string | undefined)[] = [];
  const session = new KeptSession({
    environment: time.environment,
    api: {
      signIn: async (_name, token) => {
        asked.push(token);
        const answer = answers.shift();
        if (answer === undefined) throw new Error('Nobody expected this');
        return answer();
      },
    },
    onChange: (current) => changes.push(current?.token),
  });
  return { session, changes, asked };
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

test('a refused token ends the session, unless another tab has renewed it meanwhile', () => {
  const time = new Steered();
  const [here, there] = [sessionIn(time), sessionIn(time)];
  here.session.set(sessionOf('first'));
  there.session.set(sessionOf('second'));
  expect(here.session.refused('first')).toBe(false);
  expect(here.session.current?.token).toBe('second');
  expect(here.session.refused('second')).toBe(true);
  expect(here.session.current).toBeUndefined();
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
  expect(session.refused('first')).toBe(true);
  expect(session.current).toBeUndefined();
});
