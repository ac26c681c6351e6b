/** Every expected refusal: its code, HTTP status and title. The one list that REST and the socket share. */
import * as z from 'zod/mini';

export const problems = {
  invalid: { status: 400, title: 'The request is not valid' },
  bad_cursor: { status: 400, title: 'The cursor is not one of ours' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  guests_off: { status: 403, title: 'Guests are switched off' },
  not_yourself: { status: 403, title: 'You can only act as yourself' },
  not_owner: { status: 403, title: 'Only the owner may do this' },
  not_member: { status: 403, title: 'Only members may do this' },
  webhook_refused: { status: 403, title: 'The webhook code or signature is wrong' },
  not_found: { status: 404, title: 'There is nothing here' },
  room_not_found: { status: 404, title: 'There is no such room' },
  name_taken: { status: 409, title: 'The name is taken' },
  message_id_in_use: { status: 409, title: 'The message id is in use' },
  room_id_in_use: { status: 409, title: 'The room id is in use' },
  too_many_rooms: { status: 409, title: 'You are in too many rooms' },
  too_long: { status: 413, title: 'The message is too long' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
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
