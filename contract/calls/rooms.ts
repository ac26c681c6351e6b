/** Calls about rooms and who is in them. */
import * as z from 'zod/mini';
import {
  changeRoomBody,
  createRoomBody,
  limits,
  member,
  myRoom,
  readAnswer,
  readBody,
  room,
  roomDeleted,
} from '../rooms.ts';
import { cursor, limit, next, type Calls } from './call.ts';

export const roomsCalls: Calls = {
  '/rooms': {
    get: {
      id: 'listRooms',
      tag: 'rooms',
      summary: 'List rooms in the order of their names',
      query: z.object({
        limit: limit(limits.pageOfRooms),
        cursor,
        query: z.optional(z.string().check(z.describe('Only rooms whose name begins with this.'))),
      }),
      answer: [200, 'A page of rooms.', z.array(room)],
      headers: next,
      refuses: ['bad_cursor'],
    },
    post: {
      id: 'createRoom',
      tag: 'rooms',
      summary: 'Create a room and join it',
      description: 'With an `id` of the client’s choice it can be repeated after a lost answer.',
      body: createRoomBody,
      answer: [201, 'The room.', room],
      headers: { location: 'Where the room is.' },
      refuses: ['not_yourself', 'name_taken', 'room_id_in_use', 'too_many_rooms', 'too_many_requests'],
    },
  },
  '/rooms/{id}': {
    get: {
      id: 'readRoom',
      tag: 'rooms',
      summary: 'Read a room',
      answer: [200, 'The room.', room],
      refuses: ['room_not_found'],
    },
    patch: {
      id: 'changeRoom',
      tag: 'rooms',
      summary: 'Rename or describe a room of one’s own',
      body: changeRoomBody,
      answer: [200, 'The room as it is now.', room],
      refuses: ['not_owner', 'not_moderator', 'not_member', 'room_not_found', 'name_taken'],
    },
    delete: {
      id: 'deleteRoom',
      tag: 'rooms',
      summary: 'Delete a room of one’s own',
      answer: [200, 'Deleted.', roomDeleted],
      refuses: ['not_owner', 'not_member', 'room_not_found'],
    },
  },
  '/rooms/{id}/members': {
    get: {
      id: 'listMembers',
      tag: 'rooms',
      summary: 'List the members of a room that one is a member of',
      query: z.object({ limit: limit(limits.pageOfMembers), cursor }),
      answer: [200, 'A page of members.', z.array(member)],
      headers: next,
      refuses: ['bad_cursor', 'not_member', 'room_not_found'],
    },
  },
  '/me/rooms': {
    get: {
      id: 'listMyRooms',
      tag: 'rooms',
      summary: 'List the rooms that one is a member of',
      query: z.object({ limit: limit(limits.pageOfMyRooms), cursor }),
      answer: [200, 'A page of rooms, with how far one has read.', z.array(myRoom)],
      headers: next,
      refuses: ['bad_cursor'],
    },
  },
  '/rooms/{id}/read': {
    put: {
      id: 'markRead',
      tag: 'rooms',
      summary: 'Say how far one has read',
      description: 'The number only ever rises.',
      body: readBody,
      answer: [200, 'The number as it is now.', readAnswer],
      refuses: ['not_member', 'room_not_found'],
    },
  },
};
