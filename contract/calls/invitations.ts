/** Calls about coming into a room that not everybody may join. */
import * as z from 'zod/mini';
import {
  answerInvitationBody,
  createdInvitation,
  createInvitationBody,
  decideJoinRequestBody,
  invitation,
  invited,
  joinRequest,
  joinRequestBody,
} from '../invitations.ts';
import type { ProblemCode } from '../problems.ts';
import { room } from '../rooms.ts';
import type { Calls } from './call.ts';

const forModerators: ProblemCode[] = ['not_moderator', 'not_member', 'room_not_found'];

export const invitationsCalls: Calls = {
  '/rooms/{id}/invitations': {
    get: {
      id: 'listInvitations',
      tag: 'rooms',
      summary: 'List the invitations of a room that can still be used',
      answer: [200, 'The oldest first.', z.array(invitation)],
      refuses: forModerators,
    },
    post: {
      id: 'invite',
      tag: 'rooms',
      summary: 'Invite a person, or make a link',
      description:
        'The secret of a link, `token`, is in this answer and never again. An invitation is good as long as who made ' +
        'it may invite: not while they are no moderator of the room, or their account is not there.',
      body: createInvitationBody,
      answer: [201, 'The invitation.', createdInvitation],
      refuses: ['already_member', 'banned', ...forModerators],
    },
  },
  '/rooms/{id}/invitations/{invitation}': {
    delete: {
      id: 'revokeInvitation',
      tag: 'rooms',
      summary: 'Take an invitation back',
      answer: [204, 'It has ended, or was not there.'],
      refuses: ['invitation_not_found', ...forModerators],
    },
  },
  '/me/invitations': {
    get: {
      id: 'listMyInvitations',
      tag: 'rooms',
      summary: 'List the rooms that one is invited to',
      answer: [200, 'Invitations to the caller.', z.array(invited)],
      refuses: [],
    },
  },
  '/me/invitations/{invitation}': {
    post: {
      id: 'answerInvitation',
      tag: 'rooms',
      summary: 'Accept or decline an invitation',
      body: answerInvitationBody,
      answer: [204, 'Done; who accepts is in the room.'],
      refuses: ['invitation_not_found', 'banned', 'too_many_rooms'],
    },
  },
  '/invitations/{token}': {
    get: {
      id: 'readLink',
      tag: 'rooms',
      summary: 'See where a link leads',
      description:
        'A link is good as long as who made it may invite. One that has ended, was used up or taken back answers ' +
        'like one that never was.',
      answer: [200, 'The room, as far as one may see it from outside.', invited],
      refuses: ['invitation_not_found'],
    },
    post: {
      id: 'enterByLink',
      tag: 'rooms',
      summary: 'Come into a room by a link',
      answer: [200, 'The room, which one is in now.', room],
      refuses: ['invitation_not_found', 'too_many_rooms'],
    },
  },
  '/rooms/{id}/requests': {
    get: {
      id: 'listJoinRequests',
      tag: 'rooms',
      summary: 'List who asks to be let in',
      answer: [200, 'The first first.', z.array(joinRequest)],
      refuses: forModerators,
    },
    post: {
      id: 'requestToJoin',
      tag: 'rooms',
      summary: 'Ask to be let into a room',
      body: joinRequestBody,
      answer: [201, 'The request; a second one answers the first.', joinRequest],
      refuses: ['already_member', 'banned', 'not_allowed', 'room_not_found'],
    },
  },
  '/rooms/{id}/requests/me': {
    delete: {
      id: 'withdrawJoinRequest',
      tag: 'rooms',
      summary: 'Take one’s request back',
      description: 'Answers alike for every room, also one that has become private since, or never was.',
      answer: [204, 'It is gone, or was not there.'],
      refuses: [],
    },
  },
  '/rooms/{id}/requests/{user}': {
    post: {
      id: 'decideJoinRequest',
      tag: 'rooms',
      summary: 'Let somebody in, or not',
      body: decideJoinRequestBody,
      answer: [204, 'Decided; who was admitted is in the room.'],
      refuses: ['not_found', 'banned', 'user_not_found', ...forModerators],
    },
  },
};
