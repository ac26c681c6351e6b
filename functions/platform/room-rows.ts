/** The row keys of table `rooms`, whose partitions (one a room) the stores of three capabilities share. */
import type { Role } from '../../contract/rooms.ts';
import { escapeKey } from './keys.ts';

/** Wide enough for 10^15 - 1, the digits that a double holds exactly. */
const digits = 15;

/** The kinds of rows of which a room has many; what is deleted goes kind by kind, in this order. */
export const roomRowKinds = [
  'member',
  'invitation',
  'request',
  'ban',
  'mute',
  'pin',
  'report',
  'audit',
  'id',
  'message',
] as const;
export type RoomRowKind = (typeof roomRowKinds)[number];

export const roomRows = {
  room: 'room',
  log: 'log',
  member: (userId: string): string => `member_${escapeKey(userId)}`,
  message: (seq: number): string => `message_${String(seq).padStart(digits, '0')}`,
  messageId: (messageId: string): string => `id_${escapeKey(messageId)}`,
  invitation: (id: string): string => `invitation_${id}`,
  request: (userId: string): string => `request_${escapeKey(userId)}`,
  ban: (userId: string): string => `ban_${escapeKey(userId)}`,
  mute: (userId: string): string => `mute_${escapeKey(userId)}`,
  pin: (seq: number): string => `pin_${String(seq).padStart(digits, '0')}`,
  report: (id: string): string => `report_${escapeKey(id)}`,
  audit: (id: string): string => `audit_${id}`,
  /** From and to (exclusive) of all rows of one kind. */
  range: (kind: RoomRowKind): { from: string; to: string } => ({
    from: `${kind}_`,
    // The character after `_`.
    to: `${kind}\u0060`,
  }),
} as const;

/**
 * The `log` row: where a room's messages are counted. Appends and whatever ends them (delete, sweep) run under
 * its ETag. It repeats what an append needs of the room, so that a publish reads one row.
 */
export interface LogRow {
  /** Number of the newest message; 0 while there is none. */
  head: number;
  /** The room's name; changed with it in one transaction. */
  name: string;
  /** Set by delete: no append can succeed any more. */
  closed: boolean;
  /** As in the room; changed with it in one transaction. Absent for none. */
  slow_mode_seconds?: number;
  /** How often a message was removed; absent in rows that are older. */
  edition?: number;
}

/** A `member` row: that somebody counts. Who has access is in table `memberships`. */
export interface MemberRow {
  name: string;
  role: Role;
  /** Of the membership that it counts, to the millisecond: tells it from an earlier one of the same person. */
  joined_at: string;
}
