/** Where rooms stand in a list that is loaded in part, while rooms come, go and change their names. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Room } from '../../../contract/rooms.ts';
import { normalizeName } from '../../../contract/text.ts';
import { rearrange, type RoomList } from '../../../web/connection/room-list.ts';
import { roomOf } from './samples.ts';

const recordOf = (rooms: readonly Room[]): Record<string, Room> =>
  Object.fromEntries(rooms.map((room) => [room.id, room]));

const sorted = (rooms: readonly Room[]): Room[] =>
  rooms.toSorted((a, b) => (normalizeName(a.name) < normalizeName(b.name) ? -1 : 1));

const listOf = (rooms: readonly Room[], more: Partial<RoomList> = {}): RoomList => ({
  query: '',
  ids: sorted(rooms).map(({ id }) => id),
  complete: true,
  ...more,
});

const names = fc.uniqueArray(fc.stringMatching(/^[a-cA-C]{1,4}$/u), {
  selector: normalizeName,
  maxLength: 24,
});

test('whatever is told one by one, a whole list stays the list in order', () => {
  fc.assert(
    fc.property(names, fc.nat(24), fc.constantFrom('', 'a', 'B'), (all, split, query) => {
      const rooms = all.map((name) => roomOf(name));
      const matches = ({ name }: Room): boolean => normalizeName(name).startsWith(normalizeName(query));
      let known = rooms.slice(0, split);
      let list = listOf(known.filter(matches), { query });
      for (const room of rooms.slice(split)) {
        const after = [...known, room];
        list = rearrange(list, [room], [recordOf(known), recordOf(after)]);
        known = after;
      }
      expect(list.ids).toEqual(listOf(rooms.filter(matches)).ids);
    }),
  );
});

test('a room beyond the loaded part gets no place: its page will bring it', () => {
  const loaded = [roomOf('Alder'), roomOf('Birch')];
  const list = listOf(loaded, { complete: false });
  const told = [roomOf('Ash'), roomOf('Willow')];
  const after = recordOf([...loaded, ...told]);
  expect(rearrange(list, told, [recordOf(loaded), after]).ids).toEqual(listOf([...loaded, told[0]!]).ids);
});

test('a renamed room moves', () => {
  const [first, second] = [roomOf('Alder'), roomOf('Birch')];
  const renamed = { ...first, name: 'Cedar', version: 2 };
  const list = rearrange(
    listOf([first, second]),
    [renamed],
    [recordOf([first, second]), recordOf([renamed, second])],
  );
  expect(list.ids).toEqual([second.id, first.id]);
});

test('the last room of a loaded part keeps its place when it is told of again', () => {
  const rooms = [roomOf('Alder'), roomOf('Birch')];
  const list = listOf(rooms, { complete: false });
  expect(rearrange(list, [rooms[1]!], [{}, recordOf(rooms)]).ids).toEqual(list.ids);
});

test('a change of nothing but the count leaves the list as it is, the same object', () => {
  const room = roomOf('Alder');
  const list = listOf([room]);
  const counted = { ...room, member_count: 7, version: 2 };
  expect(rearrange(list, [counted], [recordOf([room]), recordOf([counted])])).toBe(list);
});
