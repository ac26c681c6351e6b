/** Bans and mutes: what moderators put on a person in one room, for a time or for ever. */
import type { Restriction } from '../../contract/moderation.ts';
import { requireAbove } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import type { Intent } from '../intents/intents.ts';
import { requireMember } from '../membership/access.ts';
import { findMember } from '../membership/reading.ts';
import { putOut } from '../membership/membership.ts';
import { finishStanding } from '../membership/roles.ts';
import { clock } from '../platform/clock.ts';
import { ProblemError } from '../platform/problem.ts';
import { carryChange } from '../rooms/carried-change.ts';
import { ownerOf, readRoom, type StoredRoom } from '../rooms/rooms.ts';
import { holds } from './reading.ts';
import { tellRemoved } from './removal.ts';
import { actOn, requireOver, type Target } from './standing.ts';
import {
  deleteRestriction,
  readRestriction,
  readRestrictions,
  writeRestriction,
  type RestrictionKind,
} from './store.ts';

const acts = {
  ban: { put: 'member_banned', lifted: 'ban_lifted' },
  mute: { put: 'member_muted', lifted: 'mute_lifted' },
} as const;

export interface Terms {
  reason: string;
  /** ISO 8601; for ever where it is absent. */
  until?: string | undefined;
}

/** Those that hold now. Throws what `requireMember` throws. */
export async function listRestrictions(
  kind: RestrictionKind,
  principal: Principal,
  roomId: string,
): Promise<Restriction[]> {
  await requireMember('list_restrictions', principal, roomId);
  return (await readRestrictions(kind, roomId)).filter(holds).map(toRestriction);
}

/**
 * Bans somebody, who is out of the room when this answers, and cannot come in until it ends. The connections of who was
 * in it are closed, so that none can be recovered: they connect anew for their other rooms. They need not be a member;
 * who is not keeps their connections, or anybody could cut off anybody. Throws `invalid` for an end that has passed, and what `requireOver` throws.
 */
export async function ban(principal: Principal, target: Target, terms: Terms): Promise<Restriction> {
  const { name } = await requireOver('ban_member', principal, target);
  // First the ban, then the removal: who is on their way in meets the one or the other.
  return put('ban', principal, { ...target, name }, terms);
}

/** Puts somebody out whom a ban holds; carries on what a process left that died before it had. */
export async function finishBan(roomId: string, userId: string): Promise<void> {
  const row = await readRestriction('ban', roomId, userId);
  if (!row || !holds(row)) return;
  const { reason, until } = row;
  // Before their connections are closed; whoever misses it finds the room gone when they connect again.
  await tellRemoved(userId, await readRoom(roomId), { reason, until, banned: true });
  // The ban stands in the audit trail; that it puts them out goes without saying.
  await putOut(userId, roomId, { act: null, closing: true });
}

/** Mutes somebody, who can read and not write until it ends. Throws as `ban`. */
export async function mute(principal: Principal, target: Target, terms: Terms): Promise<Restriction> {
  const { name } = await requireOver('mute_member', principal, target);
  return put('mute', principal, { ...target, name }, terms);
}

/**
 * Ends a ban or a mute; one that is not there is no error. Throws what `requireMember` throws, and `not_allowed` for
 * a moderator who would free themselves or another of what the owner has put on them.
 */
export async function lift(kind: RestrictionKind, principal: Principal, target: Target): Promise<void> {
  const { roomId, userId } = target;
  const operation = kind === 'ban' ? 'ban_member' : 'mute_member';
  const [own, member] = await Promise.all([
    requireMember(operation, principal, roomId),
    findMember(roomId, userId),
  ]);
  // Who was muted before the room was handed to them is for nobody else to free.
  if (own.standing !== 'owner') requireAbove(own.standing, member?.role ?? 'outsider');
  await carryChange(
    roomId,
    {
      intent: () => ({ kind: 'standing', room_id: roomId, user_ids: [userId] }),
      change: async (room) => {
        const row = await readRestriction(kind, roomId, userId);
        if (!row) return;
        const act = actOn(acts[kind].lifted, principal, { userId, name: row.name });
        await deleteRestriction(kind, room, userId, act);
      },
    },
    async () => {
      if (kind === 'mute') await finishStanding(roomId, [userId]);
    },
  );
}

/** What follows the row of a restriction. */
const consequences = {
  ban: {
    intent: ({ roomId, userId }: Target): Intent => ({ kind: 'ban', room_id: roomId, user_id: userId }),
    finish: ({ roomId, userId }: Target) => finishBan(roomId, userId),
  },
  mute: {
    intent: ({ roomId, userId }: Target): Intent => ({
      kind: 'standing',
      room_id: roomId,
      user_ids: [userId],
    }),
    finish: ({ roomId, userId }: Target) => finishStanding(roomId, [userId]),
  },
};

async function put(
  kind: RestrictionKind,
  principal: Principal,
  target: Target & { name: string },
  { reason, until }: Terms,
): Promise<Restriction> {
  const now = clock.now();
  if (until !== undefined && Date.parse(until) <= now.getTime()) {
    const message = 'must be in the future';
    throw new ProblemError('invalid', `until: ${message}`, { errors: [{ path: 'until', message }] });
  }
  const { roomId, userId, name } = target;
  const row: Restriction = {
    user_id: userId,
    name,
    reason,
    ...(until !== undefined && { until }),
    by: principal.user_id,
    by_name: principal.name,
    since: now.toISOString(),
  };
  const details = until === undefined ? {} : { details: { until } };
  const act = actOn(acts[kind].put, principal, { userId, name }, { reason, ...details });
  const { intent, finish } = consequences[kind];
  const change = (room: StoredRoom) => {
    // Under the room's ETag: they may have been handed it meanwhile.
    if (ownerOf(room) === userId) requireAbove('moderator', 'owner');
    return writeRestriction(kind, room, row, act);
  };
  await carryChange(roomId, { intent: () => intent(target), change }, () => finish(target));
  return row;
}

const toRestriction = (row: Restriction): Restriction => ({
  user_id: row.user_id,
  name: row.name,
  reason: row.reason,
  ...(row.until !== undefined && { until: row.until }),
  by: row.by,
  by_name: row.by_name,
  since: row.since,
});
