/** The list of rooms while pages, searches and news of it cross each other. */
import { expect, test } from 'vitest';
import type { Room } from '../../../contract/rooms.ts';
import { normalizeName } from '../../../contract/text.ts';
import { Unreachable } from '../../../web/connection/http.ts';
import type { Page } from '../../../web/connection/model.ts';
import { Directory } from '../../../web/connection/directory.ts';
import { roomOf } from './samples.ts';
import { apiOf, settled, stateOf, Steered } from './steered.ts';

const pageSize = 3;

/** A directory over a server that has these rooms; `held` answers wait until they are let go. */
function directoryOf(names: string[]) {
  const time = new Steered();
  const store = stateOf();
  const server = new Map(names.map((name) => [name, roomOf(name)]));
  const asked: string[] = [];
  const removed: string[] = [];
  let gate: Promise<void> | undefined;
  let failure: Error | undefined;
  const listRooms = async (query: string, next = '0'): Promise<Page<Room>> => {
    asked.push(`${query}:${next}`);
    const found = [...server.values()]
      .filter(({ name }) => normalizeName(name).startsWith(normalizeName(query)))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const from = Number(next);
    const items = found.slice(from, from + pageSize);
    await gate;
    if (failure !== undefined) throw failure;
    return from + pageSize < found.length ? { items, next: String(from + pageSize) } : { items };
  };
  const directory = new Directory(
    { store, api: apiOf({ listRooms }), environment: time.environment },
    {
      isMember: (id) => store.getState().memberships[id] !== undefined,
      onUnlisted: (id) => removed.push(id),
    },
  );
  return {
    directory,
    time,
    store,
    server,
    asked,
    removed,
    names: () => store.getState().directory.ids.map((id) => store.getState().rooms[id]?.name),
    state: () => store.getState().directory,
    /** Answers wait until what this returns is called. */
    hold: (): (() => void) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    fail: (error: Error | undefined) => (failure = error),
  };
}

const tell = (directory: Directory, ...rooms: Room[]): void => directory.update({ rooms, removed: [] });

test('pages follow each other, each room once', async () => {
  const { directory, names, state } = directoryOf(['a', 'b', 'c', 'd', 'e']);
  await directory.reload();
  expect(names()).toEqual(['a', 'b', 'c']);
  expect(state().complete).toBe(false);
  await Promise.all([directory.loadMore(), directory.loadMore()]);
  expect(names()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(state()).toMatchObject({ complete: true, loading: { state: 'ready' } });
});

test('a reload loads as much as was loaded', async () => {
  const { directory, names, server } = directoryOf(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  await directory.reload();
  await directory.loadMore();
  server.delete('b');
  await directory.reload();
  expect(names()).toEqual(['a', 'c', 'd', 'e', 'f', 'g']);
});

test('a room that is told of while an older answer is on its way stays in the list', async () => {
  const { directory, names, hold } = directoryOf(['a', 'c', 'd', 'e']);
  await directory.reload();
  const letGo = hold();
  const reload = directory.reload();
  tell(directory, roomOf('b'));
  letGo();
  await reload;
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
});

test('[GONE] a deleted room stays away, whatever an older answer or frame says', async () => {
  const { directory, names, store } = directoryOf(['a', 'b']);
  await directory.reload();
  directory.update({ rooms: [], removed: [roomOf('a').id] });
  tell(directory, roomOf('a', { version: 9 }));
  await directory.reload();
  expect(names()).toEqual(['b']);
  expect(store.getState().rooms[roomOf('a').id]).toBeUndefined();
});

test('a room that was taken from the list and is listed again later, comes back', async () => {
  const { directory, names, time } = directoryOf(['a', 'b']);
  await directory.reload();
  directory.update({ rooms: [], removed: [roomOf('a').id] });
  time.now += 20_000;
  tell(directory, roomOf('a', { version: 9 }));
  expect(names()).toEqual(['a', 'b']);
});

test('a room that became a private one stays known to its members, and is not in the list', async () => {
  const { directory, store, names } = directoryOf(['a', 'b']);
  await directory.reload();
  store.setState({ memberships: { [roomOf('a').id]: { role: 'member', last_read: 0, head: 0 } } });
  directory.update({ rooms: [], removed: [roomOf('a').id] });
  directory.learn(roomOf('a', { kind: 'private', version: 2 }));
  expect(names()).toEqual(['b']);
  expect(store.getState().rooms[roomOf('a').id]?.kind).toBe('private');
  directory.know(roomOf('a', { kind: 'open', version: 3 }));
  expect(names()).toEqual(['a', 'b']);
});

test('[GONE] its members hear of it', async () => {
  const { directory, store, removed } = directoryOf(['a', 'b']);
  await directory.reload();
  store.setState({ memberships: { [roomOf('a').id]: { role: 'member', last_read: 0, head: 0 } } });
  directory.update({ rooms: [], removed: [roomOf('a').id, roomOf('b').id] });
  expect(removed).toEqual([roomOf('a').id]);
});

test('[COUNT] a lower version changes nothing', async () => {
  const { directory, store } = directoryOf(['a']);
  tell(directory, roomOf('a', { version: 5, member_count: 5 }));
  tell(directory, roomOf('a', { version: 4, member_count: 4 }));
  await directory.reload();
  expect(store.getState().rooms[roomOf('a').id]?.member_count).toBe(5);
});

test('a search waits for the end of typing, and shows its rooms and its query together', async () => {
  const { directory, names, state, time, asked } = directoryOf(['apple', 'apricot', 'pear']);
  await directory.reload();
  directory.search('a');
  directory.search('ap');
  expect(state()).toMatchObject({ query: '', loading: { state: 'loading' } });
  expect(names()).toHaveLength(3);
  await time.step();
  expect(asked).toEqual([':0', 'ap:0']);
  expect(state().query).toBe('ap');
  expect(names()).toEqual(['apple', 'apricot']);
  directory.search('');
  expect(names()).toEqual(['apple', 'apricot', 'pear']);
});

test('the answer to an earlier search is not shown', async () => {
  const { directory, state, time, hold } = directoryOf(['apple', 'pear']);
  const letGo = hold();
  directory.search('a');
  await time.step();
  directory.search('p');
  await time.step();
  letGo();
  await settled();
  expect(state()).toMatchObject({ query: 'p', ids: [roomOf('pear').id] });
});

test('a list that cannot be loaded says so, keeps what it has, and loads when it can', async () => {
  const { directory, names, state, fail } = directoryOf(['a', 'b', 'c', 'd']);
  await directory.reload();
  fail(new Unreachable('cut'));
  await directory.loadMore();
  expect(state().loading).toMatchObject({ state: 'error', problem: { code: 'unavailable' } });
  expect(names()).toEqual(['a', 'b', 'c']);
  fail(undefined);
  await directory.loadMore();
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
});

test('searching for the same again after a failure is another try', async () => {
  const { directory, names, fail } = directoryOf(['a', 'b']);
  fail(new Unreachable('cut'));
  await directory.reload().catch(() => undefined);
  fail(undefined);
  directory.search('');
  await settled();
  expect(names()).toEqual(['a', 'b']);
});
