/** The operations of `$management` that are about sessions. */
import { Refusal } from '../broker/refusal.ts';
import type { HeldSession, Sessions } from '../broker/sessions.ts';
import { amqp, plain, textOf } from './codec.ts';
import { text, wholeNumber, type Fields } from './fields.ts';
import type { ManagedEntity } from './management.ts';
import type { Answer, Request } from './request.ts';

const ok: Answer = { status: 200, description: 'OK' };
/** Where a client asks for sessions changed after year 9999, it means those that have messages. */
const endOfTime = Date.UTC(9999, 0);

/** The session that a request names and its receiver holds; `undefined` where it names none. Throws `sessionLockLost`. */
export function heldSession(
  { queue }: ManagedEntity,
  fields: Fields,
  { properties }: Request,
): HeldSession | undefined {
  const id = textOf(fields.get('session-id'));
  if (id === undefined || !queue?.sessions) return undefined;
  return queue.sessions.holding(id, textOf(properties.get('associated-link-name')));
}

export function renewSessionLock(entity: ManagedEntity, fields: Fields, request: Request): Answer {
  const sessions = sessionsOf(entity);
  const session = needSession(entity, fields, request);
  return { ...ok, body: { expiration: amqp.wrap_timestamp(sessions.renew(session)) } };
}

export function getSessionState(entity: ManagedEntity, fields: Fields, request: Request): Answer {
  const sessions = sessionsOf(entity);
  const state = sessions.state(needSession(entity, fields, request).id);
  return { ...ok, body: { 'session-state': state === undefined ? null : amqp.wrap_binary(state) } };
}

export async function setSessionState(
  entity: ManagedEntity,
  fields: Fields,
  request: Request,
): Promise<Answer> {
  const sessions = sessionsOf(entity);
  const { id } = needSession(entity, fields, request);
  const state = plain(fields.get('session-state'));
  if (state !== null && state !== undefined && !(state instanceof Uint8Array)) {
    throw new Refusal('invalid-argument', 'The request\'s "session-state" is not binary.');
  }
  sessions.setState(id, state ?? undefined);
  await entity.queue!.onDisk();
  return ok;
}

export function listSessions(entity: ManagedEntity, fields: Fields): Answer {
  const since = plain(fields.get('last-updated-time'));
  const time = since instanceof Date ? since.getTime() : undefined;
  const isMessages = time === undefined || Number.isNaN(time) || time >= endOfTime;
  const skip = wholeNumber(fields, 'skip', 0);
  const all = sessionsOf(entity).list(isMessages ? undefined : time);
  const ids = all.slice(skip, skip + wholeNumber(fields, 'top', 100));
  if (ids.length === 0) return { status: 204, description: 'No content' };
  return { ...ok, body: { skip: amqp.wrap_int(skip + ids.length), 'sessions-ids': ids } };
}

function needSession(entity: ManagedEntity, fields: Fields, request: Request): HeldSession {
  text(fields, 'session-id');
  return heldSession(entity, fields, request)!;
}

function sessionsOf({ queue }: ManagedEntity): Sessions {
  if (queue?.sessions) return queue.sessions;
  throw new Refusal('not-allowed', 'The entity does not require sessions.');
}
