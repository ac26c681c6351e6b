/** REST: publish, and history. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { publishBody } from '../../contract/messages.ts';
import { limits } from '../../contract/rooms.ts';
import { requirePrincipal } from '../identity/principal.ts';
import { take } from '../limits/limits.ts';
import { json, readBody, readLimit, readRoomId, registerHttp } from '../platform/http.ts';
import { ProblemError } from '../platform/problem.ts';
import { readHistory } from './history.ts';
import { publish } from './publish.ts';

export async function postPublish(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request);
  const body = await readBody(request, publishBody);
  await take(principal.user_id, 'publish');
  return json(200, await publish(principal, body));
}

export async function getMessages(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request);
  const window = {
    before: readSeq(request, 'before'),
    after: readSeq(request, 'after'),
    limit: readLimit(request, limits.pageOfMessages),
  };
  return json(200, await readHistory(principal.user_id, readRoomId(request), window));
}

/** A message number of the query, where it is given. */
function readSeq(request: HttpRequest, name: 'before' | 'after'): number | undefined {
  const given = request.query.get(name);
  if (given === null) return undefined;
  const seq = Number(given);
  if (/^\d+$/.test(given) && Number.isSafeInteger(seq)) return seq;
  const message = 'must be a message number: 0 or a positive whole number';
  throw new ProblemError('invalid', `${name} ${message}.`, { errors: [{ path: name, message }] });
}

registerHttp('publish', ['POST'], 'publish', postPublish);
registerHttp('messages-list', ['GET'], 'rooms/{id}/messages', getMessages);
