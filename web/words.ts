/**
 * What a failure means in the words of a person, and the one sentence for a field that does not hold.
 * The screens decide where it stands and which button comes with it.
 */
import type { Problem, ProblemCode } from '../contract/problems.ts';
import { ProblemFailure } from './connection/model.ts';

const sentences: Partial<Record<ProblemCode, string>> = {
  guests_off: 'Signing in with just a name is switched off here.',
  unauthenticated: 'Your session has ended. Sign in again.',
  not_owner: 'Only the person who created this room may do this.',
  not_member: 'Only members may do this. Join the room first.',
  room_not_found: 'This room does not exist any more.',
  too_many_rooms: 'You are in 500 rooms, which is the most. Leave one first.',
  too_long: 'The message is too long.',
  busy: 'The room is very busy right now. Try again in a moment.',
  internal: 'Something went wrong on our side. Try again.',
  unavailable: 'Hubbub cannot be reached right now. Try again in a moment.',
  not_announced: 'Hubbub cannot be reached right now. Try again in a moment.',
};

export function sentenceFor(problem: Problem): string {
  return sentences[problem.code as ProblemCode] ?? problem.detail;
}

/** A sentence for whatever a call of the client rejected with. */
export function explain(failure: unknown): string {
  if (failure instanceof ProblemFailure) return sentenceFor(failure.problem);
  return 'Hubbub cannot be reached. Check your connection and try again.';
}

export function codeOf(failure: unknown): ProblemCode | undefined {
  return failure instanceof ProblemFailure ? (failure.problem.code as ProblemCode) : undefined;
}

/** "1 member", "1,204 members". */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
