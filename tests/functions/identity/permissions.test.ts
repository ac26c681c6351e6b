/** The table of what somebody may do: what every row must keep to, whatever is added. */
import { describe, expect, it } from 'vitest';
import { roomKind, type RoomKind } from '../../../contract/rooms.ts';
import {
  authorise,
  may,
  operations,
  requireAbove,
  requireYourself,
  type Caller,
  type Operation,
  type Standing,
} from '../../../functions/identity/permissions.ts';
import { ProblemError } from '../../../functions/platform/problem.ts';

const kinds = roomKind.options as RoomKind[];
const standings: Standing[] = ['banned', 'outsider', 'invited', 'member', 'moderator', 'owner'];
const account: Caller = { user_id: 'account', kind: 'account' };
const guest: Caller = { user_id: 'guest', kind: 'guest' };
const roomId = 'room';
const key = (calls: string[], rooms = [roomId]): Caller => ({
  user_id: 'service:key',
  kind: 'service',
  scope: { rooms, calls, muted_until: {} },
});

const codeOf = (act: () => void): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof ProblemError ? error.code : 'not a refusal';
  }
};
const mayAccount = (operation: Operation, kind: RoomKind, standing: Standing): boolean =>
  may(operation, account, { roomId, kind, standing });

describe('what somebody may do', () => {
  it('grows with where they stand, in rooms of every kind, but for asking and coming in', () => {
    for (const operation of operations) {
      for (const kind of kinds) {
        const allowed = standings.map((standing) => mayAccount(operation, kind, standing));
        const first = allowed.indexOf(true);
        if (first >= 0) expect(allowed.slice(first), `${operation} ${kind}`).not.toContain(false);
      }
    }
  });

  it('[ISO] is nothing with what is said in a room, unless one is in it', () => {
    const inside: Operation[] = ['publish', 'read_messages', 'list_members', 'mark_read', 'list_pins'];
    for (const operation of inside) {
      for (const kind of kinds) {
        for (const standing of standings) {
          const isIn = ['member', 'moderator', 'owner'].includes(standing);
          expect(mayAccount(operation, kind, standing), `${operation} ${kind} ${standing}`).toBe(isIn);
        }
      }
    }
  });

  it('[ISO] answers to who may not know of a private room as if it were not there, whatever they ask', () => {
    for (const operation of operations) {
      for (const standing of ['banned', 'outsider'] as const) {
        for (const caller of [account, guest, key([])]) {
          const code = codeOf(() => authorise(operation, caller, { roomId, kind: 'private', standing }));
          expect(code, `${operation} ${standing}`).toBe('room_not_found');
        }
      }
    }
  });

  it('is for the owner alone to change and delete a room and to give roles', () => {
    for (const operation of ['change_room', 'delete_room', 'change_role'] as const) {
      for (const kind of kinds) {
        expect(mayAccount(operation, kind, 'owner')).toBe(true);
        const code = codeOf(() => authorise(operation, account, { roomId, kind, standing: 'moderator' }));
        expect(code).toBe('not_owner');
      }
    }
  });

  it('is nothing but leaving and looking for who is banned', () => {
    const allowed = operations.filter((operation) => mayAccount(operation, 'open', 'banned'));
    expect(allowed.toSorted()).toEqual(['leave_room', 'read_room']);
    const code = codeOf(() => authorise('join_room', account, { roomId, kind: 'open', standing: 'banned' }));
    expect(code).toBe('banned');
  });

  it('is to an API key what its scope says, in the rooms of its scope, and never more than a few calls', () => {
    const place = { roomId, kind: 'private', standing: 'member' } as const;
    const everything = key(operations);
    const allowed = operations.filter((operation) => may(operation, everything, place));
    expect(allowed.toSorted()).toEqual(['list_members', 'publish', 'read_messages', 'read_room']);
    expect(may('publish', key(['publish']), place)).toBe(true);
    expect(may('publish', key(['read_room']), place)).toBe(false);
    expect(may('publish', key(['publish'], ['another room']), place)).toBe(false);
  });

  it('is less for guests only where it says so', () => {
    const lacking = operations.filter((operation) => {
      const place = { roomId, kind: 'open', standing: 'owner' } as const;
      return may(operation, account, place) !== may(operation, guest, place);
    });
    expect(lacking).toEqual(['create_key']);
  });

  it('is done to nobody who stands as high, nor to the owner', () => {
    for (const own of standings) expect(codeOf(() => requireAbove(own, 'owner'))).toBe('not_allowed');
    expect(codeOf(() => requireAbove('moderator', 'moderator'))).toBe('not_allowed');
    expect(codeOf(() => requireAbove('owner', 'moderator'))).toBe(undefined);
    expect(codeOf(() => requireAbove('moderator', 'member'))).toBe(undefined);
  });

  it('is never to speak for somebody else', () => {
    expect(codeOf(() => requireYourself(undefined, 'me'))).toBe(undefined);
    expect(codeOf(() => requireYourself('me', 'me'))).toBe(undefined);
    expect(codeOf(() => requireYourself('you', 'me'))).toBe('not_yourself');
  });
});
