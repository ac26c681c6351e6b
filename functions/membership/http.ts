/** REST: the caller's rooms, a room's members, and how far the caller has read. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { changeMemberBody } from '../../contract/moderation.ts';
import { limits, readBody as readMarkBody } from '../../contract/rooms.ts';
import { requirePrincipal } from '../identity/principal.ts';
import {
  json,
  nextLink,
  readBody,
  readLimit,
  readRoomId,
  readUserId,
  registerHttp,
} from '../platform/http.ts';
import { listMembers, listMyRooms, markRead } from './listing.ts';
import { changeRole } from './roles.ts';

export async function getMyRooms(request: HttpRequest): Promise<HttpResponseInit> {
  const { user_id } = await requirePrincipal(request, 'list_my_rooms');
  const limit = readLimit(request, limits.pageOfMyRooms);
  const page = await listMyRooms(user_id, { limit, cursor: request.query.get('cursor') ?? undefined });
  return json(200, page.rooms, nextLink(request, page.cursor));
}

export async function getMembers(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'list_members');
  const limit = readLimit(request, limits.pageOfMembers);
  const cursor = request.query.get('cursor') ?? undefined;
  const page = await listMembers(principal, readRoomId(request), { limit, cursor });
  return json(200, page.members, nextLink(request, page.cursor));
}

export async function putRead(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'mark_read');
  const { seq } = await readBody(request, readMarkBody);
  return json(200, { last_read: await markRead(principal, readRoomId(request), seq) });
}

export async function patchMember(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'change_role');
  const target = { roomId: readRoomId(request), userId: readUserId(request) };
  const { role } = await readBody(request, changeMemberBody);
  await changeRole(principal, target, role);
  return { status: 204 };
}

registerHttp('my-rooms', ['GET'], 'me/rooms', getMyRooms);
registerHttp('members-list', ['GET'], 'rooms/{id}/members', getMembers);
registerHttp('member-change', ['PATCH'], 'rooms/{id}/members/{user}', patchMember);
registerHttp('read-mark', ['PUT'], 'rooms/{id}/read', putRead);
