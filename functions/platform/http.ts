/** The edge of REST: registers a call, gives every answer its request id, and turns what is thrown into a problem. */
import {
  app,
  type HttpMethod,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import * as z from 'zod/mini';
import { ProblemError, toProblemError } from './problem.ts';
import { newId } from './ids.ts';
import { currentSpan, inSpan, note, readTraceparent } from './trace.ts';

type Handler = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/** Registers function `name` for `methods` on `route` (below `/api`). Who may call is the handler's to check. */
export function registerHttp(name: string, methods: HttpMethod[], route: string, handler: Handler): void {
  app.http(name, {
    methods,
    route,
    authLevel: 'anonymous',
    handler: (request, context) => answer(handler, request, context),
  });
}

/** What the page may read besides the body: the host's own cross-origin answers leave it out, here and in Azure. */
const exposed = { 'access-control-expose-headers': 'Link, Location, Retry-After, X-Request-Id' };

/** Runs a handler as the edge does; exported so that tests can call a handler without a host. */
export async function answer(
  handler: Handler,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  const given = request.headers.get('x-request-id');
  const requestId = given && /^[\w.-]{1,64}$/.test(given) ? given : newId();
  const response = await inSpan(
    context.functionName,
    { request_id: requestId },
    async () => {
      const given = await handler(request, context).catch((thrown: unknown) =>
        refuse(thrown, requestId, context),
      );
      note({ status: given.status ?? 200 });
      return given;
    },
    { cause: readTraceparent(request.headers.get('traceparent')), log: (line) => context.log(line) },
  );
  // Every answer of ours has plain headers.
  const headers = response.headers as Record<string, string> | undefined;
  return { ...response, headers: { ...headers, 'x-request-id': requestId, ...exposed } };
}

function refuse(thrown: unknown, requestId: string, context: InvocationContext): HttpResponseInit {
  const refusal = toProblemError(thrown);
  const problem = refusal.toProblem();
  if (problem.status >= 500)
    context.error(
      JSON.stringify({
        requestId,
        trace_id: currentSpan()?.traceId,
        problem: problem.code,
        error: describe(refusal.more.cause ?? refusal),
      }),
    );
  const { retryAfterSeconds } = refusal.more;
  return {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
    },
    body: JSON.stringify(problem),
  };
}

const describe = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);

/** A JSON answer. */
export const json = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpResponseInit => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

/**
 * The request's JSON body, checked; `absent` stands for a body that is not there, where there need not be one.
 * Throws `invalid` with what to mend, or `too_long`.
 */
export async function readBody<S extends z.ZodMiniType>(
  request: HttpRequest,
  schema: S,
  absent?: z.input<S>,
): Promise<z.output<S>> {
  const text = await request.text();
  if (text === '' && absent !== undefined) return check(schema, absent);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProblemError('invalid', 'The body is not JSON.', {
      errors: [{ path: '', message: 'must be JSON' }],
    });
  }
  return check(schema, value);
}

/** A value checked against a schema of the contract. Throws as `readBody`. */
export function check<S extends z.ZodMiniType>(schema: S, value: unknown): z.output<S> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const errors = issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  const tooLong = issues.every(
    (issue) => issue.code === 'custom' && issue.params?.['tooLong'] === true && issue.path[0] === 'content',
  );
  throw new ProblemError(tooLong ? 'too_long' : 'invalid', detail, { errors });
}

/** `limit` of a query: 1 to `most`, `most` where it is absent. */
export function readLimit(request: HttpRequest, most: number): number {
  const given = request.query.get('limit');
  if (given === null) return most;
  const limit = Number(given);
  if (!/^\d+$/.test(given) || limit < 1 || limit > most) {
    throw new ProblemError('invalid', `limit must be a whole number from 1 to ${most}.`, {
      errors: [{ path: 'limit', message: `must be a whole number from 1 to ${most}` }],
    });
  }
  return limit;
}

/** The `Link` header that leads to the next page (RFC 8288), for the same call with another cursor. */
export function nextLink(request: HttpRequest, cursor: string | undefined): Record<string, string> {
  if (cursor === undefined) return {};
  const url = new URL(request.url);
  url.searchParams.set('cursor', cursor);
  return { link: `<${url.pathname}${url.search}>; rel="next"` };
}

/** The user id of the path. Throws `user_not_found` for what cannot be one, which table keys may not even take. */
export function readUserId(request: HttpRequest): string {
  const given = request.params['user'] ?? '';
  if (/^(service:)?[\da-f-]{36}$/.test(given)) return given;
  throw new ProblemError('user_not_found', 'There is nobody with this id.');
}

/** The room id of the path. Throws `room_not_found` for what cannot be one, which table keys may not even take. */
export function readRoomId(request: HttpRequest): string {
  const given = request.params['id'] ?? '';
  if (z.uuid().safeParse(given).success) return given;
  throw new ProblemError('room_not_found', 'There is no room with this id.');
}
