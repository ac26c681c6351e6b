/**
 * What somebody may do with a room: one table, readable at a glance. That they are signed in is a precondition
 * of every line. How somebody came to be an owner or a member is the business of rooms and membership.
 */
import type { ProblemCode } from '../../contract/problems.ts';
import { ProblemError } from '../platform/problem.ts';

const table = {
  list_rooms: 'anybody',
  create_room: 'anybody',
  read_room: 'anybody',
  join_room: 'anybody',
  leave_room: 'anybody',

  publish: 'members',
  read_messages: 'members',
  list_members: 'members',
  mark_read: 'members',

  change_room: 'owner',
  delete_room: 'owner',
} as const satisfies Record<string, 'anybody' | 'members' | 'owner'>;

export type Operation = keyof typeof table;
export type MemberOperation = {
  [Each in Operation]: (typeof table)[Each] extends 'members' ? Each : never;
}[Operation];

/** What somebody is to one room. An owner who left is still its owner. */
export interface Standing {
  owner?: boolean;
  member?: boolean;
}

/** Whether somebody of this standing may do this. */
export function may(operation: Operation, standing: Standing): boolean {
  switch (table[operation]) {
    case 'anybody':
      return true;
    case 'members':
      return standing.member === true;
    case 'owner':
      return standing.owner === true;
  }
}

const refusals = {
  anybody: ['internal', ''],
  members: ['not_member', 'Join the room first.'],
  owner: ['not_owner', 'Only who created the room may change or delete it.'],
} as const satisfies Record<string, readonly [ProblemCode, string]>;

/** Passes where `may` does, else throws `not_member` or `not_owner`. */
export function authorise(operation: Operation, standing: Standing): void {
  if (may(operation, standing)) return;
  const [code, detail] = refusals[table[operation]];
  throw new ProblemError(code, detail);
}

/** Throws `not_yourself` where a body names somebody else than the caller; bodies need not name anybody. */
export function requireYourself(named: string | undefined, userId: string): void {
  if (named === undefined || named === userId) return;
  throw new ProblemError('not_yourself', 'The body names another person than the one who is signed in.');
}
