/** The table of what somebody may do. */
import { describe, expect, it } from 'vitest';
import { authorise, may, requireYourself, type Operation } from '../../../functions/identity/permissions.ts';
import { ProblemError } from '../../../functions/platform/problem.ts';

const codeOf = (act: () => void): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof ProblemError ? error.code : 'not a refusal';
  }
};

describe('what somebody may do', () => {
  const forMembers: Operation[] = ['publish', 'read_messages', 'list_members', 'mark_read'];
  const forOwners: Operation[] = ['change_room', 'delete_room'];

  it('[ISO] is nothing with what is in a room, unless one is a member of it', () => {
    for (const operation of forMembers) {
      expect(may(operation, { member: true })).toBe(true);
      expect(may(operation, { owner: true })).toBe(false);
      expect(codeOf(() => authorise(operation, {}))).toBe('not_member');
    }
  });

  it('is to change and delete a room for its owner alone, member or not', () => {
    for (const operation of forOwners) {
      expect(may(operation, { owner: true })).toBe(true);
      expect(codeOf(() => authorise(operation, { member: true }))).toBe('not_owner');
    }
  });

  it('is everything else for everybody', () => {
    const open: Operation[] = ['list_rooms', 'create_room', 'read_room', 'join_room', 'leave_room'];
    for (const operation of open) expect(codeOf(() => authorise(operation, {}))).toBe(undefined);
  });

  it('is never to speak for somebody else', () => {
    expect(codeOf(() => requireYourself(undefined, 'me'))).toBe(undefined);
    expect(codeOf(() => requireYourself('me', 'me'))).toBe(undefined);
    expect(codeOf(() => requireYourself('you', 'me'))).toBe('not_yourself');
    expect(codeOf(() => requireYourself('', 'me'))).toBe('not_yourself');
  });
});
