/**
 * The errors of the wire, a function for each documented condition.
 * https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot
 */
import { Refusal } from '../broker/refusal.ts';
import { MalformedMessage } from './encoded-message.ts';

/** An AMQP error, and the status that says the same in an answer of `$management`. */
export interface WireError {
  condition: string;
  description: string;
  status: number;
}

export function notFound(description: string): WireError {
  return { condition: 'amqp:not-found', description, status: 404 };
}

export function messageLockLost(description: string): WireError {
  return { condition: 'com.microsoft:message-lock-lost', description, status: 410 };
}

export function sessionLockLost(description: string): WireError {
  return { condition: 'com.microsoft:session-lock-lost', description, status: 410 };
}

export function sessionCannotBeLocked(description: string): WireError {
  return { condition: 'com.microsoft:session-cannot-be-locked', description, status: 410 };
}

export function timedOut(description: string): WireError {
  return { condition: 'com.microsoft:timeout', description, status: 408 };
}

export function messageNotFound(description: string): WireError {
  return { condition: 'com.microsoft:message-not-found', description, status: 404 };
}

export function messageSizeExceeded(size: number, limit: number): WireError {
  return {
    condition: 'amqp:link:message-size-exceeded',
    description: `The received message (size: ${size} bytes) exceeds the limit (${limit} bytes) currently allowed on the link.`,
    status: 400,
  };
}

export function alreadyExists(description: string): WireError {
  return { condition: 'com.microsoft:entity-already-exists', description, status: 409 };
}

export function unauthorized(description: string): WireError {
  return { condition: 'amqp:unauthorized-access', description, status: 401 };
}

/** For an operation that makes no sense for the entity as it is. */
export function notAllowed(description: string): WireError {
  return { condition: 'amqp:not-allowed', description, status: 400 };
}

export function notImplemented(description: string): WireError {
  return { condition: 'amqp:not-implemented', description, status: 501 };
}

export function invalidArgument(description: string): WireError {
  return { condition: 'com.microsoft:argument-error', description, status: 400 };
}

export function decodeError(description: string): WireError {
  return { condition: 'amqp:decode-error', description, status: 400 };
}

export function internalError(description: string): WireError {
  return { condition: 'amqp:internal-error', description, status: 500 };
}

/** The statuses that `$management` has beside conditions that are asked for; those of others are 500. */
const statuses: Record<string, number> = {
  'amqp:not-found': 404,
  'amqp:unauthorized-access': 401,
  'amqp:resource-limit-exceeded': 403,
  'com.microsoft:entity-disabled': 403,
  'com.microsoft:entity-already-exists': 409,
  'com.microsoft:message-lock-lost': 410,
  'com.microsoft:message-not-found': 404,
  'com.microsoft:session-lock-lost': 410,
  'com.microsoft:session-cannot-be-locked': 410,
  'com.microsoft:server-busy': 503,
  'com.microsoft:timeout': 408,
};

/** The error of a fault on request: the condition that it names, or that of a busy namespace. */
export function requestedError(error: number | string | undefined): WireError {
  const condition = typeof error === 'string' ? error : 'com.microsoft:server-busy';
  return { condition, description: 'A fault on request.', status: statuses[condition] ?? 500 };
}

/** The one way from anything thrown to the wire; what nobody expected is logged here, once. */
export function wireError(thrown: unknown): WireError {
  if (thrown instanceof MalformedMessage) return decodeError(thrown.message);
  if (!(thrown instanceof Refusal)) {
    console.error(thrown);
    return internalError('The local namespace failed; its log says why.');
  }
  switch (thrown.code) {
    case 'entity-not-found':
    case 'rule-not-found':
      return notFound(thrown.message);
    case 'already-exists':
      return alreadyExists(thrown.message);
    case 'unauthorized':
      return unauthorized(thrown.message);
    case 'not-allowed':
      return notAllowed(thrown.message);
    case 'message-lock-lost':
      return messageLockLost(thrown.message);
    case 'session-lock-lost':
      return sessionLockLost(thrown.message);
    case 'session-cannot-be-locked':
      return sessionCannotBeLocked(thrown.message);
    case 'timeout':
      return timedOut(thrown.message);
    case 'message-not-found':
      return messageNotFound(thrown.message);
    case 'not-implemented':
      return notImplemented(thrown.message);
    case 'invalid-argument':
      return invalidArgument(thrown.message);
  }
}
