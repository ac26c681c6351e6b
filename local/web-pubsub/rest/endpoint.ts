/** The REST endpoint: finds the operation, checks the caller, writes the answer or the error. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from '../../fault-injection/fault.ts';
import type { Activity } from '../activity.ts';
import { internalError, invalidHub, noOperation, notWebSocket, Refusal } from '../errors.ts';
import { isStruck } from '../http-fault.ts';
import { isHubName } from '../names.ts';
import { readSegments, readUrl } from '../request-url.ts';
import type { PubSub } from '../service.ts';
import { authenticate } from './auth.ts';
import type { RestAnswer, RestRequest } from './request.ts';
import { findOperation, type FoundOperation } from './routes.ts';

/** Serves one request of the HTTP server, to the end. */
export async function serveRest(
  pubSub: PubSub,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  allowBrowsers(message, response);
  try {
    const given = await answer(pubSub, message);
    if (given) write(response, given);
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(`${message.method} ${message.url} failed:`, error);
    writeRefusal(response, error instanceof Refusal ? error : internalError());
  }
}

/** Undefined where a fault on request leaves the caller without an answer. */
async function answer(pubSub: PubSub, message: IncomingMessage): Promise<RestAnswer | undefined> {
  const method = message.method ?? 'GET';
  const url = readUrl(message);
  if (method === 'OPTIONS') return { status: 204 };
  if (url.pathname === '/api/health') return { status: 200 };
  if (/^\/client(\/|$)/.test(url.pathname)) throw notWebSocket();
  const [, root, collection, hub, ...segments] = readSegments(url);
  if (root !== 'api' || collection !== 'hubs' || hub === undefined) throw noOperation(method, url.pathname);
  const found = findOperation(method, segments);
  if (!found) throw noOperation(method, url.pathname);
  const caller = authenticate(pubSub.tokens, pubSub.config, message);
  if (!isHubName(hub)) throw invalidHub(hub);
  return operate(pubSub, found, {
    hub: pubSub.hub(hub).hub,
    params: found.params,
    query: url.searchParams,
    message,
    caller,
    tokens: pubSub.tokens,
    origin: `${isSecure(message) ? 'https' : 'http'}://${message.headers.host}`,
  });
}

/** Does the operation, unless a fault on request prevents it, and records it. */
async function operate(
  { faults, activity }: PubSub,
  { name, operation, params }: FoundOperation,
  request: RestRequest,
): Promise<RestAnswer | undefined> {
  const target = [request.hub.name, ...Object.values(params)].join('/');
  const { socket } = request.message;
  const isRefused = async (when: Fault['when']): Promise<boolean> =>
    (await isStruck(faults, { name: `${name} ${target}`, socket }, when)) ||
    (await isStruck(faults, { name: `rest.${name} ${target}`, socket }, when));
  let detail: Activity['detail'] = 'no answer';
  try {
    if (await isRefused('before')) return undefined;
    const given = await operation(request);
    if (await isRefused('after')) return undefined;
    detail = given.status;
    return given;
  } catch (error) {
    detail = error instanceof Refusal ? error.status : 500;
    throw error;
  } finally {
    activity.add({ operation: name, target, detail });
  }
}

const isSecure = ({ socket }: IncomingMessage): boolean => 'encrypted' in socket;

/** Pages may call REST from any origin, as in Azure: the token is what counts. */
function allowBrowsers({ headers }: IncomingMessage, response: ServerResponse): void {
  if (!headers.origin) return;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-allow-methods', 'GET, HEAD, POST, PUT, DELETE');
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '*');
}

function write(response: ServerResponse, { status, body }: RestAnswer): void {
  if (body === undefined) response.writeHead(status, { 'content-length': '0' }).end();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function writeRefusal(response: ServerResponse, refusal: Refusal): void {
  const body = refusal.toBody();
  response
    .writeHead(refusal.status, { ...refusal.headers, 'content-length': Buffer.byteLength(body) })
    .end(body);
}
