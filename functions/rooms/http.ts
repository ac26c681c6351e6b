/** REST: the list of rooms, and one room. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod/mini';
import { changeRoomBody, createRoomBody, limits } from '../../contract/rooms.ts';
import { textSchema } from '../../contract/text.ts';
import { requirePrincipal } from '../identity/principal.ts';
import { take } from '../limits/limits.ts';
import { check, json, nextLink, readBody, readLimit, readRoomId, registerHttp } from '../platform/http.ts';
import { createRoom, ensureGeneral } from './creation.ts';
import { deleteRoom } from './deletion.ts';
import { listRooms } from './directory.ts';
import { changeRoom } from './change.ts';
import { showRoomTo } from './rooms.ts';

/** Longer than a name can be, it begins none. */
const listQuery = z.object({ query: textSchema(limits.roomName) });

export async function getRooms(request: HttpRequest): Promise<HttpResponseInit> {
  await requirePrincipal(request, 'list_rooms');
  await ensureGeneral();
  const limit = readLimit(request, limits.pageOfRooms);
  const { query } = check(listQuery, { query: request.query.get('query') ?? '' });
  const page = await listRooms(query, request.query.get('cursor') ?? undefined, limit);
  return json(200, page.rooms, nextLink(request, page.cursor));
}

export async function postRooms(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'create_room');
  const body = await readBody(request, createRoomBody);
  await take(principal.user_id, 'create_room');
  const room = await createRoom(principal, body);
  return json(201, room, { location: `/api/rooms/${room.id}` });
}

export async function getRoom(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'read_room');
  return json(200, await showRoomTo(principal, readRoomId(request)));
}

export async function patchRoom(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'set_slow_mode');
  const change = await readBody(request, changeRoomBody);
  return json(200, await changeRoom(principal, readRoomId(request), change));
}

export async function removeRoom(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'delete_room');
  const room_id = readRoomId(request);
  await deleteRoom(principal, room_id);
  return json(200, { status: 'deleted', room_id });
}

registerHttp('rooms-list', ['GET'], 'rooms', getRooms);
registerHttp('rooms-create', ['POST'], 'rooms', postRooms);
registerHttp('rooms-read', ['GET'], 'rooms/{id}', getRoom);
registerHttp('rooms-change', ['PATCH'], 'rooms/{id}', patchRoom);
registerHttp('rooms-delete', ['DELETE'], 'rooms/{id}', removeRoom);
