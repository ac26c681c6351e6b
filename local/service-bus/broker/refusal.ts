/** What the broker refuses, in its own words; amqp/errors.ts says it in those of the wire. */

export type RefusalCode =
  | 'entity-not-found'
  | 'unauthorized'
  | 'not-allowed'
  | 'message-lock-lost'
  | 'session-lock-lost'
  | 'session-cannot-be-locked'
  | 'timeout'
  | 'already-exists'
  | 'rule-not-found'
  | 'message-not-found'
  | 'not-implemented'
  | 'invalid-argument';

/** An operation that changed nothing, and why. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

export function lockLost(): Refusal {
  return new Refusal(
    'message-lock-lost',
    'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
  );
}

export function sessionLockLost(id: string): Refusal {
  return new Refusal(
    'session-lock-lost',
    `The session lock has expired on the session '${id}'. Accept a new session.`,
  );
}

export function sessionCannotBeLocked(id: string): Refusal {
  return new Refusal(
    'session-cannot-be-locked',
    `The requested session '${id}' cannot be accepted. It may be locked by another receiver.`,
  );
}

export function messageNotFound(sequence: number): Refusal {
  return new Refusal(
    'message-not-found',
    `There is no message with the sequence number ${sequence} to act on.`,
  );
}

export function entityNotFound(path: string): Refusal {
  return new Refusal('entity-not-found', `The messaging entity '${path}' could not be found.`);
}

/** For what Service Bus has and this program does not. */
export function notImplemented(what: string): Refusal {
  return new Refusal('not-implemented', `This local namespace does not serve ${what}.`);
}
