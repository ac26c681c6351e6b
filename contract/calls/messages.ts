/** Calls about messages. */
import * as z from 'zod/mini';
import { history, publishBody, published } from '../messages.ts';
import { limits } from '../rooms.ts';
import { limit, type Calls } from './call.ts';

export const messagesCalls: Calls = {
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
        'With a `message_id` it can be repeated at any time, and gets the same answer. ' +
        'An API key is `muted` while who made it is.',
      body: publishBody,
      answer: [200, 'Stored and announced.', published],
      refuses: [
        'not_yourself',
        'not_member',
        'muted',
        'room_not_found',
        'message_id_in_use',
        'too_long',
        'too_many_requests',
        'busy',
        'slow_mode',
        'not_announced',
      ],
    },
  },
};
