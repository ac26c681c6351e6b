/** Invitations into a room: to a person, or a link for whoever has it. */
import { randomBytes } from 'node:crypto';
import type { Invitation, Invited } from '../../contract/invitations.ts';
import type { Room } from '../../contract/rooms.ts';
import type { Standing } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { requireMember, standingOf } from '../membership/access.ts';
import { join } from '../membership/membership.ts';
import { clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict, type Row } from '../platform/tables.ts';
import { nameOf } from '../presence/presence.ts';
import { pushToUser } from '../realtime/push.ts';
import { readRoom, requireRoom, retryOnChange, toRoom } from '../rooms/rooms.ts';
import { goodOf, isGood } from './reading.ts';
import {
  deleteInvited,
  insertInvitation,
  readAllInvited,
  readInvitation,
  readInvitations,
  readLink,
  useInvitation,
  writeInvited,
  writeLink,
  type InvitationRow,
  type PointerRow,
} from './store.ts';

/** Hours for which an invitation to a person holds. */
const personHours = 24 * 30;

export type Wanted = { user_id: string } | { expires_in_hours: number; uses: number };

/**
 * Invites a person, who is told, or makes a link, whose secret is in the answer and nowhere else. Throws
 * `already_member`, `banned` for who is banned, and what `requireMember` throws.
 */
export async function invite(
  principal: Principal,
  roomId: string,
  wanted: Wanted,
): Promise<Invitation & { token?: string }> {
  await requireMember('invite', principal, roomId);
  const person = 'user_id' in wanted ? wanted.user_id : '';
  if (person !== '') await requireInvitable(roomId, person);
  const [hours, uses] = 'user_id' in wanted ? [personHours, 1] : [wanted.expires_in_hours, wanted.uses];
  const now = clock.now();
  const row: InvitationRow = {
    id: newId(),
    user_id: person,
    user_name: person === '' ? '' : await nameOf(person),
    invited_by: principal.user_id,
    invited_by_name: principal.name,
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + hours * 3_600_000).toISOString(),
    uses_left: uses,
  };
  await retryOnChange(roomId, (room) =>
    insertInvitation(room, row, actOf('invitation_created', principal, row)),
  );
  const pointer = { room_id: roomId, id: row.id, expires_at: row.expires_at };
  const shown = toInvitation(roomId, row);
  if (person === '') {
    const token = randomBytes(24).toString('base64url');
    await writeLink(token, pointer);
    return { ...shown, token };
  }
  await writeInvited(person, pointer);
  const invitation = toInvited(await readRoom(roomId), row, { withId: true });
  await pushToUser(person, { type: 'you_are_invited', invitation });
  return shown;
}

async function requireInvitable(roomId: string, userId: string): Promise<void> {
  const standing = await standingOf(userId, await requireRoom(roomId));
  if (standing === 'banned') throw new ProblemError('banned', 'Lift the ban first.');
  if (standing === 'outsider' || standing === 'invited') return;
  throw new ProblemError('already_member', 'This person is in the room already.');
}

/** The invitations of a room that can still be used. Throws what `requireMember` throws. */
export async function listInvitations(principal: Principal, roomId: string): Promise<Invitation[]> {
  await requireMember('invite', principal, roomId);
  const good = await goodOf(roomId, await readInvitations(roomId));
  return good.map((row) => toInvitation(roomId, row));
}

/** Takes an invitation back; one that is not there is no error. */
export async function revoke(principal: Principal, roomId: string, id: string): Promise<void> {
  await requireMember('invite', principal, roomId);
  for (;;) {
    const row = await readInvitation(roomId, id);
    if (!row || row.uses_left === 0) return;
    try {
      await useInvitation(row, 0, actOf('invitation_revoked', principal, row));
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
      continue;
    }
    if (row.user_id !== '') await endInvited(row.user_id, roomId, id);
    return;
  }
}

async function endInvited(userId: string, roomId: string, id: string): Promise<void> {
  await deleteInvited(userId, roomId);
  await pushToUser(userId, { type: 'invitation_ended', id });
}

/** What the caller is invited to. */
export async function listInvited(principal: Principal): Promise<Invited[]> {
  const pointers = await readAllInvited(principal.user_id);
  const found = await Promise.all(pointers.map((pointer) => lookUp(principal, pointer)));
  const good = found.flatMap((each) => (each && each.standing !== 'banned' ? [each] : []));
  return good.map(({ room, row }) => toInvited(room, row, { withId: true }));
}

