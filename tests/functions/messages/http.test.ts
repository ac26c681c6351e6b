/** REST of messages: who may publish and read, what is refused, and with which words. */
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { history, published, type History, type Published } from '../../../contract/messages.ts';
import { problem, problems, type Problem } from '../../../contract/problems.ts';
import { issueToken } from '../../../functions/identity/token.ts';
import { getMessages, postPublish } from '../../../functions/messages/http.ts';
import { range } from '../../../functions/messages/history.ts';
import { readHead } from '../../../functions/messages/log.ts';
import { readLog, touchLog } from '../../../functions/messages/store.ts';
import { clock } from '../../../functions/platform/clock.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { call } from '../call.ts';
import { isAppend, type Fate } from './faults.ts';
import { closeRoom, roomOf } from './rooms.ts';
import { person, startWorld, type World } from './world.ts';

let world: World;
const { now } = clock;
const [alice, bob] = [person(), person()];
const tokens = new Map<string, string>();
let shared: string;

beforeAll(async () => {
  world = await startWorld();
  for (const one of [alice, bob])
    tokens.set(one.user_id, await issueToken(one, new Date(Date.now() + 3_600_000)));
  shared = await roomOf(alice, bob);
});
afterAll(() => world.stop());
afterEach(() => {
  world.line.fate = () => 'pass';
});

/** Either of the two; a test says which it expects. */
type Answer = Omit<Published, 'status'> & Omit<Problem, 'status'>;

const publishAs = (who: typeof alice, body: unknown) =>
  call<Answer>(postPublish, { token: tokens.get(who.user_id) ?? '', body });

const readAs = (who: typeof alice, id: string, query: Record<string, string> = {}) =>
  call<History & Omit<Problem, 'type'>>(getMessages, {
    method: 'GET',
    token: tokens.get(who.user_id) ?? '',
    params: { id },
    query,
  });

