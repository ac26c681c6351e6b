/** REST: the list of rooms, and one room. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { changeRoomBody, createRoomBody, limits } from '../../contract/rooms.ts';
import { requirePrincipal } from '../identity/principal.ts';
import { join } from '../membership/membership.ts';
import { json, nextLink, readBody, readLimit, registerHttp } from '../platform/http.ts';
import { deleteRoom } from './deletion.ts';
import { listRooms } from './directory.ts';
import { changeRoom, createRoom, ensureGeneral, readRoom } from './rooms.ts';

export async function getRooms(request: HttpRequest): Promise<HttpResponseInit> {
  await requirePrincipal(request);
  await ensureGeneral();
  const limit = readLimit(request, limits.pageOfRooms);
  const { query } = request;
  const page = await listRooms(query.get('query') ?? '', query.get('cursor') ?? undefined, limit);
  return json(200, page.rooms, nextLink(request, page.cursor));
}

export async function postRooms(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request);
  const { id } = await createRoom(principal, await readBody(request, createRoomBody));
  const { room } = await join(principal, id);
  return json(201, room, { location: `/api/rooms/${id}` });
}

export async function getRoom(request: HttpRequest): Promise<HttpResponseInit> {
  await requirePrincipal(request);
  return json(200, await readRoom(roomId(request)));
}

export async function patchRoom(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request);
  const change = await readBody(request, changeRoomBody);
  return json(200, await changeRoom(principal, roomId(request), change));
}

export async function removeRoom(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request);
  await deleteRoom(principal, roomId(request));
  return json(200, { status: 'deleted', room_id: roomId(request) });
}

const roomId = (request: HttpRequest): string => request.params['id'] ?? '';

registerHttp('rooms-list', ['GET'], 'rooms', getRooms);
registerHttp('rooms-create', ['POST'], 'rooms', postRooms);
registerHttp('rooms-read', ['GET'], 'rooms/{id}', getRoom);
registerHttp('rooms-change', ['PATCH'], 'rooms/{id}', patchRoom);
registerHttp('rooms-delete', ['DELETE'], 'rooms/{id}', removeRoom);
