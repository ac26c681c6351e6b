/**
 * Requests to the REST API, each answer checked against `contract/`. Tells refusals, which are final, from a network
 * that does not answer. Tries nothing twice, but for a token that was renewed meanwhile.
 */
import * as z from 'zod/mini';
import { problem, problems, type Problem, type ProblemCode } from '../../contract/problems.ts';
import type { Environment } from './environment.ts';
import { ProblemFailure, type Call, type Page } from './model.ts';

/** No answer came, or none that is one of the API. Whether the request was carried out is not known. */
export class Unreachable extends Error {}

export interface HttpOptions {
  /** Without a slash at its end. */
  base: string;
  environment: Environment;
  /** The token of the session, renewed before where it is about to end. */
  token: () => Promise<string | undefined>;
  /** Told when `token` was refused; never for signing in itself. @returns whether there is another one now. */
  onUnauthenticated: (token: string | undefined) => Promise<boolean>;
}

/** After this long without an answer a request counts as lost. */
const patience = 20_000;

export interface Request {
  body?: unknown;
  /** In the place of the session's; `undefined` for none. */
  token?: string | undefined;
  /** In which trace it stands: 32 hexadecimal digits. */
  trace?: string;
}

export interface Http {
  send: (method: string, path: string, request?: Request) => Promise<Response>;
  ask: <S extends z.ZodMiniType>(
    schema: S,
    method: string,
    path: string,
    request?: Request,
  ) => Promise<z.output<S>>;
  page: <S extends z.ZodMiniType>(schema: S, path: string) => Promise<Page<z.output<S>>>;
}

export function createHttp({ base, environment, token, onUnauthenticated }: HttpOptions): Http {
  async function send(method: string, path: string, request: Request = {}): Promise<Response> {
    if ('token' in request) return attempt(method, path, request, request.token);
    const sent = await token();
    try {
      return await attempt(method, path, request, sent);
    } catch (failure) {
      if (!(failure instanceof ProblemFailure) || failure.problem.code !== 'unauthenticated') throw failure;
      if (!(await onUnauthenticated(sent))) throw failure;
    }
    return attempt(method, path, request, await token());
  }

  async function attempt(
    method: string,
    path: string,
    { body, trace }: Request,
    sent: string | undefined,
  ): Promise<Response> {
    const headers: Record<string, string> = {};
    if (sent !== undefined) headers['authorization'] = `Bearer ${sent}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (trace !== undefined) headers['traceparent'] = `00-${trace}-${trace.slice(-16)}-01`;
    const response = await environment
      .fetch(address(path), {
        method,
        headers,
        signal: AbortSignal.timeout(patience),
        // How far somebody has read is told even where they leave the page right after.
        keepalive: method === 'PUT',
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      .catch((cause: unknown) => {
        throw new Unreachable('The API does not answer', { cause });
      });
    if (!response.ok) throw await refusalOf(response);
    return response;
  }

  /** A `Link` is absolute or begins with the path of the API: both lead to the host of `base`. */
  const address = (path: string): string =>
    path.startsWith('/api/') || path.startsWith('http') ? new URL(path, `${base}/`).href : `${base}${path}`;

  async function ask<S extends z.ZodMiniType>(
    schema: S,
    ...[method, path, request]: Parameters<typeof send>
  ): Promise<z.output<S>> {
    const response = await send(method, path, request);
    return read(schema, response);
  }

  async function page<S extends z.ZodMiniType>(schema: S, path: string): Promise<Page<z.output<S>>> {
    const response = await send('GET', path);
    const next = /<([^>]+)>\s*;[^,]*rel="?next"?/u.exec(response.headers.get('link') ?? '')?.[1];
    const items = await read(z.array(schema), response);
    return next === undefined ? { items } : { items, next };
  }
  return { send, ask, page };
}

/** The calls of which the page keeps no state, as `model.ts` offers them to the screens. */
export function callsOver({ send, ask, page }: Http): Call {
  return {
    read: (schema, path) => ask(schema, 'GET', path),
    page,
    ask: (schema, method, path, body) => ask(schema, method, path, { body }),
    tell: async (method, path, body) => void (await send(method, path, { body })),
  };
}

async function read<S extends z.ZodMiniType>(schema: S, response: Response): Promise<z.output<S>> {
  const body: unknown = await response.json().catch((cause: unknown) => {
    throw new Unreachable('The answer broke off', { cause });
  });
  return z.parse(schema, body);
}

/** A refusal is a problem of the contract; whatever a proxy says instead is `unavailable` or `internal`. */
async function refusalOf(response: Response): Promise<ProblemFailure> {
  const body: unknown = await response.json().catch(() => undefined);
  const given = z.safeParse(problem, body);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ProblemFailure(
    given.success ? given.data : substitute(response.status),
    Number.isFinite(seconds) ? seconds * 1000 : undefined,
  );
}

function substitute(status: number): Problem {
  const codes: Record<number, ProblemCode> = {
    401: 'unauthenticated',
    404: 'not_found',
    413: 'too_long',
    429: 'busy',
  };
  return problemOf(codes[status] ?? (status >= 500 ? 'unavailable' : 'invalid'));
}

/** A problem of our own making, in the shape of one that came over the wire. */
export function problemOf(code: ProblemCode, detail: string = problems[code].title): Problem {
  return { type: `urn:hubbub:problem:${code}`, code, detail, ...problems[code] };
}

/** What to show for a failure of any kind. */
export function problemFor(failure: unknown): Problem {
  return failure instanceof ProblemFailure ? failure.problem : problemOf('unavailable');
}

/** Whether the same request may well succeed later: no answer, too much at once, or a part that is down. */
export function isPassing(failure: unknown): boolean {
  if (!(failure instanceof ProblemFailure)) return failure instanceof Unreachable;
  const { status } = failure.problem;
  return status === 408 || status === 429 || status >= 500;
}