describe('POST /publish', () => {
  it('answers with the number, the id and the name of the room', async () => {
    const room_id = await roomOf(alice);
    const { status, body } = await publishAs(alice, { room_id, content: 'hello', sender: alice.user_id });
    expect(status).toBe(200);
    expect(published.parse(body)).toEqual({
      status: 'success',
      room: `Room ${room_id}`,
      message_id: expect.stringMatching(/^[\da-f-]{36}$/),
      seq: 1,
    });
  });

  it('[ACK] answers a repeat as the first time, whatever came in between', async () => {
    const room_id = await roomOf(alice, bob);
    const body = { room_id, content: 'hello', message_id: newId() };
    const first = await publishAs(alice, body);
    for (const content of ['b', 'c']) await publishAs(bob, { room_id, content });
    const again = await Promise.all([publishAs(alice, body), publishAs(alice, body)]);
    for (const each of again) expect([each.status, each.body]).toEqual([200, first.body]);
    expect(await readHead(room_id)).toBe(3);
  });

  it('[LOG] takes the same message sent twice at one instant for one', async () => {
    const room_id = await roomOf(alice);
    const body = { room_id, content: 'twice', message_id: newId() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => publishAs(alice, body)));
    expect(answers.map(({ body: { seq } }) => seq)).toEqual([1, 1, 1, 1, 1]);
    expect(await readHead(room_id)).toBe(1);
  });

  it('[BAD] refuses another message under a used id, and lets its neighbours through', async () => {
    const room_id = await roomOf(alice, bob);
    const message_id = newId();
    await publishAs(alice, { room_id, content: 'mine', message_id });
    const [other, foreign, fine] = await Promise.all([
      publishAs(alice, { room_id, content: 'other', message_id }),
      publishAs(bob, { room_id, content: 'mine', message_id }),
      publishAs(bob, { room_id, content: 'fine' }),
    ]);
    for (const { status, body } of [other, foreign])
      expect([status, body.code]).toEqual([409, 'message_id_in_use']);
    expect([fine.status, fine.body.seq]).toEqual([200, 2]);
  });

  it('takes the same id in two rooms for two messages', async () => {
    const message_id = newId();
    for (const room_id of [await roomOf(alice), await roomOf(alice)]) {
      expect((await publishAs(alice, { room_id, content: 'x', message_id })).body.seq).toBe(1);
    }
  });

  it('[ISO] refuses who is not a member, and stores nothing', async () => {
    const room_id = await roomOf(bob);
    const { status, body } = await publishAs(alice, { room_id, content: 'let me in' });
    expect([status, body.code]).toEqual([403, 'not_member']);
    expect(await readHead(room_id)).toBe(0);
  });

  it('refuses to speak for somebody else', async () => {
    const { status, body } = await publishAs(alice, { room_id: shared, content: 'x', sender: bob.user_id });
    expect([status, body.code]).toEqual([403, 'not_yourself']);
  });

  it('[GONE] knows no room that is not there or was deleted', async () => {
    const gone = await roomOf(alice);
    await closeRoom(gone);
    for (const room_id of [gone, newId()]) {
      const { status, body } = await publishAs(alice, { room_id, content: 'x' });
      expect([status, body.code]).toEqual([404, 'room_not_found']);
    }
    expect(await readHead(gone)).toBe(0);
  });

  it('needs a token', async () => {
    const { status, body } = await call(postPublish, { body: { room_id: shared, content: 'x' } });
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
  });

  it('[ACK] answers 503 and a time to wait where the storage does not answer', async () => {
    const room_id = await roomOf(alice);
    world.line.fate = (request) => (isAppend(request) ? 'lose' : 'pass');
    const { status, body, headers } = await publishAs(alice, { room_id, content: 'x' });
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '2']);
  });

  it('answers 429 and a time to wait where others always come first, and stores nothing', async () => {
    const room_id = await roomOf(alice);
    let attempts = 0;
    world.line.fate = async (request): Promise<Fate> => {
      if (!isAppend(request)) return 'pass';
      attempts += 1;
      const log = await readLog(room_id);
      if (log) await touchLog(room_id, log);
      // Its five seconds are over after the third attempt.
      if (attempts === 3) clock.now = () => new Date(now().getTime() + 6_000);
      return 'pass';
    };
    const { status, body, headers } = await publishAs(alice, { room_id, content: 'x' });
    clock.now = now;
    expect([status, body.code, attempts]).toEqual([429, 'busy', 3]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await readHead(room_id)).toBe(0);
  });

  it('[BAD] says what is wrong with a body, and stores nothing', async () => {
    const good = { room_id: shared, content: 'x' };
    const head = await readHead(shared);
    const cases: [unknown, number, string][] = [
      ['', 400, ''],
      ['{"room_id":', 400, ''],
      [[], 400, ''],
      [{ content: 'x' }, 400, 'room_id'],
      [{ ...good, room_id: 'General' }, 400, 'room_id'],
      [{ ...good, room_id: `${shared}/../log` }, 400, 'room_id'],
      [{ room_id: shared }, 400, 'content'],
      [{ ...good, content: 7 }, 400, 'content'],
      [{ ...good, content: '' }, 400, 'content'],
      [{ ...good, content: ' \n\t ' }, 400, 'content'],
      [{ ...good, content: 'a\u0000b' }, 400, 'content'],
      [{ ...good, content: '\ud800' }, 400, 'content'],
      [{ ...good, content: 'x'.repeat(8_001) }, 413, 'content'],
      [{ ...good, content: '😀'.repeat(8_001) }, 413, 'content'],
      [{ ...good, message_id: '7' }, 400, 'message_id'],
      [{ ...good, sender: 7 }, 400, 'sender'],
    ];
    for (const [body, status, path] of cases) {
      const answer = await publishAs(alice, body);
      expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([status, path]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.headers.get('x-request-id')).toBeTruthy();
      expect(problem.parse(answer.body).detail).not.toBe('');
    }
    expect(await readHead(shared)).toBe(head);
  });

  it('[BAD] answers whatever it is sent with a problem of the list', async () => {
    const fields = fc.record(
      {
        room_id: fc.oneof(fc.constant(shared), fc.uuid(), fc.anything()),
        content: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        message_id: fc.oneof(fc.uuid(), fc.anything()),
        sender: fc.oneof(fc.constant(alice.user_id), fc.anything()),
      },
      { requiredKeys: [] },
    );
    const toText = (value: unknown): string => {
      try {
        return JSON.stringify(value) ?? '';
      } catch {
        return '{}'; // A BigInt, say.
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fields.map(toText)), async (body) => {
        const { status, body: answer } = await publishAs(alice, body);
        if (status === 200) {
          expect(published.parse(answer).room).toBe(`Room ${shared}`);
          return;
        }
        const code = problem.parse(answer).code as keyof typeof problems;
        expect(status).toBeLessThan(500);
        expect(problems[code].status).toBe(status);
      }),
      { numRuns: 60 },
    );
  });
});

