/** REST: inviting, answering invitations, and asking to be let in. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod/mini';
import {
  answerInvitationBody,
  createInvitationBody,
  decideJoinRequestBody,
  joinRequestBody,
} from '../../contract/invitations.ts';
import { requirePrincipal } from '../identity/principal.ts';
import { take } from '../limits/limits.ts';
import { json, readBody, readRoomId, readUserId, registerHttp } from '../platform/http.ts';
import { ProblemError } from '../platform/problem.ts';
import {
  answerInvitation,
  enterByLink,
  invite,
  listInvitations,
  listInvited,
  readByLink,
  revoke,
} from './invitations.ts';
import { decideRequest, listRequests, requestToJoin, withdraw } from './requests.ts';

const noContent: HttpResponseInit = { status: 204 };

/** The invitation's id of the path. Throws `invitation_not_found` for what cannot be one. */
function readInvitationId(request: HttpRequest): string {
  const given = request.params['invitation'] ?? '';
  if (z.uuid().safeParse(given).success) return given;
  throw new ProblemError('invitation_not_found', 'This invitation has ended, or was never there.');
}

export async function getInvitations(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'invite');
  return json(200, await listInvitations(principal, readRoomId(request)));
}

export async function postInvitation(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'invite');
  const wanted = await readBody(request, createInvitationBody);
  await take(principal.user_id, 'invite');
  const made = await invite(principal, readRoomId(request), wanted);
  return json(201, made, { 'cache-control': 'no-store' });
}

export async function deleteInvitation(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'invite');
  await revoke(principal, readRoomId(request), readInvitationId(request));
  return noContent;
}

export async function getMyInvitations(request: HttpRequest): Promise<HttpResponseInit> {
  return json(200, await listInvited(await requirePrincipal(request, 'answer_invitation')));
}

export async function postAnswer(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'answer_invitation');
  const { answer } = await readBody(request, answerInvitationBody);
  await answerInvitation(principal, readInvitationId(request), answer);
  return noContent;
}

export async function getLink(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'answer_invitation');
  return json(200, await readByLink(principal, request.params['token'] ?? ''));
}

export async function postLink(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'answer_invitation');
  await take(principal.user_id, 'join');
  return json(200, await enterByLink(principal, request.params['token'] ?? ''));
}

export async function getRequests(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'decide_join_request');
  return json(200, await listRequests(principal, readRoomId(request)));
}

export async function postRequest(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'request_to_join');
  const { note } = await readBody(request, joinRequestBody, {});
  return json(201, await requestToJoin(principal, readRoomId(request), note));
}

export async function deleteOwnRequest(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'request_to_join');
  await withdraw(principal, readRoomId(request));
  return noContent;
}

export async function postDecision(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'decide_join_request');
  const { decision } = await readBody(request, decideJoinRequestBody);
  await decideRequest(principal, { roomId: readRoomId(request), userId: readUserId(request) }, decision);
  return noContent;
}

registerHttp('invitations-list', ['GET'], 'rooms/{id}/invitations', getInvitations);
registerHttp('invitations-make', ['POST'], 'rooms/{id}/invitations', postInvitation);
registerHttp('invitations-revoke', ['DELETE'], 'rooms/{id}/invitations/{invitation}', deleteInvitation);
registerHttp('my-invitations', ['GET'], 'me/invitations', getMyInvitations);
registerHttp('my-invitation-answer', ['POST'], 'me/invitations/{invitation}', postAnswer);
registerHttp('invitation-link', ['GET'], 'invitations/{token}', getLink);
registerHttp('invitation-link-enter', ['POST'], 'invitations/{token}', postLink);
registerHttp('requests-list', ['GET'], 'rooms/{id}/requests', getRequests);
registerHttp('requests-make', ['POST'], 'rooms/{id}/requests', postRequest);
registerHttp('requests-withdraw', ['DELETE'], 'rooms/{id}/requests/me', deleteOwnRequest);
registerHttp('requests-decide', ['POST'], 'rooms/{id}/requests/{user}', postDecision);
