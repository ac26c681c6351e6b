/** [ISO] What becomes of a room's messages after somebody is out of it: through the whole stack, as it is delivered. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Room } from '../../contract/rooms.ts';
import { until } from '../support/until.ts';
import { startOutside, type Outside, type Socket, type Somebody } from './over-http.ts';

let outside: Outside;
let alice: Somebody;
let bob: Somebody;
beforeAll(async () => {
  outside = await startOutside();
  [alice, bob] = await Promise.all([outside.register(), outside.register()]);
});
afterAll(() => outside.stack.stop());

const makeRoom = async (kind: string): Promise<string> =>
  (await outside.must<Room>('createRoom', alice, { body: { name: `Room ${randomUUID()}`, kind } })).id;
const say = (room_id: string, content: string) =>
  outside.must<{ seq: number }>('publish', alice, { body: { room_id, content } });
/** What was sent to a connection before has arrived once this is answered. */
const flush = (socket: Socket) => socket.ask('leave', { room_id: randomUUID() });

describe('who is out of a private room', () => {
  it.each<[string, (room: string, theirs: Socket) => Promise<unknown>]>([
    ['left it', (room_id, theirs) => theirs.ask('leave', { room_id })],
    ['was removed', (id) => outside.must('removeMember', alice, { params: { id, user: bob.user_id } })],
    ['was banned', (id) => outside.must('putBan', alice, { params: { id, user: bob.user_id }, body: {} })],
  ])('and %s, is told of nothing that becomes of it or its messages', async (how, goOut) => {
    const room = await makeRoom('private');
    const link = await outside.must<{ token: string }>('invite', alice, { params: { id: room }, body: {} });
    const [before, hers] = [await outside.open(bob), await outside.open(alice)];
    let theirs = before;
    await outside.must('enterByLink', bob, { params: { token: link.token } });
    const { seq } = await say(room, 'To be removed');
    await say(room, 'To be pinned');
    await until(() => theirs.heard('To be pinned'), { what: 'the message' });
    await goOut(room, theirs);
    // A ban has closed it; another connection of theirs hears as little.
    if (how === 'was banned') {
      expect(await before.closed).toBe(1000);
      theirs = await outside.open(bob);
    }
    await flush(theirs);
    const [heard, told] = [theirs.ours().length, hers.ours().length];
    await outside.must('removeMessage', alice, { params: { id: room, seq: String(seq) } });
    await outside.must('pinMessage', alice, { params: { id: room, seq: '2' } });
    await outside.must('changeRoom', alice, { params: { id: room }, body: { description: 'Changed' } });
    await say(room, 'Not for bob');
    for (const type of ['message_removed', 'pins_changed', 'room_changed'])
      await until(() => hers.about(room, told).includes(type), { what: type });
    await until(() => hers.heard('Not for bob'));
    await flush(theirs);
    // Why they are out, and nothing of what came after.
    expect(theirs.about(room, heard).filter((type) => type !== 'you_were_removed')).toEqual([]);
    for (const id of ['readMessages', 'listPins', 'readRoom', 'listMembers']) {
      const { status, body } = await outside.ask(id, bob, { params: { id: room } });
      expect([status, body.code]).toEqual([404, 'room_not_found']);
    }
    for (const socket of [theirs, hers]) socket.close();
  });

  it('and had it in the list while it was open, is told that it is gone and nothing more', async () => {
    const room = await makeRoom('open');
    const [theirs, hers] = [await outside.open(bob), await outside.open(alice)];
    await theirs.ask('list_rooms', {});
    const listed = theirs.ours().length;
    await outside.must('changeRoom', alice, { params: { id: room }, body: { kind: 'private' } });
    const gone = () =>
      theirs
        .ours()
        .find(
          (frame, index) => index >= listed && (frame['removed'] as string[] | undefined)?.includes(room),
        );
    await until(gone, { what: 'its going' });
    const heard = theirs.ours().length;
    await outside.must('changeRoom', alice, { params: { id: room }, body: { name: `Secret ${room}` } });
    await until(() => hers.heard(`Secret ${room}`));
    // What the list is told next shows that it was told nothing before.
    const next = await makeRoom('open');
    await until(() => theirs.heard(next, listed), { what: 'the next room of the list' });
    expect([theirs.about(room, heard), theirs.heard(`Secret ${room}`)]).toEqual([[], false]);
    for (const socket of [theirs, hers]) socket.close();
  });
});
