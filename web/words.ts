/**
 * What a failure means in the words of a person, and the one sentence for a field that does not hold.
 * The screens decide where it stands and which button comes with it.
 */
import type { Problem, ProblemCode } from '../contract/problems.ts';
import { ProblemFailure } from './connection/model.ts';

const sentences: Partial<Record<ProblemCode, string>> = {
  guests_off: 'Signing in with just a name is switched off here.',
  accounts_off: 'Accounts are switched off here.',
  wrong_credentials: 'The e-mail or the password is wrong.',
  email_taken: 'There is an account with this e-mail already. Sign in instead.',
  token_refused: 'The sign-in was not accepted. Try it once more.',
  unauthenticated: 'Your session has ended. Sign in again.',
  not_owner: 'Only the owner of the room may do this.',
  not_moderator: 'Only moderators of the room may do this.',
  not_member: 'Only members may do this. Join the room first.',
  not_allowed: 'You may not do this.',
  banned: 'You are banned from this room.',
  muted: 'You are muted in this room.',
  by_request: 'A moderator lets people into this room. Ask to join.',
  must_hand_over: 'You own this room, and others are in it. Make somebody else its owner before you leave.',
  already_member: 'This person is in the room already.',
  room_not_found: 'This room does not exist any more.',
  user_not_found: 'There is no such person any more.',
  message_not_found: 'This message is not there any more.',
  invitation_not_found: 'This invitation has ended.',
  too_many_rooms: 'You are in 500 rooms, which is the most. Leave one first.',
  too_many_pins: 'The room has 50 pinned messages, which is the most. Unpin one first.',
  too_long: 'The message is too long.',
  slow_mode: 'The room is in slow mode.',
  too_many_requests: 'That was a lot in a short time.',
  busy: 'The room is very busy right now.',
  internal: 'Something went wrong on our side. Try again.',
  unavailable: 'Hubbub cannot be reached right now. Try again in a moment.',
  not_announced: 'Hubbub cannot be reached right now. Try again in a moment.',
};

export function sentenceFor(problem: Problem): string {
  return sentences[problem.code as ProblemCode] ?? problem.detail;
}

/** A failure whose message is a sentence for the person in front of the page. */
export class Said extends Error {}

/** A sentence for whatever a call of the client rejected with, and when to try again where the server said so. */
export function explain(failure: unknown): string {
  if (failure instanceof Said) return failure.message;
  if (!(failure instanceof ProblemFailure)) {
    return 'Hubbub cannot be reached. Check your connection and try again.';
  }
  const sentence = sentenceFor(failure.problem);
  const { retryAfter } = failure;
  return retryAfter === undefined ? sentence : `${sentence} Try again in ${inWords(retryAfter)}.`;
}

/** "20 seconds", "3 minutes": a time to wait, rounded up. @param milliseconds above 0 */
export function inWords(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 100) return countOf(seconds, 'second');
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? countOf(minutes, 'minute') : countOf(Math.ceil(minutes / 60), 'hour');
}

/** What is wrong with a part of a body, in the words of the schema that refused it; `undefined` where nothing is. */
export function wrongWith(failure: unknown, part: string): string | undefined {
  if (!(failure instanceof ProblemFailure)) return undefined;
  return failure.problem.errors?.find(({ path }) => path === part)?.message;
}

export function codeOf(failure: unknown): ProblemCode | undefined {
  return failure instanceof ProblemFailure ? (failure.problem.code as ProblemCode) : undefined;
}

/** "1 member", "1,204 members". */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
