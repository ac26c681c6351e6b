/**
 * `<entity>/$management`: what a client asks beside receiving and sending. An operation for each function below; the
 * ones that Service Bus has and this program has not are refused by name.
 */
import type { Typed } from 'rhea';
import type { Inbox } from '../broker/inbox.ts';
import type { StoredMessage } from '../broker/message.ts';
import type { Queue } from '../broker/queue.ts';
import { notImplemented, Refusal } from '../broker/refusal.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { readArrival } from './arrival.ts';
import { amqp, plain, textOf, typeCodes } from './codec.ts';
import { encodeDeparture, withApplicationProperties, withoutBody } from './departure.ts';
import { entriesOf } from './encoded-message.ts';
import { wireError } from './errors.ts';
import { encodedMessages, lockTokens, wholeNumber, wholeNumbers, type Fields } from './fields.ts';
import { operationName, refusalAnswer, type Answer, type Request } from './request.ts';
import { addRule, enumerateRules, removeRule } from './rules.ts';
import {
  getSessionState,
  heldSession,
  listSessions,
  renewSessionLock,
  setSessionState,
} from './session-operations.ts';

/** The sides of one entity: a topic has no queue, a subscription no inbox, and only that has rules. */
export interface ManagedEntity {
  queue: Queue | undefined;
  inbox: Inbox | undefined;
  rules?: RuleSet | undefined;
}

type Operation = (entity: ManagedEntity, fields: Fields, request: Request) => Promise<Answer> | Answer;

const operations: Record<string, Operation> = {
  'renew-lock': renewLock,
  'peek-message': peekMessage,
  'schedule-message': scheduleMessage,
  'cancel-scheduled-message': cancelScheduledMessage,
  'update-disposition': updateDisposition,
  'receive-by-sequence-number': receiveBySequenceNumber,
  'batch-delete-messages': deleteBatch,
  'renew-session-lock': renewSessionLock,
  'get-session-state': getSessionState,
  'set-session-state': setSessionState,
  'get-message-sessions': listSessions,
  'add-rule': addRule,
  'remove-rule': removeRule,
  'enumerate-rules': enumerateRules,
};

/** How many messages one answer holds at most; whoever peeks asks again for more. */
const longestPage = 250;
/** As the service has it. */
const mostDeleted = 4_000;
/** Of a receiver that locks; one that does not says 0. */
const settleSecond = 1;
const ok: Answer = { status: 200, description: 'OK' };

/** Carries out a request; what it refuses is an answer too. */
export async function answerManagement(entity: ManagedEntity, request: Request): Promise<Answer> {
  const name = operationName(request);
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
  const isBare = plain(fields.get('omit-message-body')) === true;
  const encode = (message: StoredMessage) =>
    isBare ? withoutBody(encodeDeparture(message)) : encodeDeparture(message);
  return { ...ok, body: { messages: messages.map((message) => ({ message: encode(message) })) } };
}

async function receiveBySequenceNumber(
  entity: ManagedEntity,
  fields: Fields,
  request: Request,
): Promise<Answer> {
  const queue = queueOf(entity);
  const session = heldSession(entity, fields, request);
  const locks = wholeNumber(fields, 'receiver-settle-mode', settleSecond) === settleSecond;
  const fetched = queue.fetch(wholeNumbers(fields, 'sequence-numbers'), { locks, session });
  await queue.onDisk();
  const messages = fetched.map(({ message, lock }) => ({
    message: encodeDeparture(message, lock),
    ...(lock && { 'lock-token': amqp.wrap_uuid(Buffer.from(lock.token, 'hex')) }),
  }));
  return { ...ok, body: { messages } };
}

async function deleteBatch(entity: ManagedEntity, fields: Fields, request: Request): Promise<Answer> {
  const queue = queueOf(entity);
  const before = plain(fields.get('enqueued-time-utc'));
  const count = Math.min(wholeNumber(fields, 'message-count'), mostDeleted);
  const deleted = queue.purge(count, {
    before: before instanceof Date ? before.getTime() : Date.now(),
    session: heldSession(entity, fields, request)?.id,
  });
  await queue.onDisk();
  if (deleted === 0) return { status: 204, description: 'No content' };
  return { ...ok, body: { 'message-count': amqp.wrap_int(deleted) } };
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
    // So it is spelt.
    case 'defered':
      return (token) => queue.defer(token, (content) => withApplicationProperties(content, changes));
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
