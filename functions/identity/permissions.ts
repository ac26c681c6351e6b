/**
 * What somebody may do: one table, readable at a glance, and nothing else decides access. How somebody came to stand
 * where they stand in a room is the business of rooms, membership, invitations and moderation.
 */
import type { ProblemCode } from '../../contract/problems.ts';
import type { RoomKind } from '../../contract/rooms.ts';
import { ProblemError } from '../platform/problem.ts';
import type { Principal } from './principal.ts';

/** What somebody is to one room, the least first. `invited`: not in it, and asked to come. */
const ranks = ['banned', 'outsider', 'invited', 'member', 'moderator', 'owner'] as const;
export type Standing = (typeof ranks)[number];

/** The least that one must be; `nobody` where the room is not of the kind for it. */
type Least = Exclude<Standing, 'banned'> | 'anybody' | 'nobody';
type Row = readonly [
  open: Least,
  byRequest: Least,
  isPrivate: Least,
  who: 'people' | 'accounts' | 'services',
];

/**
 * Who may: `people` are guests and accounts, `accounts` are not guests, `services` are people and API keys whose
 * scope has the room and the call. Nobody who is not signed in may do anything of this.
 */
// prettier-ignore
const table = {
  //                       open         by request   private
  read_room:              ['anybody',   'anybody',   'invited',   'services'],
  join_room:              ['outsider',  'invited',   'invited',   'people'],
  request_to_join:        ['nobody',    'outsider',  'nobody',    'people'],
  leave_room:             ['anybody',   'anybody',   'member',    'people'],

  publish:                ['member',    'member',    'member',    'services'],
  read_messages:          ['member',    'member',    'member',    'services'],
  list_members:           ['member',    'member',    'member',    'services'],
  mark_read:              ['member',    'member',    'member',    'people'],
  list_pins:              ['member',    'member',    'member',    'people'],
  report_message:         ['member',    'member',    'member',    'people'],

  invite:                 ['moderator', 'moderator', 'moderator', 'people'],
  decide_join_request:    ['moderator', 'moderator', 'moderator', 'people'],
  remove_member:          ['moderator', 'moderator', 'moderator', 'people'],
  ban_member:             ['moderator', 'moderator', 'moderator', 'people'],
  mute_member:            ['moderator', 'moderator', 'moderator', 'people'],
  list_restrictions:      ['moderator', 'moderator', 'moderator', 'people'],
  remove_message:         ['moderator', 'moderator', 'moderator', 'people'],
  pin_message:            ['moderator', 'moderator', 'moderator', 'people'],
  set_slow_mode:          ['moderator', 'moderator', 'moderator', 'people'],
  list_reports:           ['moderator', 'moderator', 'moderator', 'people'],
  decide_report:          ['moderator', 'moderator', 'moderator', 'people'],
  read_audit:             ['moderator', 'moderator', 'moderator', 'people'],
  create_key:             ['moderator', 'moderator', 'moderator', 'accounts'],

  change_room:            ['owner',     'owner',     'owner',     'people'],
  change_role:            ['owner',     'owner',     'owner',     'people'],
  delete_room:            ['owner',     'owner',     'owner',     'people'],
} as const satisfies Record<string, Row>;

export type Operation = keyof typeof table;
export const operations = Object.keys(table) as Operation[];

/** What is about no room: who may at all. */
const elsewhere = {
  connect: 'people',
  list_rooms: 'people',
  create_room: 'people',
  list_my_rooms: 'people',
  answer_invitation: 'people',
  block: 'people',
  read_metrics: 'people',
} as const satisfies Record<string, Row[3]>;
export const operationsElsewhere = Object.keys(elsewhere) as (keyof typeof elsewhere)[];

/** Every call of REST and every event is one of these; `connect` stands for opening a connection. */
export type AnyOperation = Operation | keyof typeof elsewhere;

/** Operations that outsiders of no kind of room may do: membership alone answers for them. */
export type MemberOperation = {
  [Each in Operation]: (typeof table)[Each][0] extends 'member' | 'moderator' | 'owner' ? Each : never;
}[Operation];

/** What of a principal decides; `scope` is an API key's. */
export type Caller = Pick<Principal, 'user_id' | 'kind' | 'scope'>;

