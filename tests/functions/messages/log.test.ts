/** The log of a room: dense, whoever writes to it from wherever, and whatever the storage does to an append. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { append, readHead, readOpenLog, type Draft } from '../../../functions/messages/log.ts';
import { publish } from '../../../functions/messages/publish.ts';
import { readMessages } from '../../../functions/messages/store.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { ProblemError } from '../../../functions/platform/problem.ts';
import { isAppend } from './faults.ts';
import { startInstance } from './instances.ts';
import { roomOf } from './rooms.ts';
import { person, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
afterEach(() => {
  world.line.fate = () => 'pass';
});

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const alice = person();
const draft = (content = 'hello', message_id = newId()): Draft => ({
  message_id,
  content,
  sender: alice.user_id,
  sender_name: alice.name,
});

/** All of a room, checked to be dense. */
async function readAll(roomId: string) {
  const head = await readHead(roomId);
  const messages = await readMessages(roomId, 1, Number.MAX_SAFE_INTEGER);
  expect(messages.map(({ seq }) => seq)).toEqual(upTo(head));
  return messages;
}

describe('appending', () => {
  it('[LOG] numbers a batch without a gap, in its order', async () => {
    const roomId = await roomOf();
    const log = await readOpenLog(roomId);
    const drafts = upTo(49).map((number) => draft(`message ${number}`));
    const first = await append(roomId, log, drafts);
    expect(first.log?.head).toBe(49);
    const second = await append(roomId, first.log ?? log, [draft('fifty')]);
    expect(second.log?.head).toBe(50);
    const messages = await readAll(roomId);
    expect(messages.map(({ message_id }) => message_id).slice(0, 49)).toEqual(
      drafts.map((one) => one.message_id),
    );
  });

  it('keeps the longest messages there can be, 49 at once', async () => {
    const roomId = await roomOf();
    const content = '😀'.repeat(8_000);
    const attempt = await append(
      roomId,
      await readOpenLog(roomId),
      upTo(49).map(() => draft(content)),
    );
    expect(attempt.outcomes.every(({ kind }) => kind === 'stored')).toBe(true);
    const messages = await readAll(roomId);
    expect(messages.every((message) => message.content === content)).toBe(true);
  });

  it('[LOG] stores nothing under a log that has changed since', async () => {
    const roomId = await roomOf();
    const log = await readOpenLog(roomId);
    await append(roomId, log, [draft('first')]);
    const late = await append(roomId, log, [draft('late')]);
    expect(late).toEqual({ outcomes: [{ kind: 'again' }], uncertain: false });
    expect((await readAll(roomId)).map(({ content }) => content)).toEqual(['first']);
  });

  it('[LOG] finds a repeat by its id, refuses another message under it, and fails no neighbour', async () => {
    const roomId = await roomOf();
    const known = draft('known');
    await append(roomId, await readOpenLog(roomId), [known]);
    const log = await readOpenLog(roomId);
    const fresh = draft('fresh');
    const drafts = [known, { ...known, content: 'other' }, { ...known, sender: 'somebody' }, fresh];
    // A transaction holds each row once, so each of these goes in a batch with the fresh one.
    for (const [index, kind] of (['stored', 'refused', 'refused'] as const).entries()) {
      const { outcomes } = await append(roomId, log, [drafts[index] ?? fresh, fresh]);
      expect(outcomes.map((outcome) => outcome.kind)).toEqual([kind, 'again']);
    }
    const { outcomes } = await append(roomId, log, [fresh]);
    expect(outcomes[0]).toMatchObject({ kind: 'stored', message: { seq: 2 } });
  });

  it('[ACK] takes an append whose answer was lost for what it was', async () => {
    const roomId = await roomOf();
    const log = await readOpenLog(roomId);
    world.line.fate = (request) => (isAppend(request) ? 'mute' : 'pass');
    const attempt = await append(roomId, log, [draft('a'), draft('b')]);
    expect(attempt.uncertain).toBe(true);
    expect(attempt.outcomes).toMatchObject([
      { kind: 'stored', message: { seq: 1, content: 'a' } },
      { kind: 'stored', message: { seq: 2, content: 'b' } },
    ]);
    await readAll(roomId);
  });

  it('[ACK] answers nothing good for an append that never arrived', async () => {
    const roomId = await roomOf();
    const log = await readOpenLog(roomId);
    world.line.fate = (request) => (isAppend(request) ? 'lose' : 'pass');
    const attempt = await append(roomId, log, [draft()]);
    expect(attempt).toMatchObject({ uncertain: true, outcomes: [{ kind: 'refused' }] });
    expect(await readAll(roomId)).toEqual([]);
  });
});

/** Repeats what a busy room refuses, as a client does; how busy it is depends on the machine. */
async function patiently<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'busy')) throw error;
    }
  }
}

describe('many who write to one room', () => {
  it('[LOG] [ACK] make one dense sequence in one instance, each answer under its own number', async () => {
    const people = Array.from({ length: 50 }, person);
    const room_id = await roomOf(...people);
    const sent = people.flatMap((who) =>
      upTo(4).map((n) => ({ who, content: `${who.name} ${n}`, message_id: newId() })),
    );
    const answers = await Promise.all(
      sent.map(({ who, content, message_id }) =>
        patiently(() => publish(who, { room_id, content, message_id })),
      ),
    );
    const messages = await readAll(room_id);
    expect(messages.length).toBe(200);
    for (const [index, { seq, message_id }] of answers.entries()) {
      expect(messages[seq - 1]).toMatchObject({ message_id, content: sent[index]?.content });
    }
  });

  it('[LOG] [ACK] make one dense sequence from several instances at once', async () => {
    const people = Array.from({ length: 3 }, person);
    const room_id = await roomOf(...people);
    const tasks = people.map((principal) => ({
      principal,
      room_id,
      messages: upTo(60).map((n) => ({ message_id: newId(), content: `${principal.name} ${n}` })),
    }));
    const answers = (await Promise.all(tasks.map((task) => startInstance(task).answers))).flat();
    const messages = await readAll(room_id);
    const byId = new Map(messages.map((message) => [message.message_id, message]));
    expect(answers.length).toBe(180);
    for (const { message_id, seq, code } of answers) {
      if (code === undefined) expect(byId.get(message_id)?.seq).toBe(seq);
      else expect([code, byId.has(message_id)]).toEqual(['busy', false]);
    }
    expect(answers.filter(({ seq }) => seq !== undefined).length).toBe(messages.length);
    expect(new Set(messages.map(({ sender }) => sender)).size).toBe(3);
  });
});
