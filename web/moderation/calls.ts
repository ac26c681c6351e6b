/** The calls by which a room is run, as functions over the client's `call`: nothing of what they answer is kept. */
import * as z from 'zod/mini';
import { profile, type Profile } from '../../contract/identity.ts';
import {
  createdInvitation,
  invitation,
  joinRequest,
  type Invitation,
  type JoinRequest,
} from '../../contract/invitations.ts';
import { auditEntry, report, restriction } from '../../contract/moderation.ts';
import type { AuditAction, AuditEntry, Report, Restriction } from '../../contract/moderation.ts';
import type { Role } from '../../contract/rooms.ts';
import type { Call, Page } from '../connection/model.ts';
import { inRoom } from './message-calls.ts';

/** Whom one keeps from something, and until when. */
export interface Restrict {
  reason: string;
  /** ISO 8601; absent for ever. */
  until?: string | undefined;
}
export type RestrictionKind = 'bans' | 'mutes';

export interface AuditFilter {
  by?: string | undefined;
  target?: string | undefined;
  action?: AuditAction | undefined;
}

export const roomCalls = (call: Call, roomId: string) => ({
  changeRole: (userId: string, role: Role): Promise<void> =>
    call.tell('PATCH', inRoom(roomId, 'members', userId), { role }),
  remove: (userId: string, reason: string): Promise<void> =>
    call.tell('DELETE', inRoom(roomId, 'members', userId), { reason }),
  restrict: (kind: RestrictionKind, userId: string, { reason, until }: Restrict): Promise<void> =>
    call.tell('PUT', inRoom(roomId, kind, userId), { reason, ...(until !== undefined && { until }) }),
  lift: (kind: RestrictionKind, userId: string): Promise<void> =>
    call.tell('DELETE', inRoom(roomId, kind, userId)),
  restrictions: (kind: RestrictionKind): Promise<Restriction[]> =>
    call.read(z.array(restriction), inRoom(roomId, kind)),
  reports: (state: Report['state']): Promise<Page<Report>> =>
    call.page(report, `${inRoom(roomId, 'reports')}?state=${state}`),
  decideReport: (id: string, decision: 'dismissed' | 'acted'): Promise<void> =>
    call.tell('POST', inRoom(roomId, 'reports', id), { decision }),
  requests: (): Promise<JoinRequest[]> => call.read(z.array(joinRequest), inRoom(roomId, 'requests')),
  decideRequest: (userId: string, decision: 'admit' | 'refuse'): Promise<void> =>
    call.tell('POST', inRoom(roomId, 'requests', userId), { decision }),
  invitations: (): Promise<Invitation[]> => call.read(z.array(invitation), inRoom(roomId, 'invitations')),
  invite: (userId: string): Promise<void> =>
    call.tell('POST', inRoom(roomId, 'invitations'), { user_id: userId }),
  /** @returns the secret of the link, which no later answer has. */
  makeLink: async (hours: number, uses: number): Promise<string> => {
    const body = { expires_in_hours: hours, uses };
    const { token } = await call.ask(createdInvitation, 'POST', inRoom(roomId, 'invitations'), body);
    return token ?? '';
  },
  revoke: (id: string): Promise<void> => call.tell('DELETE', inRoom(roomId, 'invitations', id)),
  audit: (filter: AuditFilter, next?: string): Promise<Page<AuditEntry>> => {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    const query = new URLSearchParams([...given, ['limit', '50']] as [string, string][]);
    return call.page(auditEntry, next ?? `${inRoom(roomId, 'audit')}?${query}`);
  },
});

/** People whose name begins so, at most 20. */
export function findPeople(call: Call, query: string): Promise<Profile[]> {
  return call.read(z.array(profile), `/users?query=${encodeURIComponent(query)}`);
}
