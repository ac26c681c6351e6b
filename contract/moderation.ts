/** Moderation of a room: roles, removing and banning people, muting, removing and pinning messages, reports, audit. */
import * as z from 'zod/mini';
import { limits } from './rooms.ts';
import { textSchema, timeSchema } from './text.ts';

/** Somebody whom the caller has blocked, under their name of that time. */
export const block = z.object({ user_id: z.string(), name: z.string() });

const reason = z._default(textSchema(limits.reason), '');

/** `owner` hands the room over; the owner of before becomes a moderator. */
export const changeMemberBody = z.object({ role: z.enum(['owner', 'moderator', 'member']) });
export const removeMemberBody = z.object({ reason });

/** Without `until`, for ever. */
export const restrictBody = z.object({ reason, until: z.optional(timeSchema) });
export const restriction = z.object({
  user_id: z.string(),
  name: z.string(),
  reason: z.string(),
  until: z.optional(timeSchema),
  by: z.string(),
  by_name: z.string(),
  since: timeSchema,
});
export type Restriction = z.infer<typeof restriction>;

export const removeMessageBody = z.object({ reason });

export const reportBody = z.object({ seq: z.int().check(z.positive()), reason });
export const report = z.object({
  id: z.string(),
  seq: z.int(),
  /** The message as it was when it was reported. */
  sender: z.string(),
  sender_name: z.string(),
  content: z.string(),
  reason: z.string(),
  reported_by: z.string(),
  reported_by_name: z.string(),
  reported_at: timeSchema,
  state: z.enum(['open', 'dismissed', 'acted']),
  /** What was decided, by whom, when. */
  decided_by_name: z.optional(z.string()),
  decided_at: z.optional(timeSchema),
  note: z.optional(z.string()),
});
export type Report = z.infer<typeof report>;
export const decideReportBody = z.object({
  decision: z.enum(['dismissed', 'acted']),
  note: z._default(textSchema(limits.reason), ''),
});

/** What a room's audit trail names. */
export const auditAction = z.enum([
  'room_created',
  'room_changed',
  'owner_changed',
  'moderator_appointed',
  'moderator_dismissed',
  'member_joined',
  'member_left',
  'member_removed',
  'member_banned',
  'ban_lifted',
  'member_muted',
  'mute_lifted',
  'message_removed',
  'message_pinned',
  'message_unpinned',
  'invitation_created',
  'invitation_revoked',
  'invitation_answered',
  'join_requested',
  'join_request_decided',
  'report_made',
  'report_decided',
]);
export type AuditAction = z.infer<typeof auditAction>;

/** Who did what to whom, when and why. Newest first. */
export const auditEntry = z.object({
  id: z.string(),
  at: timeSchema,
  action: auditAction,
  by: z.string(),
  by_name: z.string(),
  target: z.optional(z.string()),
  target_name: z.optional(z.string()),
  reason: z.optional(z.string()),
  /** What it was about: a message's number, what was changed. */
  details: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
});
export type AuditEntry = z.infer<typeof auditEntry>;