/** Accepts or declines an invitation to the caller. Throws `invitation_not_found`, `banned`, `too_many_rooms`. */
export async function answerInvitation(
  principal: Principal,
  id: string,
  answer: 'accept' | 'decline',
): Promise<void> {
  const pointer = (await readAllInvited(principal.user_id)).find((each) => each.id === id);
  const found = pointer && (await lookUp(principal, pointer));
  if (!found) throw notFound();
  const refusal = found.room.kind === 'private' ? notFound : banned;
  // Before it is used: it is still good when the ban has ended.
  if (found.standing === 'banned') throw refusal();
  if (answer === 'accept') await enter(principal, found, refusal);
  else await take(principal, found.row);
  await endInvited(principal.user_id, found.room.id, id);
}

/**
 * What a link leads to. Throws `invitation_not_found` alike for one that never was, one that has ended, and one into a
 * room that the caller is banned from.
 */
export async function readByLink(principal: Principal, secret: string): Promise<Invited> {
  const { room, row } = await lookUpLink(principal, secret);
  return toInvited(room, row, { withId: false });
}

/** Comes in by a link. Throws as `readByLink`, and `too_many_rooms`. Who is in already uses nothing up. */
export async function enterByLink(principal: Principal, secret: string): Promise<Room> {
  const { room, row, standing } = await lookUpLink(principal, secret);
  if (['member', 'moderator', 'owner'].includes(standing)) return room;
  return enter(principal, { room, row }, notFound);
}

/** Uses an invitation up, and comes in. Throws `refusal` where a ban was faster, and what `join` throws. */
async function enter(
  principal: Principal,
  { room: { id }, row }: Pick<Found, 'room' | 'row'>,
  refusal: () => ProblemError,
): Promise<Room> {
  await take(principal, row);
  const { user_id, name } = principal;
  try {
    const { room, head } = await join({ user_id, name }, id, { admitted: true });
    await pushToUser(user_id, { type: 'you_joined', room, role: 'member', head });
    return room;
  } catch (error) {
    // The room is not there any more, or not for them.
    if (error instanceof ProblemError && error.code === 'room_not_found') throw notFound();
    throw error instanceof ProblemError && error.code === 'banned' ? refusal() : error;
  }
}

/** Takes one use. Throws `invitation_not_found` where the last one went to somebody else. */
async function take(principal: Principal, row: Row<InvitationRow>): Promise<void> {
  const { partitionKey: roomId, id } = row;
  for (let now = row; ;) {
    try {
      return await useInvitation(now, now.uses_left - 1, actOf('invitation_answered', principal, now));
    } catch (error) {
      if (!(error instanceof WriteConflict)) throw error;
    }
    const changed = await readInvitation(roomId, id);
    if (!changed || !(await isGood(roomId, changed))) throw notFound();
    now = changed;
  }
}

type Found = { room: Room; row: Row<InvitationRow>; standing: Standing };

/** The room and the invitation behind a pointer, while both are good, and where the caller stands in that room. */
async function lookUp({ user_id }: Principal, pointer: PointerRow): Promise<Found | undefined> {
  const row = await readInvitation(pointer.room_id, pointer.id);
  if (!row || !(await isGood(pointer.room_id, row))) return undefined;
  try {
    const room = await requireRoom(pointer.room_id);
    return { room: toRoom(room), row, standing: await standingOf(user_id, room) };
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

async function lookUpLink(principal: Principal, secret: string): Promise<Found> {
  const pointer = await readLink(secret);
  const found = pointer && (await lookUp(principal, pointer));
  if (!found || found.standing === 'banned') throw notFound();
  return found;
}

const notFound = (): ProblemError =>
  new ProblemError('invitation_not_found', 'This invitation has ended, or was never there.');

const banned = (): ProblemError => new ProblemError('banned', 'You are banned from this room.');

const actOf = (
  action: 'invitation_created' | 'invitation_revoked' | 'invitation_answered',
  { user_id, name }: Principal,
  row: InvitationRow,
) => ({
  action,
  by: user_id,
  by_name: name,
  ...(row.user_id !== '' && { target: row.user_id, target_name: row.user_name }),
});

const toInvitation = (roomId: string, row: InvitationRow): Invitation => ({
  id: row.id,
  room_id: roomId,
  ...(row.user_id !== '' && { user_id: row.user_id, user_name: row.user_name }),
  invited_by: row.invited_by,
  invited_by_name: row.invited_by_name,
  created_at: row.created_at,
  expires_at: row.expires_at,
  uses_left: row.uses_left,
});

const toInvited = (room: Room, row: InvitationRow, { withId }: { withId: boolean }): Invited => ({
  ...(withId && { id: row.id }),
  room: { id: room.id, name: room.name, description: room.description, member_count: room.member_count },
  invited_by_name: row.invited_by_name,
  expires_at: row.expires_at,
});
