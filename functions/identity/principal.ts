/**
 * Who is calling: the one place that reads a token or a header for it. Everything else takes a `Principal`,
 * however it was proved, so that another way to sign in is added here alone.
 */
import type { KeyCall, UserKind } from '../../contract/identity.ts';
import { ProblemError } from '../platform/problem.ts';
import { readToken } from './token.ts';
import { isCurrent, recentUser } from './users.ts';

export interface Principal {
  /** A UUID, for ever the same person; `service:` and the key's id for an API key. */
  user_id: string;
  /** What others see. */
  name: string;
  /** How they proved it; `service` is an API key. */
  kind: UserKind | 'service';
  /** Of an API key: what it may do, and where. */
  scope?: { rooms: string[]; calls: KeyCall[] };
}

/** A principal who is a person, with what their token was issued under. */
export interface Person extends Principal {
  kind: UserKind;
  /** Of their row; 0 where there is none. */
  generation?: number;
  /** Of who has refresh tokens. */
  session_id?: string;
}

/** As much of a request as is read here. */
interface Request {
  headers: { get(name: string): string | null };
}

/** The person who calls. Throws `unauthenticated`. */
export async function requirePrincipal(request: Request): Promise<Person> {
  const person = await findPrincipal(request);
  if (person) return person;
  throw new ProblemError(
    'unauthenticated',
    'Send "Authorization: Bearer <token>" with a token of POST /session or POST /auth/sign-in that has not ended.',
  );
}

/** The person who calls where there is one, for calls that may be made without. */
export async function findPrincipal(request: Request): Promise<Person | undefined> {
  const token = bearer(request);
  const person = token === undefined ? undefined : await readToken(token);
  if (!person) return undefined;
  const user = await recentUser(person.user_id);
  if (!isCurrent(person, user)) return undefined;
  // A name may have changed since the token was issued.
  return user ? { ...person, name: user.name } : person;
}

function bearer(request: Request): string | undefined {
  return /^Bearer +([\w.~+/=-]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}
