/** Calls about moderation of a room, and what a person does for themselves: reporting and blocking. */
import * as z from 'zod/mini';
import { message } from '../messages.ts';
import {
  auditAction,
  auditEntry,
  block,
  changeMemberBody,
  decideReportBody,
  removeMemberBody,
  removeMessageBody,
  report,
  reportBody,
  restrictBody,
  restriction,
} from '../moderation.ts';
import type { ProblemCode } from '../problems.ts';
import { limits } from '../rooms.ts';
import { cursor, limit, next, type Call, type Calls } from './call.ts';

const forModerators: ProblemCode[] = ['not_moderator', 'not_member', 'room_not_found'];

/** The calls of a kind of restriction, whose names differ and nothing else. */
const restrictions = (name: 'Ban' | 'Mute', what: string, more = ''): [list: Call, put: Call, lift: Call] => [
  {
    id: `list${name}s`,
    tag: 'moderation',
    summary: `List who is ${what}`,
    answer: [200, 'Those that hold now.', z.array(restriction)],
    refuses: forModerators,
  },
  {
    id: `put${name}`,
    tag: 'moderation',
    summary: `Have somebody ${what}`,
    description: `Without \`until\`, for ever. A second call changes reason and end of the first.${more}`,
    body: restrictBody,
    answer: [200, 'It holds.', restriction],
    refuses: ['not_allowed', 'user_not_found', ...forModerators],
  },
  {
    id: `lift${name}`,
    tag: 'moderation',
    summary: `Have somebody no longer ${what}`,
    answer: [204, 'It is lifted, or was not there.'],
    refuses: ['not_allowed', 'user_not_found', ...forModerators],
  },
];
const [listBans, putBan, liftBan] = restrictions(
  'Ban',
  'banned from a room',
  ' The connections of who was in the room are closed; they connect anew for their other rooms.',
);
const [listMutes, putMute, liftMute] = restrictions(
  'Mute',
  'muted in a room',
  ' It holds for their API keys as well.',
);

export const moderationCalls: Calls = {
  '/rooms/{id}/members/{user}': {
    patch: {
      id: 'changeMember',
      tag: 'moderation',
      summary: 'Change the role of a member, or hand the room over',
      description: '`owner` hands the room over; the owner of before becomes a moderator.',
      body: changeMemberBody,
      answer: [204, 'Changed.'],
      refuses: ['not_owner', 'not_allowed', 'not_member', 'room_not_found', 'user_not_found'],
    },
    delete: {
      id: 'removeMember',
      tag: 'moderation',
      summary: 'Put a member out of a room',
      body: removeMemberBody,
      answer: [204, 'They are out, with every connection.'],
      refuses: ['not_allowed', 'user_not_found', ...forModerators],
    },
  },
  '/rooms/{id}/bans': { get: listBans },
  '/rooms/{id}/bans/{user}': { put: putBan, delete: liftBan },
  '/rooms/{id}/mutes': { get: listMutes },
  '/rooms/{id}/mutes/{user}': { put: putMute, delete: liftMute },
  '/rooms/{id}/messages/{seq}': {
    delete: {
      id: 'removeMessage',
      tag: 'moderation',
      summary: 'Remove the content of a message',
      description: 'Its number stays, so that the history has no gap.',
      body: removeMessageBody,
      answer: [200, 'The message as it is now.', message],
      refuses: ['message_not_found', ...forModerators],
    },
  },
  '/rooms/{id}/pins': {
    get: {
      id: 'listPins',
      tag: 'moderation',
      summary: 'List the pinned messages of a room',
      answer: [200, 'In the order of their numbers.', z.array(message)],
      refuses: ['not_member', 'room_not_found'],
    },
  },
  '/rooms/{id}/pins/{seq}': {
    put: {
      id: 'pinMessage',
      tag: 'moderation',
      summary: 'Pin a message',
      answer: [204, 'Pinned.'],
      refuses: ['message_not_found', 'too_many_pins', ...forModerators],
    },
    delete: {
      id: 'unpinMessage',
      tag: 'moderation',
      summary: 'Take a pin away',
      answer: [204, 'It is gone, or was not there.'],
      refuses: ['message_not_found', ...forModerators],
    },
  },
  '/rooms/{id}/reports': {
    get: {
      id: 'listReports',
      tag: 'moderation',
      summary: 'List what members have reported',
      query: z.object({ state: z.optional(report.shape.state), limit: limit(limits.pageOfReports), cursor }),
      answer: [200, 'A page of reports, in the order of the messages.', z.array(report)],
      headers: next,
      refuses: ['bad_cursor', ...forModerators],
    },
    post: {
      id: 'reportMessage',
      tag: 'moderation',
      summary: 'Report a message to the moderators of its room',
      description: 'A second report of the same message answers the first.',
      body: reportBody,
      answer: [201, 'The report.', report],
      refuses: ['message_not_found', 'not_member', 'room_not_found'],
    },
  },
  '/rooms/{id}/reports/{report}': {
    post: {
      id: 'decideReport',
      tag: 'moderation',
      summary: 'Say what was decided of a report',
      description: 'The first decision stands.',
      body: decideReportBody,
      answer: [200, 'The report as it is now.', report],
      refuses: ['not_found', ...forModerators],
    },
  },
  '/rooms/{id}/audit': {
    get: {
      id: 'readAudit',
      tag: 'moderation',
      summary: 'Read who did what to whom in a room, when and why',
      query: z.object({
        by: z.optional(z.string()),
        target: z.optional(z.string()),
        action: z.optional(auditAction),
        limit: limit(limits.pageOfAudit),
        cursor,
      }),
      answer: [200, 'A page of entries, the newest first.', z.array(auditEntry)],
      headers: next,
      refuses: ['bad_cursor', ...forModerators],
    },
  },
  '/me/blocks': {
    get: {
      id: 'listBlocks',
      tag: 'moderation',
      summary: 'List whom one has blocked',
      answer: [200, 'People, under their names of that time.', z.array(block)],
      refuses: [],
    },
  },
  '/me/blocks/{user}': {
    put: {
      id: 'block',
      tag: 'moderation',
      summary: 'Block somebody, for oneself alone',
      answer: [204, 'Blocked.'],
      refuses: ['not_allowed', 'user_not_found'],
    },
    delete: {
      id: 'unblock',
      tag: 'moderation',
      summary: 'Block somebody no longer',
      answer: [204, 'Not blocked.'],
      refuses: ['user_not_found'],
    },
  },
};
