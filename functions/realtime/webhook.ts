/**
 * Web PubSub's events, over HTTP: proves the caller, reads the event, and hands it to the capability that it
 * concerns. A refusal of a user event is an answer to the client, whose connection stays open.
 */
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { hub, webhookRoute } from '../../contract/names.ts';
import { onJoin, onLeave } from '../membership/events.ts';
import { json, registerHttp } from '../platform/http.ts';
import { ProblemError, toProblemError } from '../platform/problem.ts';
import { connected, disconnected } from '../presence/lifecycle.ts';
import { onListRooms } from '../rooms/events.ts';
import { requireWebPubSub } from './caller.ts';
import { findAnswer, keepAnswer } from './answered.ts';
import { enter } from './entry.ts';
import { readCloudEvent, type ClientEvent, type CloudEvent } from './cloud-event.ts';

const requests: Record<string, (event: ClientEvent) => Promise<object>> = {
  join: onJoin,
  leave: onLeave,
  list_rooms: onListRooms,
};

export async function takeEvent(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  if (request.method === 'OPTIONS') return shakeHands(request);
  const event = readCloudEvent(request.headers);
  if (event?.hub.toLowerCase() !== hub) throw new ProblemError('invalid', 'This is not an event of our hub.');
  requireWebPubSub(request.query.get('code'), request.headers.get('ce-signature'), event.connectionId);
  return event.kind === 'system'
    ? takeSystemEvent(event, await request.text())
    : takeUserEvent(event, request, context);
}

/** The abuse-protection handshake: yes, we want these events. */
function shakeHands(request: HttpRequest): HttpResponseInit {
  const origin = request.headers.get('webhook-request-origin');
  if (origin === null) throw new ProblemError('invalid', 'WebHook-Request-Origin is missing.');
  return { status: 200, headers: { 'webhook-allowed-origin': '*' } };
}

async function takeSystemEvent(event: CloudEvent, body: string): Promise<HttpResponseInit> {
  const { name, userId, connectionId } = event;
  if (userId === '') throw anonymous();
  if (name === 'connect') return json(200, { groups: await enter(event, body) });
  if (name === 'connected') await connected(userId, connectionId);
  if (name === 'disconnected') await disconnected(userId, connectionId);
  return { status: 200 };
}

const anonymous = (): ProblemError =>
  new ProblemError('unauthenticated', 'Connect with an address of POST /negotiate.');

async function takeUserEvent(
  event: CloudEvent,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  let requestId: unknown;
  // The signature is of the connection alone: whose it is we wrote down when it opened.
  const before = event.userId === '' ? undefined : await findAnswer(event);
  if (before) return json(200, before);
  try {
    if (event.userId === '') throw anonymous();
    const data = readData(await readText(request));
    requestId = data['request_id'];
    const name = event.name === 'message' ? data['action'] : event.name;
    const answer = typeof name === 'string' && Object.hasOwn(requests, name) ? requests[name] : undefined;
    if (!answer) throw new ProblemError('invalid', `Send one of ${Object.keys(requests).join(', ')}.`);
    const { userId, connectionId } = event;
    const answered = { ...(await answer({ userId, connectionId, data })), ...echo(requestId) };
    // A list changes nothing, and may be long.
    if (name !== 'list_rooms') await keepAnswer(event, answered);
    return json(200, answered);
  } catch (thrown) {
    const refusal = toProblemError(thrown);
    const problem = refusal.toProblem();
    if (problem.status >= 500)
      context.error(JSON.stringify({ event: event.name, error: String(refusal.more.cause) }));
    return json(200, { type: 'error', problem, ...echo(requestId) });
  }
}

/** Longer than any request that we know, by far. */
const longestEvent = 65_536;

async function readText(request: HttpRequest): Promise<string> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^(application\/json|text\/plain)\s*(;|$)/i.test(type)) {
    throw new ProblemError('unsupported_media_type', 'Send JSON, as JSON or as text.');
  }
  const text = await request.text();
  if (text.length <= longestEvent) return text;
  throw new ProblemError('too_long', `An event has at most ${longestEvent} characters.`);
}

function readData(text: string): Record<string, unknown> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = undefined;
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data))
    return data as Record<string, unknown>;
  throw new ProblemError('invalid', 'Send a JSON object.');
}

const echo = (requestId: unknown): { request_id?: string } =>
  typeof requestId === 'string' && requestId.length <= 128 ? { request_id: requestId } : {};

registerHttp('webpubsub-events', ['OPTIONS', 'POST'], webhookRoute, takeEvent);
