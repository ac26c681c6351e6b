import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, neighbour, type ArrangementInput } from '../../../web/rooms/arrangement.ts';
import { makeRoom, roomId } from '../screens/people-and-rooms.ts';

const names = ['beta', 'Alpha', 'gamma', 'Änder', 'delta'];
const rooms = Object.fromEntries(names.map((name, index) => [roomId(index), makeRoom(index, name)]));
const ids = [1, 0, 4, 2, 3].map(roomId);
const arranged = (more: Partial<ArrangementInput>) => {
  const joined = more.joined ?? new Set<string>();
  const input = { rooms, joined, placed: joined, directory: { ids, query: '' }, query: '', ...more };
  const { own, others, rows } = arrange(input);
  const nameOf = (id: string): string => input.rooms[id]?.name ?? '';
  return { own: own.map(nameOf), others: others.map(nameOf), rows };
};

describe('the order of the list', () => {
  it('puts one’s own rooms first, by name, and leaves the others as the server has them', () => {
    const { own, others } = arranged({ joined: new Set([roomId(2), roomId(0)]) });
    expect(own).toEqual(['beta', 'gamma']);
    expect(others).toEqual(['Alpha', 'delta', 'Änder']);
  });

  it('shows one’s own room before the directory has reached it', () => {
    const { own } = arranged({
      joined: new Set([roomId(3)]),
      directory: { ids: ids.slice(0, 2), query: '' },
    });
    expect(own).toEqual(['Änder']);
  });

  it('has a heading for each part that is not empty', () => {
    const labels = (input: Partial<ArrangementInput>) =>
      arranged(input).rows.flatMap((row) => (row.kind === 'heading' ? [row.label] : []));
    expect(labels({})).toEqual(['Rooms']);
    expect(labels({ joined: new Set(ids) })).toEqual(['Your rooms']);
    expect(labels({ joined: new Set([roomId(0)]) })).toEqual(['Your rooms', 'More rooms']);
    expect(labels({ rooms: {} })).toEqual([]);
  });

  it('leaves a room where it was while the list is held, and lets a deleted one go', () => {
    const held = { placed: new Set([roomId(0)]), joined: new Set([roomId(1)]) };
    expect(arranged(held)).toMatchObject({ own: ['beta'], others: ['Alpha', 'delta', 'gamma', 'Änder'] });
    const { [roomId(0)]: _deleted, ...left } = rooms;
    expect(arranged({ ...held, rooms: left }).own).toEqual([]);
  });

  it('searches what is known at once, and shows what the server found when it has answered', () => {
    const before = { query: 'ÄN', directory: { ids, query: '' } };
    expect(arranged(before).others).toEqual(['Änder']);
    const answered = { query: 'ÄN', directory: { ids: [roomId(3), roomId(4)], query: 'än' } };
    expect(arranged(answered).others).toEqual(['delta', 'Änder'].toReversed());
  });

  it('shows every room exactly once, whatever is joined, placed and loaded', () => {
    const some = fc.subarray(ids).map((picked) => new Set(picked));
    fc.assert(
      fc.property(some, some, fc.subarray(ids), (joined, placed, listed) => {
        const { rows } = arranged({ joined, placed, directory: { ids: listed, query: '' } });
        const shown = rows.flatMap((row) => (row.kind === 'room' ? [row.roomId] : []));
        expect(new Set(shown).size).toBe(shown.length);
        expect(new Set(shown)).toEqual(new Set([...listed, ...placed, ...joined]));
      }),
    );
  });
});

describe('walking the rooms', () => {
  it('goes round the ends, and begins at the first or the last', () => {
    expect(neighbour(ids, ids[0], 1)).toBe(ids[1]);
    expect(neighbour(ids, ids[4], 1)).toBe(ids[0]);
    expect(neighbour(ids, ids[0], -1)).toBe(ids[4]);
    expect(neighbour(ids, undefined, 1)).toBe(ids[0]);
    expect(neighbour(ids, undefined, -1)).toBe(ids[4]);
    expect(neighbour([], ids[0], 1)).toBe(undefined);
  });
});
