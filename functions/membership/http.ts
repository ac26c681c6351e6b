/** REST: the caller's rooms, a room's members, and how far the caller has read. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { limits, readBody as readMarkBody } from '../../contract/rooms.ts';
import { requirePrincipal } from '../identity/principal.ts';
import { json, nextLink, readBody, readLimit, readRoomId, registerHttp } from '../platform/http.ts';
import { listMembers, listMyRooms, markRead } from './listing.ts';

export async function getMyRooms(request: HttpRequest): Promise<HttpResponseInit> {
  const { user_id } = await requirePrincipal(request);
  const limit = readLimit(request, limits.pageOfMyRooms);
  const page = await listMyRooms(user_id, { limit, cursor: request.query.get('cursor') ?? undefined });
  return json(200, page.rooms, nextLink(request, page.cursor));
}

export async function getMembers(request: HttpRequest): Promise<HttpResponseInit> {
  const { user_id } = await requirePrincipal(request);
  const limit = readLimit(request, limits.pageOfMembers);
  const cursor = request.query.get('cursor') ?? undefined;
  const page = await listMembers(user_id, readRoomId(request), { limit, cursor });
  return json(200, page.members, nextLink(request, page.cursor));
}

export async function putRead(request: HttpRequest): Promise<HttpResponseInit> {
  const { user_id } = await requirePrincipal(request);
  const { seq } = await readBody(request, readMarkBody);
  return json(200, { last_read: await markRead(user_id, readRoomId(request), seq) });
}

registerHttp('my-rooms', ['GET'], 'me/rooms', getMyRooms);
registerHttp('members-list', ['GET'], 'rooms/{id}/members', getMembers);
registerHttp('read-mark', ['PUT'], 'rooms/{id}/read', putRead);
