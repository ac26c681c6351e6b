/** Every expected refusal: its code, HTTP status and title. The one list that REST and the socket share. */
import * as z from 'zod/mini';

export const problems = {
  invalid: { status: 400, title: 'The request is not valid' },
  bad_cursor: { status: 400, title: 'The cursor is not one of ours' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  wrong_credentials: { status: 401, title: 'E-mail or password is wrong' },
  token_refused: { status: 401, title: 'The token is not accepted' },
  guests_off: { status: 403, title: 'Guests are switched off' },
  not_yourself: { status: 403, title: 'You can only act as yourself' },
  accounts_off: { status: 403, title: 'Accounts are switched off' },
  not_allowed: { status: 403, title: 'This is not allowed to you' },
  banned: { status: 403, title: 'You are banned from this room' },
  muted: { status: 403, title: 'You are muted in this room' },
  by_request: { status: 403, title: 'A moderator of the room lets people in' },
  not_moderator: { status: 403, title: 'Only moderators may do this' },
  not_owner: { status: 403, title: 'Only the owner may do this' },
  not_member: { status: 403, title: 'Only members may do this' },
  webhook_refused: { status: 403, title: 'The webhook code or signature is wrong' },
  not_found: { status: 404, title: 'There is nothing here' },
  room_not_found: { status: 404, title: 'There is no such room' },
  user_not_found: { status: 404, title: 'There is no such person' },
  message_not_found: { status: 404, title: 'There is no such message' },
  invitation_not_found: { status: 404, title: 'There is no such invitation' },
  email_taken: { status: 409, title: 'There is an account with this e-mail' },
  must_hand_over: { status: 409, title: 'Hand the room over first' },
  already_member: { status: 409, title: 'This person is a member already' },
  name_taken: { status: 409, title: 'The name is taken' },
  message_id_in_use: { status: 409, title: 'The message id is in use' },
  room_id_in_use: { status: 409, title: 'The room id is in use' },
  too_many_rooms: { status: 409, title: 'You are in too many rooms' },
  too_many_pins: { status: 409, title: 'The room has too many pinned messages' },
  too_long: { status: 413, title: 'The message is too long' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  slow_mode: { status: 429, title: 'The room is in slow mode' },
  too_many_requests: { status: 429, title: 'Too much in a short time' },
  busy: { status: 429, title: 'The room is busy' },
  internal: { status: 500, title: 'Something went wrong' },
  not_announced: { status: 503, title: 'Stored but not yet announced' },
  unavailable: { status: 503, title: 'A part of the service does not answer' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** RFC 9457 `application/problem+json`, with our code and, for a body that does not validate, its errors. */
export const problem = z.object({
  type: z.string(),
  code: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
});
export type Problem = z.infer<typeof problem>;
