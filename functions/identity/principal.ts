/**
 * Who is calling: the one place that reads a token or a header for it. Everything else takes a `Principal`,
 * however it was proved, so that another way to sign in is added here alone.
 */
import type { UserKind } from '../../contract/identity.ts';
import { ProblemError } from '../platform/problem.ts';
import { authoriseKind, type AnyOperation } from './permissions.ts';
import { readToken } from './token.ts';

export interface Principal {
  /** A UUID; for ever the same person. */
  user_id: string;
  /** What others see. */
  name: string;
  /** How they proved it; `service` is an API key. */
  kind: UserKind | 'service';
  /** Of an API key: what it may do, and where. */
  scope?: { rooms: string[]; calls: string[] };
}

/** As much of a request as is read here. */
interface Request {
  headers: { get(name: string): string | null };
}

/**
 * The caller of a REST call, which is `operation` of the permission table. Throws `unauthenticated`, and
 * `not_allowed` where nobody of their kind may do this anywhere.
 */
export async function requirePrincipal(request: Request, operation: AnyOperation): Promise<Principal> {
  const principal = await findPrincipal(request);
  if (principal) {
    authoriseKind(operation, principal);
    return principal;
  }
  throw new ProblemError(
    'unauthenticated',
    'Send "Authorization: Bearer <token>" with a token of POST /session that has not ended.',
  );
}

/** The caller where there is one, for calls that may be made without. */
export async function findPrincipal(request: Request): Promise<Principal | undefined> {
  const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  return token === undefined ? undefined : readToken(token);
}
