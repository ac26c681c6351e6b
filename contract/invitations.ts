/** How somebody comes into a room that not everybody may join: invitations, and asking to be let in. */
import * as z from 'zod/mini';
import { limits } from './rooms.ts';
import { textSchema, timeSchema } from './text.ts';

/** To a person, or a link for whoever has it. */
export const createInvitationBody = z.union([
  z.object({ user_id: z.string().check(z.minLength(1), z.maxLength(200)) }),
  z.object({
    expires_in_hours: z._default(z.int().check(z.minimum(1), z.maximum(24 * 30)), 24 * 7),
    uses: z._default(z.int().check(z.minimum(1), z.maximum(1_000)), 1),
  }),
]);

export const invitation = z.object({
  id: z.uuid(),
  room_id: z.uuid(),
  /** Whom it is for; absent for a link. */
  user_id: z.optional(z.string()),
  user_name: z.optional(z.string()),
  invited_by: z.string(),
  invited_by_name: z.string(),
  created_at: timeSchema,
  expires_at: timeSchema,
  /** How often it can still be used. */
  uses_left: z.int(),
});
export type Invitation = z.infer<typeof invitation>;
/** The link's secret is in this answer and never again. */
export const createdInvitation = z.object({ ...invitation.shape, token: z.optional(z.string()) });

/** What somebody sees who is invited, before they are in. */
export const invited = z.object({
  /** Absent for a link. */
  id: z.optional(z.uuid()),
  room: z.object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    member_count: z.int(),
  }),
  invited_by_name: z.string(),
  expires_at: timeSchema,
});
export type Invited = z.infer<typeof invited>;

export const answerInvitationBody = z.object({ answer: z.enum(['accept', 'decline']) });

/** With a word to those who decide. */
export const joinRequestBody = z.object({ note: z._default(textSchema(limits.reason), '') });
export const joinRequest = z.object({
  user_id: z.string(),
  name: z.string(),
  note: z.string(),
  requested_at: timeSchema,
});
export type JoinRequest = z.infer<typeof joinRequest>;
export const decideJoinRequestBody = z.object({ decision: z.enum(['admit', 'refuse']) });
