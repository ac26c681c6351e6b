/**
 * Who is calling: the one place that reads a token or a header for it. Everything else takes a `Principal`,
 * however it was proved, so that another way to sign in is added here alone.
 */
import { ProblemError } from '../platform/problem.ts';
import { readToken } from './token.ts';

export interface Principal {
  /** A UUID; for ever the same person. */
  user_id: string;
  /** What others see. */
  name: string;
  roles: string[];
}

/** As much of a request as is read here. */
interface Request {
  headers: { get(name: string): string | null };
}

/** The caller of a REST call. Throws `unauthenticated`. */
export async function requirePrincipal(request: Request): Promise<Principal> {
  const principal = await findPrincipal(request);
  if (principal) return principal;
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
