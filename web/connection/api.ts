/**
 * The REST API as functions, each answer checked against `contract/`. Tells refusals, which are final, from a
 * network that does not answer. Knows nothing of the state, and tries nothing twice.
 */
import * as z from 'zod/mini';
import { negotiation, session, type Session } from '../../contract/identity.ts';
import { history, published, type History, type Published } from '../../contract/messages.ts';
import { problem, problems, type Problem, type ProblemCode } from '../../contract/problems.ts';
import { limits, member, myRoom, readAnswer, room, type Member, type MyRoom } from '../../contract/rooms.ts';
import type { ChangeRoomBody, Room } from '../../contract/rooms.ts';
import type { Environment } from './environment.ts';
import { ProblemFailure } from './model.ts';

/** No answer came, or none that is one of the API. Whether the request was carried out is not known. */
export class Unreachable extends Error {}

/** A page of a list; `next` is the address of the following one. */
export interface Page<Item> {
  items: Item[];
  next?: string;
}

export interface Api {
  /** With the token of an earlier session, the same guest renews it. */
  signIn(name: string, token?: string): Promise<Session>;
  negotiate(): Promise<string>;
  listRooms(query: string, next?: string): Promise<Page<Room>>;
  readRoom(roomId: string): Promise<Room>;
  createRoom(room: { id: string; name: string; description: string }): Promise<Room>;
  changeRoom(roomId: string, change: ChangeRoomBody): Promise<Room>;
  deleteRoom(roomId: string): Promise<void>;
  listMembers(roomId: string, next?: string): Promise<Page<Member>>;
  listMyRooms(next?: string): Promise<Page<MyRoom>>;
  markRead(roomId: string, seq: number): Promise<number>;
  readMessages(roomId: string, window: { before?: number; after?: number; limit: number }): Promise<History>;
  publish(message: { room_id: string; content: string; message_id: string }): Promise<Published>;
}

export interface ApiOptions {
  /** Without a slash at its end. */
  base: string;
  environment: Environment;
  token: () => string | undefined;
  /** Told when `token` was refused; never for signing in itself. */
  onUnauthenticated: (token: string | undefined) => void;
}

/** After this long without an answer a request counts as lost. */
const patience = 20_000;

interface Request {
  body?: unknown;
  token?: string | undefined;
}

export function createApi({ base, environment, token, onUnauthenticated }: ApiOptions): Api {
  async function send(method: string, path: string, request: Request = {}): Promise<Response> {
    const sent = 'token' in request ? request.token : token();
    const headers: Record<string, string> = {};
    if (sent !== undefined) headers['authorization'] = `Bearer ${sent}`;
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    const response = await environment
      .fetch(address(path), {
        method,
        headers,
        signal: AbortSignal.timeout(patience),
        ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      })
      .catch((cause: unknown) => {
        throw new Unreachable('The API does not answer', { cause });
      });
    if (response.ok) return response;
    const failure = await refusalOf(response);
    if (failure.problem.code === 'unauthenticated' && !('token' in request)) onUnauthenticated(sent);
    throw failure;
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

  return {
    signIn: (name, renewed) => ask(session, 'POST', '/session', { body: { name }, token: renewed }),
    negotiate: async () => (await ask(negotiation, 'POST', '/negotiate')).url,
    listRooms: (query, next) =>
      page(
        room,
        next ?? `/rooms?limit=${limits.pageOfRooms}${query && `&query=${encodeURIComponent(query)}`}`,
      ),
    readRoom: (roomId) => ask(room, 'GET', roomPath(roomId)),
    createRoom: (body) => ask(room, 'POST', '/rooms', { body }),
    changeRoom: (roomId, body) => ask(room, 'PATCH', roomPath(roomId), { body }),
    deleteRoom: async (roomId) => void (await send('DELETE', roomPath(roomId))),
    listMembers: (roomId, next) =>
      page(member, next ?? `${roomPath(roomId)}/members?limit=${limits.pageOfMembers}`),
    listMyRooms: (next) => page(myRoom, next ?? `/me/rooms?limit=${limits.pageOfMyRooms}`),
    markRead: async (roomId, seq) =>
      (await ask(readAnswer, 'PUT', `${roomPath(roomId)}/read`, { body: { seq } })).last_read,
    readMessages: (roomId, window) => {
      const query = new URLSearchParams(Object.entries(window).map(([key, value]) => [key, String(value)]));
      return ask(history, 'GET', `${roomPath(roomId)}/messages?${query}`);
    },
    publish: (body) => ask(published, 'POST', '/publish', { body }),
  };
}

const roomPath = (roomId: string): string => `/rooms/${encodeURIComponent(roomId)}`;

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
