/**
 * `$cbs`: clients bring a token for each entity before they use it. Every token is accepted: the connection string of
 * a local namespace holds no secret.
 */
import { notImplemented } from './errors.ts';
import { refusalAnswer, type Answer, type Request } from './request.ts';

export function answerCbs({ operation }: Request): Answer {
  if (operation === 'put-token') return { status: 200, description: 'OK' };
  return refusalAnswer(notImplemented(`$cbs has no operation "${operation}".`));
}
