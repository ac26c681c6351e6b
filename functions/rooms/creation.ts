/**
 * Creating a room: its row first, there for nobody; then its name, which is the commit; then it opens, with its
 * creator in it. Whoever carries it on takes the same steps, and two hands at once do no harm.
 */
import { general, systemUser } from '../../contract/names.ts';
import type { CreateRoomBody, Room } from '../../contract/rooms.ts';
import { normalizeName } from '../../contract/text.ts';
import { requireYourself } from '../identity/permissions.ts';
import type { Principal } from '../identity/principal.ts';
import { removeIntent, renewIntent, writeIntent, type Intent } from '../intents/intents.ts';
import { beginJoin, finishMembership, join } from '../membership/membership.ts';
import { settle } from '../membership/settle.ts';
import { countRooms } from '../operations/counters.ts';
import { clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import { WriteConflict } from '../platform/tables.ts';
import { refuseTaken, releaseUnused, showRoom, takeName } from './directory.ts';
import { readRoom, roomNotFound } from './rooms.ts';
import {
  asOpened,
  insertRoom,
  kindOf,
  openRoomRow,
  readRoomRow,
  removeClaim,
  toRoom,
  type Owner,
  type RoomRow,
  type StoredRoom,
} from './store.ts';

/**
 * Creates a room and joins its creator. The same caller, id and name again answer the same room.
 * Throws `name_taken`, `room_id_in_use`, `not_yourself`, `too_many_rooms`.
 */
export async function createRoom(principal: Principal, body: CreateRoomBody): Promise<Room> {
  const { user_id, name: ownerName } = principal;
  requireYourself(body.created_by, user_id);
  const { name, description, id = newId(), kind = 'open', history = 'all' } = body;
  if (kind !== 'private') await refuseTaken(name, id);
  const intent = await writeIntent({ kind: 'create', room_id: id, user_id, name: ownerName });
  try {
    if (body.id !== undefined) await requireClaimable(id, { name, created_by: user_id });
    // Before the room's row: whoever meets that row finds the creator's membership prepared.
    const { joined_at } = await beginJoin(user_id, { roomId: id, owner: user_id, history });
    await claimId(id, {
      name,
      description,
      kind,
      history,
      created_by: user_id,
      owner: user_id,
      created_at: joined_at,
    });
    await renewIntent(intent);
    const opened = await openRoom(id, ownerName);
    if (!opened) throw roomNotFound();
    // The sweep may have taken us for dead before we came to open it.
    if (!(await settle(principal, id))) await join(principal, id);
    const room = await readRoom(id);
    if (room.version > opened.version) await showRoom(room);
    void removeIntent(intent).catch(() => {});
    return room;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // Refused: what was prepared goes.
    await settle(principal, id);
    void removeIntent(intent).catch(() => {});
    throw error;
  }
}

/** Carries on what a process left that died while it was to create a room. */
export async function finishCreate(intent: Extract<Intent, { kind: 'create' }>): Promise<void> {
  const { room_id, user_id, name } = intent;
  const row = await readRoomRow(room_id);
  // The id may turn out to be somebody else's.
  if (row?.created_by === user_id) {
    await openRoom(room_id, name).catch((error: unknown) => {
      if (!(error instanceof ProblemError)) throw error;
    });
  }
  await finishMembership(intent, room_id);
}

type Claim = Pick<
  RoomRow,
  'name' | 'description' | 'kind' | 'history' | 'created_by' | 'owner' | 'created_at'
>;

async function claimId(id: string, claim: Claim): Promise<void> {
  try {
    await insertRoom(id, { ...claim, state: 'creating', member_count: 0, version: 1, renaming_to: '' });
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    if (!(await requireClaimable(id, claim))) await claimId(id, claim);
  }
}

/** Whether the same person has claimed it for the same name before. Throws `room_id_in_use`. */
async function requireClaimable(id: string, claim: Pick<Claim, 'name' | 'created_by'>): Promise<boolean> {
  const known = await readRoomRow(id);
  if (!known) return false;
  const same = known.state !== 'closed' && known.created_by === claim.created_by;
  if (same && normalizeName(known.name) === normalizeName(claim.name)) return true;
  throw new ProblemError('room_id_in_use', 'Another room has this id. Send the request with a new one.');
}

/**
 * Opens a claimed room. Answers undefined where there is nothing to open. Throws `name_taken` after giving the claim
 * back.
 */
async function openRoom(id: string, ownerName: string): Promise<Room | undefined> {
  const row = await readRoomRow(id);
  if (!row || row.state === 'closed') return undefined;
  if (row.state === 'open') {
    // Who opened it may not have come to show it.
    await showRoom(toRoom(row));
    return toRoom(row);
  }
  const owner = ownerOf(row, ownerName);
  try {
    if (kindOf(row) !== 'private') await takeName(toRoom(asOpened(row, owner)));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (await isGivenBack(row)) throw error;
    return openRoom(id, ownerName);
  }
  try {
    const opened = toRoom(await openRoomRow(row, owner));
    countRooms(1);
    await showRoom(opened);
    return opened;
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
    // Another hand was faster, and what became of the room since may have no use for the name.
    await releaseUnused(row.name, id);
    return openRoom(id, ownerName);
  }
}

function ownerOf(row: StoredRoom, name: string): Owner | undefined {
  const { created_by: user_id, created_at: joined_at } = row;
  return user_id === systemUser ? undefined : { user_id, name, role: 'owner', joined_at };
}

/** Whether the claim was still as it was read, and is gone now. */
async function isGivenBack(row: StoredRoom): Promise<boolean> {
  try {
    await removeClaim(row);
    return true;
  } catch (error) {
    if (error instanceof WriteConflict) return false;
    throw error;
  }
}

let generalMade: Promise<unknown> | undefined;

/** Makes General, once for each instance; two instances cannot race, because its id is constant. */
export function ensureGeneral(): Promise<unknown> {
  generalMade ??= makeGeneral().catch((error: unknown) => {
    generalMade = undefined;
    throw error;
  });
  return generalMade;
}

async function makeGeneral(): Promise<void> {
  const { id, name, description } = general;
  if ((await readRoomRow(id))?.state === 'open') return;
  try {
    await claimId(id, { name, description, created_by: systemUser, created_at: clock.now().toISOString() });
    await openRoom(id, '');
  } catch (error) {
    // Who renamed a room to General before this one was made keeps the name; the rest works without.
    if (!(error instanceof ProblemError)) throw error;
  }
}