const columns: Record<RoomKind, 0 | 1 | 2> = { open: 0, by_request: 1, private: 2 };

const rankOf = (standing: Standing): number => ranks.indexOf(standing);

function reaches(least: Least, standing: Standing): boolean {
  if (least === 'nobody') return false;
  return least === 'anybody' || rankOf(standing) >= rankOf(least);
}

function isKindFor(operation: AnyOperation, { kind, scope }: Caller): boolean {
  const who = operation in elsewhere ? elsewhere[operation as never] : table[operation as Operation][3];
  if (kind === 'service') return who === 'services' && (scope?.calls.includes(operation) ?? false);
  return who !== 'accounts' || kind !== 'guest';
}

const mayAtAll = (operation: Operation, caller: Caller, roomId: string): boolean =>
  isKindFor(operation, caller) &&
  (caller.kind !== 'service' || (caller.scope?.rooms.includes(roomId) ?? false));

/** Passes where callers of this kind do this somewhere; for what is about a room, `authorise` decides. Throws `not_allowed`. */
export function authoriseKind(operation: AnyOperation, caller: Caller): void {
  if (!isKindFor(operation, caller)) throw new ProblemError('not_allowed', wrongKind(caller));
}

const wrongKind = ({ kind }: Caller): string =>
  kind === 'service' ? 'The key is not for this.' : 'Guests may not do this. Sign in with an account.';

/** Where somebody stands in a room, and of which kind it is. An API key stands where its scope says: as a member. */
export interface Place {
  roomId: string;
  kind: RoomKind;
  standing: Standing;
}

/** Whether this caller may do this at this place. */
export function may(operation: Operation, caller: Caller, place: Place): boolean {
  return (
    mayAtAll(operation, caller, place.roomId) &&
    reaches(table[operation][columns[place.kind]], place.standing)
  );
}

const roomNotFound = ['room_not_found', 'There is no room with this id.'] as const;

/** The refusal that `may` stands for: to who may not know of a room, it is not there. */
function refusalOf(operation: Operation, caller: Caller, place: Place): readonly [ProblemCode, string] {
  const { kind, standing } = place;
  if (kind === 'private' && rankOf(standing) < rankOf('invited')) return roomNotFound;
  if (!mayAtAll(operation, caller, place.roomId)) {
    return [
      'not_allowed',
      caller.kind === 'service' ? 'The key is not for this.' : 'Guests may not do this.',
    ];
  }
  const least = table[operation][columns[kind]];
  if (standing === 'banned') return ['banned', 'You are banned from this room.'];
  if (least === 'nobody') return ['not_allowed', 'This is not for rooms of this kind.'];
  if (operation === 'join_room') return ['by_request', 'Ask to be let in; a moderator decides.'];
  if (least === 'owner') return ['not_owner', 'Only the owner of the room may do this.'];
  if (rankOf(standing) < rankOf('member')) return ['not_member', 'Join the room first.'];
  return ['not_moderator', 'Only the owner and the moderators of the room may do this.'];
}

/**
 * Passes where `may` does, else throws `room_not_found`, `not_allowed`, `banned`, `by_request`, `not_member`,
 * `not_moderator` or `not_owner`.
 */
export function authorise(operation: Operation, caller: Caller, place: Place): void {
  if (may(operation, caller, place)) return;
  const [code, detail] = refusalOf(operation, caller, place);
  throw new ProblemError(code, detail);
}

/**
 * Passes where somebody stands above a person they act on: nobody acts on the owner, and on a moderator the owner
 * alone. Throws `not_allowed`.
 */
export function requireAbove(own: Standing, other: Standing): void {
  if (rankOf(other) < rankOf('moderator') || rankOf(own) > rankOf(other)) return;
  const detail =
    other === 'owner'
      ? 'Nobody can do this to the owner of the room.'
      : 'Only the owner of the room can do this to a moderator.';
  throw new ProblemError('not_allowed', detail);
}

/** Throws `not_yourself` where a body names somebody else than the caller; bodies need not name anybody. */
export function requireYourself(named: string | undefined, userId: string): void {
  if (named === undefined || named === userId) return;
  throw new ProblemError('not_yourself', 'The body names another person than the one who is signed in.');
}
