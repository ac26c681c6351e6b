/**
 * `<entity>/$management`: what a client asks beside receiving and sending. An operation for each function below; the
 * ones that Service Bus has and this program has not are refused by name.
 */
import type { Typed } from 'rhea';
import type { Inbox } from '../broker/inbox.ts';
import type { Queue } from '../broker/queue.ts';
import { notImplemented, Refusal } from '../broker/refusal.ts';
import { readArrival } from './arrival.ts';
import { amqp, textOf, typeCodes } from './codec.ts';
import { encodeDeparture, withApplicationProperties } from './departure.ts';
import { entriesOf } from './encoded-message.ts';
import { wireError } from './errors.ts';
import { encodedMessages, lockTokens, wholeNumber, wholeNumbers, type Fields } from './fields.ts';
import { prefix, refusalAnswer, type Answer, type Request } from './request.ts';
import { enumerateRules } from './rules.ts';
import {
  getSessionState,
  heldSession,
  listSessions,
  renewSessionLock,
  setSessionState,
} from './session-operations.ts';

/** The sides of one entity: a topic has no queue, a subscription no inbox. */
export interface ManagedEntity {
  queue: Queue | undefined;
  inbox: Inbox | undefined;
}

type Operation = (entity: ManagedEntity, fields: Fields, request: Request) => Promise<Answer> | Answer;

const operations: Record<string, Operation> = {
  'renew-lock': renewLock,
  'peek-message': peekMessage,
  'schedule-message': scheduleMessage,
  'cancel-scheduled-message': cancelScheduledMessage,
  'update-disposition': updateDisposition,
  'renew-session-lock': renewSessionLock,
  'get-session-state': getSessionState,
  'set-session-state': setSessionState,
  'get-message-sessions': listSessions,
  'enumerate-rules': (_entity, fields) => enumerateRules(wholeNumber(fields, 'skip', 0)),
};

/** How many messages one answer holds at most; whoever peeks asks again for more. */
const longestPage = 250;
const ok: Answer = { status: 200, description: 'OK' };

/** Carries out a request; what it refuses is an answer too. */
export async function answerManagement(entity: ManagedEntity, request: Request): Promise<Answer> {
  const name = request.operation.replace(prefix, '');
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  try {
    if (operation === undefined) throw notImplemented(`the operation "${request.operation}"`);
    return await operation(entity, entriesOf(request.body), request);
  } catch (error) {
    return refusalAnswer(wireError(error));
  }
}

function renewLock(entity: ManagedEntity, fields: Fields): Answer {
  const queue = queueOf(entity);
  const expirations = lockTokens(fields).map((token) => queue.renewLock(token));
  return { ...ok, body: { expirations: amqp.wrap_array(expirations, typeCodes.timestamp, undefined) } };
}

function peekMessage(entity: ManagedEntity, fields: Fields): Answer {
  const from = wholeNumber(fields, 'from-sequence-number', 1);
  const count = wholeNumber(fields, 'message-count', 1);
  const session = textOf(fields.get('session-id'));
  const messages = queueOf(entity).peek(from, Math.min(count, longestPage), session);
  if (messages.length === 0) return { status: 204, description: 'No content' };
  return { ...ok, body: { messages: messages.map((message) => ({ message: encodeDeparture(message) })) } };
}

async function scheduleMessage(entity: ManagedEntity, fields: Fields): Promise<Answer> {
  const sequences = await inboxOf(entity).send(encodedMessages(fields).map(readArrival));
  return { ...ok, body: { 'sequence-numbers': amqp.wrap_array(sequences, typeCodes.long, undefined) } };
}

async function cancelScheduledMessage(entity: ManagedEntity, fields: Fields): Promise<Answer> {
  await inboxOf(entity).cancel(wholeNumbers(fields, 'sequence-numbers'));
  return ok;
}

async function updateDisposition(entity: ManagedEntity, fields: Fields, request: Request): Promise<Answer> {
  const queue = queueOf(entity);
  heldSession(entity, fields, request);
  const settle = disposition(queue, fields);
  for (const token of lockTokens(fields)) settle(token);
  await queue.onDisk();
  return ok;
}

function disposition(queue: Queue, fields: Fields): (token: string) => void {
  const status = textOf(fields.get('disposition-status')) ?? '';
  const changes = entriesOf(fields.get('properties-to-modify'));
  switch (status) {
    case 'completed':
      return (token) => queue.complete(token);
    case 'abandoned':
      return (token) => queue.abandon(token, (content) => withApplicationProperties(content, changes));
    case 'suspended': {
      const reasons = new Map([...changes, ...deadLetterReasons(fields)]);
      return (token) => queue.deadLetter(token, (content) => withApplicationProperties(content, reasons));
    }
    case 'defered':
      throw notImplemented('deferred messages');
    default:
      throw new Refusal('invalid-argument', `"${status}" is no disposition status.`);
  }
}

function deadLetterReasons(fields: Fields): [string, Typed][] {
  const names = [
    ['deadletter-reason', 'DeadLetterReason'],
    ['deadletter-description', 'DeadLetterErrorDescription'],
  ] as const;
  return names.flatMap(([from, to]) => {
    const value = fields.get(from);
    return value === undefined || value.value === null ? [] : [[to, value]];
  });
}

function queueOf({ queue }: ManagedEntity): Queue {
  if (queue === undefined) throw new Refusal('invalid-argument', 'A topic is not received from.');
  return queue;
}

function inboxOf({ inbox }: ManagedEntity): Inbox {
  if (inbox === undefined) throw new Refusal('invalid-argument', 'A subscription is not sent to.');
  return inbox;
}
