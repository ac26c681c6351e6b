/**
 * The `connect` event: what the handler is told about a client at the door, and what it may change. Its answer
 * is checked here; a refusal or a broken answer is a `Refusal` for the handshake.
 */
import type { IncomingMessage } from 'node:http';
import * as z from 'zod/mini';
import { brokenHandler, refusedByHandler, unreachableHandler, type Refusal } from '../errors.ts';
import { isGroupName } from '../names.ts';
import type { Claims } from '../signed-token.ts';
import type { EventSequence } from './event-sequence.ts';
import type { HttpResponse } from './http-request.ts';

const answer = z.object({
  userId: z.optional(z.nullable(z.string())),
  groups: z.optional(z.nullable(z.array(z.string().check(z.refine(isGroupName))))),
  roles: z.optional(z.nullable(z.array(z.string()))),
  subprotocol: z.optional(z.nullable(z.string())),
});

export interface ConnectAnswer {
  userId?: string;
  groups?: string[];
  /** Replaces those of the token, also when empty. */
  roles?: string[];
  subprotocol?: string;
}

export interface Visitor {
  message: IncomingMessage;
  url: URL;
  claims: Claims;
  subprotocols: string[];
}

/** Asks the handler of `connect`; undefined where the hub has none. Throws a `Refusal`. */
export async function askConnect(
  events: EventSequence,
  visitor: Visitor,
): Promise<ConnectAnswer | undefined> {
  let response: HttpResponse | undefined;
  try {
    response = await events.connect(describe(visitor));
  } catch (error) {
    throw unreachableHandler(error instanceof Error ? error.message : String(error));
  }
  if (!response) return undefined;
  if (response.status < 200 || response.status > 299) throw toRefusal(response.status);
  return readAnswer(response.body.toString(), visitor.subprotocols);
}

/** A redirect or worse is no status to refuse a handshake with. */
const toRefusal = (status: number): Refusal =>
  status >= 400 && status <= 599 ? refusedByHandler(status) : brokenHandler(`its status is ${status}.`);

function readAnswer(body: string, offered: string[]): ConnectAnswer {
  if (body.trim() === '') return {};
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    throw brokenHandler('it is not JSON.');
  }
  if (content === null) return {};
  const result = z.safeParse(answer, content);
  if (!result.success) throw brokenHandler(result.error.issues.map((issue) => issue.message).join('; '));
  const { userId, groups, roles, subprotocol } = result.data;
  if (subprotocol && !offered.includes(subprotocol)) {
    throw brokenHandler(`the client did not offer the subprotocol '${subprotocol}'.`);
  }
  return {
    ...(typeof userId === 'string' && { userId }),
    ...(groups && { groups }),
    ...(roles && { roles }),
    ...(subprotocol && { subprotocol }),
  };
}

/** The body of the event. Tokens stay here. */
function describe({ message, url, claims, subprotocols }: Visitor): string {
  const query: Record<string, string[]> = {};
  for (const [key, value] of url.searchParams) {
    if (key !== 'access_token') (query[key] ??= []).push(value);
  }
  const headers: Record<string, string[]> = {};
  for (const [key, values] of Object.entries(message.headersDistinct)) {
    if (key !== 'authorization' && values) headers[key] = values;
  }
  const told = Object.entries(claims).map(([key, value]) => [key, toTexts(value)]);
  return JSON.stringify({
    claims: Object.fromEntries(told),
    query,
    headers,
    subprotocols,
    clientCertificates: [],
  });
}

const toTexts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).map((part) =>
    typeof part === 'string' ? part : JSON.stringify(part),
  );
