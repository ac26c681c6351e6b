/**
 * Roles in a room: owner, moderators, members. The member rows in the room's partition are the truth, changed together
 * with the room's owner; the memberships, which decide access, follow them.
 */
import type { Role } from '../../contract/rooms.ts';
import type { Principal } from '../identity/principal.ts';
import { isBanned, mutedUntil } from '../moderation/reading.ts';
import type { Act } from '../platform/audit-rows.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { pushToUser } from '../realtime/push.ts';
import { carryChange } from '../rooms/carried-change.ts';
import { closeIfAlone } from '../rooms/deletion.ts';
import { showRoom } from '../rooms/directory.ts';
import { ownerOf, readRoom, type StoredRoom } from '../rooms/rooms.ts';
import { requireMember } from './access.ts';
import { findModerators, findRole } from './reading.ts';
import { changeMembership, changeRoles, deleteMembershipOf, readMember, readMembership } from './store.ts';

/**
 * Changes what somebody is in a room, for its owner. `owner` hands the room over; the owner of before becomes a
 * moderator. Throws `not_owner`, `user_not_found`, and `not_allowed` for the owner's own role.
 */
export async function changeRole(
  principal: Principal,
  target: { roomId: string; userId: string },
  role: Role,
): Promise<void> {
  const { roomId, userId } = target;
  await requireMember('change_role', principal, roomId);
  if (userId === principal.user_id) {
    throw new ProblemError('not_allowed', 'Hand the room over to somebody else to give up your own role.');
  }
  await change(roomId, [principal.user_id, userId], async (room) => {
    // The owner of a moment ago may not be it any more.
    if (ownerOf(room) !== principal.user_id) {
      throw new ProblemError('not_owner', 'Only the owner of the room may do this.');
    }
    const [member, access, banned] = await Promise.all([
      readMember(roomId, userId),
      findRole(roomId, userId),
      isBanned(roomId, userId),
    ]);
    // Nor is who is on their way out.
    if (!member || access === undefined || banned)
      throw new ProblemError('user_not_found', 'This person is not in the room.');
    if (member.role === role) return undefined;
    const act = {
      action: actionOf(role),
      by: principal.user_id,
      by_name: principal.name,
      target: userId,
      target_name: member.name,
    };
    return role === 'owner' ? handOver(principal.user_id, userId, act) : { roles: [{ userId, role }], act };
  });
}

const actionOf = (role: Role): Act['action'] =>
  role === 'owner' ? 'owner_changed' : role === 'moderator' ? 'moderator_appointed' : 'moderator_dismissed';

interface Decided {
  roles: { userId: string; role: Role }[];
  owner?: string;
  act: Act;
}

const handOver = (from: string, to: string, act: Act): Decided => ({
  roles: [
    { userId: from, role: 'moderator' },
    { userId: to, role: 'owner' },
  ],
  owner: to,
  act,
});

/**
 * Before an owner leaves: hands the room to the moderator who has been in it longest, or closes it where nobody else
 * is in it. Throws `must_hand_over`.
 */
export async function giveUp(userId: string, roomId: string): Promise<'handed over' | 'deleted'> {
  for (let done = false; !done;) {
    const heir = (await findModerators(roomId)).find((id) => id !== userId);
    if (heir === undefined) {
      if (await closeIfAlone(roomId, userId)) {
        // The rest is erased in its own time; this must not count among their rooms until then.
        await deleteMembershipOf(userId, roomId);
        return 'deleted';
      }
      const detail = 'Make somebody a moderator, or hand the room over, before you leave it.';
      throw new ProblemError('must_hand_over', detail);
    }
    await change(roomId, [userId, heir], async (room) => {
      const [own, member] = await Promise.all([readMember(roomId, userId), readMember(roomId, heir)]);
      // Somebody who has gone meanwhile is no heir: another is looked for.
      done = ownerOf(room) !== userId || !own || member !== undefined;
      if (ownerOf(room) !== userId || !own || !member) return undefined;
      const act = { action: 'owner_changed', by: userId, by_name: own.name } as const;
      return handOver(userId, heir, { ...act, target: heir, target_name: member.name });
    });
  }
  return 'handed over';
}

async function change(
  roomId: string,
  userIds: string[],
  decide: (room: StoredRoom) => Promise<Decided | undefined>,
): Promise<void> {
  await carryChange(
    roomId,
    {
      intent: () => ({ kind: 'standing', room_id: roomId, user_ids: userIds }),
      change: async (room) => {
        const decided = await decide(room);
        if (!decided) return;
        const { roles, owner, act } = decided;
        await changeRoles(room, roles, { act, ...(owner !== undefined && { owner }) });
      },
    },
    () => finishStanding(roomId, userIds),
  );
}

/** Carries what the room's partition says of some people over to their memberships, and tells them and the room. */
export async function finishStanding(roomId: string, userIds: string[]): Promise<void> {
  await Promise.all(userIds.map((userId) => applyStanding(roomId, userId)));
  await showRoom(await readRoom(roomId));
}

/** Makes somebody's membership say what the room's partition says of their role and of a mute. */
async function applyStanding(roomId: string, userId: string): Promise<void> {
  for (;;) {
    const membership = await readMembership(userId, roomId);
    if (!membership) return;
    const [member, muted_until] = await Promise.all([readMember(roomId, userId), mutedUntil(roomId, userId)]);
    const role = member?.joined_at === membership.joined_at ? member.role : membership.role;
    try {
      await changeMembership(membership, { role, muted_until });
      const until = muted_until === '' ? {} : { muted_until };
      await pushToUser(userId, { type: 'your_standing', room_id: roomId, role, ...until });
      return;
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}
