/** [ISO] The border of a room: who hears it, from which moment on, and until when, on real connections. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { roomGroup } from '../../../contract/names.ts';
import { newId } from '../../../functions/platform/ids.ts';
import { transact, type Action } from '../../../functions/platform/tables.ts';
import { connectionExists, pushToGroup } from '../../../functions/realtime/push.ts';
import { until } from '../../support/until.ts';
import { signIn, type Caller } from '../rooms/api.ts';
import { connect, startLive, type Connection, type Live } from './live.ts';

let live: Live;
let alice: Caller;
beforeAll(async () => {
  live = await startLive();
  alice = await signIn();
});
afterAll(() => live.stop());
afterEach(() => {
  live.arrives = () => {};
  live.answered = () => {};
});

const newRoom = async (): Promise<string> => (await alice.room(`Room ${newId()}`)).id;

/** Says something to a room, and waits until a witness who is in it has heard it. */
async function say(roomId: string, witness: Connection): Promise<string> {
  const mark = newId();
  await pushToGroup(roomGroup(roomId), { type: 'mark', mark });
  await until(() => heard(witness, mark), { what: 'a mark' });
  return mark;
}

const heard = ({ frames }: Connection, mark: string): boolean =>
  frames.some((frame) => frame['mark'] === mark);

/** What was sent to this connection before has arrived once this is answered. */
const flush = (connection: Connection): Promise<unknown> => connection.ask('leave', { room_id: newId() });

describe('[ISO] a room', () => {
  it('is heard by its members on all their connections, from joining to leaving, and by nobody else', async () => {
    const room_id = await newRoom();
    const bob = await signIn();
    const witness = await connect(alice);
    const [phone, desk, stranger] = [await connect(bob), await connect(bob), await connect(await signIn())];
    const before = await say(room_id, witness);
    expect((await phone.ask('join', { room_id })).type).toBe('room_joined');
    const during = await say(room_id, witness);
    const late = await connect(bob);
    const later = await say(room_id, witness);
    expect((await desk.ask('leave', { room_id })).type).toBe('room_left');
    const after = await say(room_id, witness);
    await Promise.all([phone, desk, late, stranger].map(flush));
    const marks = (connection: Connection) =>
      [before, during, later, after].map((mark) => heard(connection, mark));
    expect(marks(phone)).toEqual([false, true, true, false]);
    expect(marks(desk)).toEqual([false, true, true, false]);
    expect(marks(late)).toEqual([false, false, true, false]);
    expect(marks(stranger)).toEqual([false, false, false, false]);
    for (const connection of [witness, phone, desk, late, stranger]) connection.close();
  });

  it('is heard from the moment at which a join is answered, before the answer is on its way', async () => {
    const room_id = await newRoom();
    const [witness, phone] = [await connect(alice), await connect(await signIn())];
    let mark = '';
    live.answered = async (event) => {
      if (event === 'message' && mark === '') mark = await say(room_id, witness);
    };
    expect((await phone.ask('join', { room_id })).type).toBe('room_joined');
    await flush(phone);
    expect([mark !== '', heard(phone, mark)]).toEqual([true, true]);
  });

  it.each(['join', 'leave'])(
    'is right on a connection that opened while its person was to %s',
    async (what) => {
      const [room_id, other] = [await newRoom(), await newRoom()];
      const bob = await signIn();
      const [witness, desk] = [await connect(alice), await connect(bob)];
      await desk.ask('join', { room_id: other });
      if (what === 'leave') await desk.ask('join', { room_id });
      let release = (): void => {};
      const held = new Promise<void>((done) => (release = done));
      let answered: Promise<{ type: string }> | undefined;
      live.answered = (event) => {
        // The groups are read, and Web PubSub does not know the connection yet.
        if (event === 'connect') answered = desk.ask(what, { room_id });
      };
      // Nothing is mended once it is open.
      live.arrives = (event) => (event === 'connected' ? held : undefined);
      const late = await connect(bob);
      expect((await answered)?.type).toBe(what === 'join' ? 'room_joined' : 'room_left');
      const mark = await say(room_id, witness);
      await say(other, late);
      expect(heard(late, mark)).toBe(what === 'join');
      release();
    },
  );

  it('is heard from the start, or soon after, by who is in more rooms than one answer holds', async () => {
    const bob = await signIn();
    const ids = Array.from({ length: 230 }, newId);
    const rows = ids.map((rowKey, index): Action => {
      const used_at = new Date(index).toISOString();
      return {
        type: 'insert',
        row: { partitionKey: bob.id, rowKey, state: 'member', role: 'member', used_at },
      };
    });
    for (let from = 0; from < rows.length; from += 100)
      await transact('memberships', rows.slice(from, from + 100));
    const desk = await connect(bob);
    // Those read most recently are there at once.
    await say(ids.at(-1)!, desk);
    await until(
      async () => {
        for (const id of ids) await pushToGroup(roomGroup(id), { type: 'mark', mark: id });
        return ids.every((id) => heard(desk, id));
      },
      { what: 'all rooms' },
    );
  });

  it('is given up on a connection that takes too long to open, which is then closed', async () => {
    const room_id = await newRoom();
    const bob = await signIn();
    const desk = await connect(bob);
    await desk.ask('join', { room_id });
    let opening = '';
    let open = (): void => {};
    const held = new Promise<void>((done) => (open = done));
    live.answered = async (event, connectionId) => {
      if (event !== 'connect') return;
      opening = connectionId;
      await held;
    };
    const late = connect(bob);
    await until(() => opening !== '');
    expect((await desk.ask('leave', { room_id })).type).toBe('room_left');
    open();
    await (
      await late
    ).closed;
    expect(await connectionExists(opening)).toBe(false);
  });

  it('[GONE] tells everybody in it that it is deleted, and is silent from then on', async () => {
    const room_id = await newRoom();
    const bob = await signIn();
    const [owner, guest, stranger] = [
      await connect(alice),
      await connect(bob),
      await connect(await signIn()),
    ];
    await guest.ask('join', { room_id });
    await alice.remove(room_id);
    for (const each of [owner, guest]) {
      await until(() => each.frames.find(({ type }) => type === 'room_deleted'), { what: 'room_deleted' });
    }
    await pushToGroup(roomGroup(room_id), { type: 'mark', mark: room_id });
    await Promise.all([owner, guest, stranger].map(flush));
    expect([owner, guest, stranger].map((each) => heard(each, room_id))).toEqual([false, false, false]);
    expect(stranger.frames.some(({ type }) => type === 'room_deleted')).toBe(false);
  });
});

