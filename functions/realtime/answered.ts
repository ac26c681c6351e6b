/**
 * Events that come again: Web PubSub sends an event anew where it got no answer, under the same id (CloudEvents 1.0:
 * source and id name an event). It must not take effect once more after what came in between.
 */
import { ProblemError } from '../platform/problem.ts';
import { answerTo, hasConnection, rememberAnswer } from '../presence/presence.ts';
import type { CloudEvent } from './cloud-event.ts';

/** What was answered to this event before. Throws `webhook_refused` where the person has no such connection. */
export async function findAnswer(event: CloudEvent): Promise<object | undefined> {
  const { id, userId, connectionId } = event;
  const [isTheirs, answer] = await Promise.all([
    hasConnection(userId, connectionId),
    id === '' ? undefined : answerTo({ userId, connectionId }, id),
  ]);
  if (isTheirs) return answer;
  throw new ProblemError('webhook_refused', 'This person has no such connection, or not any more.');
}

/** Keeps the answer for the case that the event comes again. */
export async function keepAnswer({ id, userId, connectionId }: CloudEvent, answer: object): Promise<void> {
  if (id !== '') await rememberAnswer({ userId, connectionId }, id, answer);
}
