/** REST: what moderators do to people in a room, and the trail of it. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod/mini';
import { auditAction, removeMemberBody, restrictBody } from '../../contract/moderation.ts';
import { limits } from '../../contract/rooms.ts';
import { requirePrincipal } from '../identity/principal.ts';
import {
  check,
  json,
  nextLink,
  readBody,
  readLimit,
  readRoomId,
  readUserId,
  registerHttp,
} from '../platform/http.ts';
import { listAudit } from './audit.ts';
import { remove } from './removal.ts';
import { ban, lift, listRestrictions, mute } from './restrictions.ts';
import type { Target } from './standing.ts';

const readTarget = (request: HttpRequest): Target => ({
  roomId: readRoomId(request),
  userId: readUserId(request),
});

export async function deleteMember(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'remove_member');
  const target = readTarget(request);
  const { reason } = await readBody(request, removeMemberBody, {});
  await remove(principal, target, reason);
  return { status: 204 };
}

/** The three calls of one kind of restriction. */
const callsOf = (kind: 'ban' | 'mute', impose: typeof ban, operation: 'ban_member' | 'mute_member') => ({
  list: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const principal = await requirePrincipal(request, 'list_restrictions');
    return json(200, await listRestrictions(kind, principal, readRoomId(request)));
  },
  put: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const principal = await requirePrincipal(request, operation);
    const target = readTarget(request);
    return json(200, await impose(principal, target, await readBody(request, restrictBody)));
  },
  lift: async (request: HttpRequest): Promise<HttpResponseInit> => {
    const principal = await requirePrincipal(request, operation);
    await lift(kind, principal, readTarget(request));
    return { status: 204 };
  },
});
export const bans = callsOf('ban', ban, 'ban_member');
export const mutes = callsOf('mute', mute, 'mute_member');

const auditQuery = z.object({
  by: z.optional(z.string().check(z.maxLength(200))),
  target: z.optional(z.string().check(z.maxLength(200))),
  action: z.optional(auditAction),
});

export async function getAudit(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'read_audit');
  const filter = check(auditQuery, {
    by: request.query.get('by') ?? undefined,
    target: request.query.get('target') ?? undefined,
    action: request.query.get('action') ?? undefined,
  });
  const cursor = request.query.get('cursor') ?? undefined;
  const limit = readLimit(request, limits.pageOfAudit);
  const page = await listAudit(principal, readRoomId(request), { filter, cursor, limit });
  return json(200, page.entries, nextLink(request, page.cursor));
}

registerHttp('members-remove', ['DELETE'], 'rooms/{id}/members/{user}', deleteMember);
registerHttp('bans-list', ['GET'], 'rooms/{id}/bans', bans.list);
registerHttp('bans-put', ['PUT'], 'rooms/{id}/bans/{user}', bans.put);
registerHttp('bans-lift', ['DELETE'], 'rooms/{id}/bans/{user}', bans.lift);
registerHttp('mutes-list', ['GET'], 'rooms/{id}/mutes', mutes.list);
registerHttp('mutes-put', ['PUT'], 'rooms/{id}/mutes/{user}', mutes.put);
registerHttp('mutes-lift', ['DELETE'], 'rooms/{id}/mutes/{user}', mutes.lift);
registerHttp('audit-list', ['GET'], 'rooms/{id}/audit', getAudit);