describe('who is online', () => {
  it('follows the connections, to the last one', async () => {
    const room_id = await newRoom();
    const bob = await signIn();
    const [one, two] = [await connect(bob), await connect(bob)];
    await one.ask('join', { room_id });
    const isOnline = async (): Promise<boolean | undefined> =>
      (await alice.members(room_id)).body.find(({ user_id }) => user_id === bob.id)?.online;
    await until(isOnline, { what: 'bob to be online' });
    one.close();
    await one.closed;
    expect(await isOnline()).toBe(true);
    two.close();
    await until(async () => (await isOnline()) === false, { what: 'bob to be offline' });
  });
});

describe('the list of rooms', () => {
  it('is answered over the connection, in pages', async () => {
    for (const name of ['list 1', 'list 2', 'list 3']) await alice.room(name);
    const connection = await connect(alice);
    const names: unknown[] = [];
    let cursor: unknown;
    do {
      const page = await connection.ask('list_rooms', { limit: 2, ...(cursor !== undefined && { cursor }) });
      names.push(...(page['rooms'] as { name: string }[]).map(({ name }) => name));
      cursor = page['next'];
    } while (cursor !== undefined);
    expect(names.filter((name) => String(name).startsWith('list '))).toEqual(['list 1', 'list 2', 'list 3']);
    expect((await connection.ask('list_rooms', { cursor: 'x!' }))['problem']).toMatchObject({
      code: 'bad_cursor',
    });
  });
});
