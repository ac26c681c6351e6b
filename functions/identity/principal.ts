/**
 * Who is calling: the one place that reads a token or a header for it. Everything else takes a `Principal`,
 * however it was proved, so that another way to sign in is added here alone.
 */
import type { UserKind } from '../../contract/identity.ts';
import { readKey } from '../keys/keys.ts';
import { ProblemError } from '../platform/problem.ts';
import { authoriseKind, type AnyOperation } from './permissions.ts';
import { readToken } from './token.ts';
import { isCurrent, recentUser } from './users.ts';

export interface Principal {
  /** A UUID, for ever the same person; `service:` and the key's id for an API key. */
  user_id: string;
  /** What others see. */
  name: string;
  /** How they proved it; `service` is an API key. */
  kind: UserKind | 'service';
  /** Of an API key: what it may do, and where; by room, until when its maker may not write there (ISO 8601). */
  scope?: { rooms: string[]; calls: string[]; muted_until: Record<string, string> };
  /** The person's generation when the token was issued; 0 where there is none. */
  generation?: number;
  /** Of who has refresh tokens. */
  session_id?: string;
}

/** A principal who is no API key. */
export interface Person extends Principal {
  kind: UserKind;
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
  const principal = (await findPerson(request)) ?? (await findService(request));
  if (!principal) throw unauthenticated();
  authoriseKind(operation, principal);
  return principal;
}

/** The caller of a call about the caller, whom no table decides on. Throws `unauthenticated`, `not_allowed` for a key. */
export async function requirePerson(request: Request): Promise<Person> {
  const person = await findPerson(request);
  if (person) return person;
  if (await findService(request)) throw new ProblemError('not_allowed', 'The key is not for this.');
  throw unauthenticated();
}

const unauthenticated = (): ProblemError =>
  new ProblemError(
    'unauthenticated',
    'Send "Authorization: Bearer <token>" with a token of POST /session or POST /auth/sign-in that has not ended.',
  );

/** The person who calls where there is one, for calls that may be made without. */
export async function findPerson(request: Request): Promise<Person | undefined> {
  const token = bearer(request);
  const person = token === undefined ? undefined : await readToken(token);
  if (!person) return undefined;
  const user = await recentUser(person.user_id);
  if (!isCurrent(person, user)) return undefined;
  // A name may have changed since the token was issued.
  return user ? { ...person, name: user.name } : person;
}

/** The API key that calls. What else API Management's header may hold is its own and says nothing here. */
async function findService(request: Request): Promise<Principal | undefined> {
  const key = bearer(request) ?? request.headers.get('ocp-apim-subscription-key');
  return key === null ? undefined : readKey(key);
}

function bearer(request: Request): string | undefined {
  return /^Bearer +([\w.~+/=-]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}
