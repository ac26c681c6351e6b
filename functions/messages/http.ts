/** REST: publish, and history. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { publishBody } from '../../contract/messages.ts';
import { removeMessageBody } from '../../contract/moderation.ts';
import { limits } from '../../contract/rooms.ts';
import { requirePrincipal } from '../identity/principal.ts';
import { take } from '../limits/limits.ts';
import { json, readBody, readLimit, readRoomId, registerHttp } from '../platform/http.ts';
import { ProblemError } from '../platform/problem.ts';
import { note } from '../platform/trace.ts';
import { readHistory } from './history.ts';
import { listPins, pin, unpin } from './pins.ts';
import { publish } from './publish.ts';
import { removeMessage } from './removal.ts';

export async function postPublish(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'publish');
  const body = await readBody(request, publishBody);
  note({ room_id: body.room_id, message_id: body.message_id });
  await take(principal.user_id, 'publish');
  return json(200, await publish(principal, body));
}

export async function getMessages(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'read_messages');
  const window = {
    before: readSeq(request, 'before'),
    after: readSeq(request, 'after'),
    limit: readLimit(request, limits.pageOfMessages),
  };
  return json(200, await readHistory(principal, readRoomId(request), window));
}

export async function deleteMessage(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'remove_message');
  const target = readTarget(request);
  const { reason } = await readBody(request, removeMessageBody, {});
  return json(200, await removeMessage(principal, target, reason));
}

export async function getPins(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'list_pins');
  return json(200, await listPins(principal, readRoomId(request)));
}

export async function putPin(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'pin_message');
  await pin(principal, readTarget(request));
  return { status: 204 };
}

export async function deletePin(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'pin_message');
  await unpin(principal, readTarget(request));
  return { status: 204 };
}

/** The room and the message number of the path. Throws `room_not_found`, `message_not_found`. */
function readTarget(request: HttpRequest): { roomId: string; seq: number } {
  const roomId = readRoomId(request);
  const given = request.params['seq'] ?? '';
  const seq = Number(given);
  if (/^[1-9]\d*$/.test(given) && Number.isSafeInteger(seq)) return { roomId, seq };
  throw new ProblemError('message_not_found', 'This room has no message with this number.');
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
registerHttp('message-remove', ['DELETE'], 'rooms/{id}/messages/{seq}', deleteMessage);
registerHttp('pins-list', ['GET'], 'rooms/{id}/pins', getPins);
registerHttp('pins-put', ['PUT'], 'rooms/{id}/pins/{seq}', putPin);
registerHttp('pins-delete', ['DELETE'], 'rooms/{id}/pins/{seq}', deletePin);
registerHttp('messages-list', ['GET'], 'rooms/{id}/messages', getMessages);
