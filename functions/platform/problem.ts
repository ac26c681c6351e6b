/**
 * The one error of expected refusals, and the one funnel from anything thrown to a problem answer.
 * Rules throw `ProblemError`; only the edges (REST, webhook) turn it into an answer.
 */
import { problems, type Problem, type ProblemCode } from '../../contract/problems.ts';

interface More {
  errors?: Problem['errors'];
  retryAfterSeconds?: number;
  cause?: unknown;
}

export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly more: More;

  /** `detail` is a sentence for the person: what is wrong and what to do. */
  constructor(code: ProblemCode, detail: string, more: More = {}) {
    super(detail, { cause: more.cause });
    this.code = code;
    this.more = more;
  }

  toProblem(): Problem {
    const { status, title } = problems[this.code];
    const { errors } = this.more;
    return {
      type: `urn:hubbub:problem:${this.code}`,
      code: this.code,
      title,
      status,
      detail: this.message,
      ...(errors && { errors }),
    };
  }
}

/** Any thrown value as a `ProblemError`: itself, an outage (503), or a mistake of ours (500). */
export function toProblemError(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown;
  if (isOutage(thrown)) {
    return new ProblemError('unavailable', 'A part of the service does not answer. Try again in a moment.', {
      retryAfterSeconds: 2,
      cause: thrown,
    });
  }
  return new ProblemError('internal', 'Something went wrong on our side. Try again; it is in our log.', {
    cause: thrown,
  });
}

function isOutage(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  // What the Service Bus SDK throws after more than one try.
  if (thrown instanceof AggregateError) return isOutage(thrown.errors.at(-1));
  const { code, statusCode, retryable } = thrown as Error & {
    code?: string;
    statusCode?: number;
    retryable?: boolean;
  };
  // Refused by a data service, that is: roles have not spread yet, or no token is to be had.
  if (/Authentication\w*Error$|CredentialUnavailableError$/.test(thrown.name)) return true;
  if (statusCode !== undefined) return [401, 403, 429].includes(statusCode) || statusCode >= 500;
  return (
    retryable === true ||
    ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'REQUEST_SEND_ERROR'].includes(code ?? '')
  );
}