describe('GET /rooms/{id}/messages', () => {
  let room_id: string;
  beforeAll(async () => {
    room_id = await roomOf(alice);
    for (let number = 1; number <= 12; number += 1)
      await publishAs(alice, { room_id, content: `message ${number}` });
  });
  const seqs = async (query: Record<string, string>) =>
    (await readAs(alice, room_id, query)).body.messages.map(({ seq }) => seq);

  it('answers the newest page, numbers ascending, with the head', async () => {
    const { status, body } = await readAs(alice, room_id, { limit: '5' });
    expect(status).toBe(200);
    expect(history.parse(body).messages.map(({ seq }) => seq)).toEqual([8, 9, 10, 11, 12]);
    expect(body.head).toBe(12);
    expect(body.messages[0]).toMatchObject({
      type: 'message',
      content: 'message 8',
      sender: alice.user_id,
      room_id,
    });
  });

  it('[LOG] makes every hole loadable', async () => {
    expect(await seqs({ before: '8', limit: '3' })).toEqual([5, 6, 7]);
    expect(await seqs({ after: '8', limit: '3' })).toEqual([9, 10, 11]);
    expect(await seqs({ after: '3', before: '7' })).toEqual([4, 5, 6]);
    expect(await seqs({ before: '1' })).toEqual([]);
    expect(await seqs({ after: '12' })).toEqual([]);
    expect(await seqs({ after: '5', before: '6' })).toEqual([]);
    expect(await seqs({ before: '999999999999', limit: '2' })).toEqual([11, 12]);
  });

  it('[LOG] gives, for any window, the numbers inside it next to its anchor', () => {
    const number = fc.option(fc.nat(60), { nil: undefined });
    fc.assert(
      fc.property(
        fc.nat(50),
        number,
        number,
        fc.integer({ min: 1, max: 20 }),
        (head, before, after, limit) => {
          const all = Array.from({ length: head }, (_, index) => index + 1).filter(
            (seq) => (before === undefined || seq < before) && (after === undefined || seq > after),
          );
          const expected = after === undefined ? all.slice(-limit) : all.slice(0, limit);
          const { first, last } = range(head, { before, after, limit });
          const got = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
          expect(got).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('costs one request of the log, one of the membership and one of the messages, whatever the length', async () => {
    const paths: string[] = [];
    world.line.fate = ({ path }) => {
      paths.push(path);
      return 'pass';
    };
    await readAs(alice, room_id, { limit: '5' });
    expect(paths.length).toBe(3);
  });

  it('is empty, and says so, in a room without messages', async () => {
    const { body } = await readAs(alice, await roomOf(alice));
    expect(body).toEqual({ messages: [], head: 0, edition: 0, first: 1 });
  });

  it('[ISO] is for members only', async () => {
    const { status, body } = await readAs(bob, room_id);
    expect([status, body.code]).toEqual([403, 'not_member']);
    expect((await call(getMessages, { method: 'GET', params: { id: room_id } })).status).toBe(401);
  });

  it('[GONE] shows nothing of a room that was deleted', async () => {
    const gone = await roomOf(alice);
    await publishAs(alice, { room_id: gone, content: 'x' });
    await closeRoom(gone);
    for (const id of [gone, newId(), 'general', '..', 'a/b', "x' or '1' eq '1", '%2e']) {
      const { status, body } = await readAs(alice, id);
      expect([status, body.code]).toEqual([404, 'room_not_found']);
    }
  });

  it('[BAD] says which part of the query is wrong', async () => {
    for (const [name, values] of Object.entries({
      limit: ['0', '201', '-1', '1.5', 'x', '', ' 5', '1e2'],
      before: ['-1', 'x', '', '1.5', '99999999999999999999'],
      after: ['-1', 'x', '', '0x5'],
    })) {
      for (const value of values) {
        const { status, body } = await readAs(alice, room_id, { [name]: value });
        expect([value, status, body.errors?.[0]?.path]).toEqual([value, 400, name]);
      }
    }
  });
});
