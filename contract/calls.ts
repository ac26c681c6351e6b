/**
 * The calls of the REST API as data: what each takes, what it answers and what it refuses with. `openapi.ts` makes
 * the OpenAPI document of it.
 */
import * as z from 'zod/mini';
import { identityCalls } from './calls/identity.ts';
import { negotiation } from './identity.ts';
import { history, publishBody, published } from './messages.ts';
import { degraded, health, metrics } from './operations.ts';
import type { ProblemCode } from './problems.ts';
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
} from './rooms.ts';

export interface Call {
  id: string;
  tag: 'identity' | 'rooms' | 'messages' | 'operations' | 'realtime';
  summary: string;
  description?: string;
  /** Without a token. */
  open?: boolean;
  body?: z.ZodMiniType;
  query?: z.ZodMiniObject;
  /** The answer where all is well: status, what it is, and its schema. */
  answer: [status: 200 | 201 | 204, description: string, schema?: z.ZodMiniType];
  headers?: Record<string, string>;
  /** A second answer, of another status. */
  otherwise?: [status: 503, description: string, schema: z.ZodMiniType];
  refuses: ProblemCode[];
}

const limit = (most: number) =>
  z.optional(
    z
      .int()
      .check(z.minimum(1), z.maximum(most), z.describe(`At most this many; ${most} where it is absent.`)),
  );
const cursor = z.optional(z.string().check(z.describe('From the address in `Link`; opaque.')));
const next = { link: '`<…>; rel="next"` (RFC 8288) while there are more; the address in it is opaque.' };

export type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';

/** By path, below `/api`, and method. */
export const calls: Record<string, Partial<Record<Method, Call>>> = {
  ...identityCalls,
  '/negotiate': {
    post: {
      id: 'negotiate',
      tag: 'realtime',
      summary: 'Get an address to open a Web PubSub connection with',
      answer: [200, 'The address, valid for minutes.', negotiation],
      refuses: [],
    },
  },
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
      refuses: ['not_owner', 'room_not_found', 'name_taken'],
    },
    delete: {
      id: 'deleteRoom',
      tag: 'rooms',
      summary: 'Delete a room of one’s own',
      answer: [200, 'Deleted.', roomDeleted],
      refuses: ['not_owner', 'room_not_found'],
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
  '/rooms/{id}/messages': {
    get: {
      id: 'readMessages',
      tag: 'messages',
      summary: 'Read a page of the history of a room',
      description: 'The newest page; with `before` the newest below it; with `after` the oldest above it.',
      query: z.object({
        before: z.optional(z.int().check(z.nonnegative())),
        after: z.optional(z.int().check(z.nonnegative())),
        limit: limit(limits.pageOfMessages),
      }),
      answer: [200, 'Messages, their numbers ascending, and the newest number of the room.', history],
      refuses: ['not_member', 'room_not_found'],
    },
  },
  '/publish': {
    post: {
      id: 'publish',
      tag: 'messages',
      summary: 'Send a message to a room that one is a member of',
      description:
        'Answered once the message is stored and Service Bus has accepted its announcement. ' +
        'With a `message_id` it can be repeated at any time, and gets the same answer.',
      body: publishBody,
      answer: [200, 'Stored and announced.', published],
      refuses: [
        'not_yourself',
        'not_member',
        'room_not_found',
        'message_id_in_use',
        'too_long',
        'too_many_requests',
        'busy',
        'not_announced',
      ],
    },
  },
  '/health': {
    get: {
      id: 'readHealth',
      tag: 'operations',
      summary: 'Ask whether all is well',
      open: true,
      answer: [200, 'All parts answer.', health],
      otherwise: [503, 'A part does not answer.', degraded],
      refuses: [],
    },
  },
  '/metrics': {
    get: {
      id: 'readMetrics',
      tag: 'operations',
      summary: 'Read the counters',
      description: 'As Prometheus text for who asks for `text/plain`.',
      answer: [200, 'The counters.', metrics],
      refuses: [],
    },
  },
};
