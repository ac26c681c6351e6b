/** Everybody who may ask, and rooms in which each of them stands where the table says. */
import { must } from './routes.ts';
import type { Room } from '../../contract/rooms.ts';
import type { Person } from '../../functions/identity/principal.ts';
import { join } from '../../functions/membership/membership.ts';
import { newId } from '../../functions/platform/ids.ts';
import { account, guest } from '../functions/identity/service.ts';
import { people, type Kind, type Standing } from './table.ts';

type PersonStanding = (typeof people)[number];

export interface Actor {
  user_id: string;
  name: string;
  token: string;
}

/** Everybody by where they stand, and a few whom others act on. */
export type Cast = Record<PersonStanding | 'patient' | 'first' | 'second', Actor> & {
  member: Actor & { email: string };
  /** A key for every call in a room that is none of the others. */
  foreignKey: string;
};

const keyCalls = ['publish', 'read_room', 'read_messages', 'list_members'];

export async function newGuest(): Promise<Actor> {
  const name = `Guest ${newId()}`;
  const { body } = await guest(name);
  return { user_id: body.user.user_id, name, token: body.token };
}

const makeKey = async (owner: Actor, room: string, calls: string[]): Promise<string> =>
  (await must<{ key: string }>('createKey', owner.token, { body: { name: 'A key', rooms: [room], calls } }))
    .key;

export async function castAll(): Promise<Cast> {
  const names = [...people, 'patient', 'first', 'second'] as const;
  const guests = new Set<string>(['guest', 'visitor', 'patient', 'first', 'second']);
  const actors = await Promise.all(
    names.map(async (name) => [name, guests.has(name) ? await newGuest() : await account()] as const),
  );
  const cast = Object.fromEntries(actors) as Cast;
  const elsewhere = await must<Room>('createRoom', cast.owner.token, {
    body: { name: `Elsewhere ${newId()}` },
  });
  return { ...cast, foreignKey: await makeKey(cast.owner, elsewhere.id, keyCalls) };
}

/** A room with everybody in their place. Messages 1 to 4 are there; 1 is reported and pinned. */
export interface Place {
  kind: Kind;
  id: string;
  key: string;
  /** May list members, and where that is asked for publish. */
  narrowKey: string;
  narrowPublishKey: string;
  /** Of `invited`. */
  invitation: string;
  /** The secret of a link, and its id. */
  link: string;
  linkId: string;
  report: string;
}

export async function furnish(cast: Cast, kind: Kind): Promise<Place> {
  const { owner, moderator, muted, waiting, invited, banned, patient, member } = cast;
  const as = <T>(id: string, params: Record<string, string>, body?: unknown): Promise<T> =>
    must<T>(id, owner.token, { params: { id: room, ...params }, ...(body !== undefined && { body }) });
  // Asking to be let in is for rooms of this kind alone; what it becomes afterwards takes nothing back.
  const made = await must<Room>('createRoom', owner.token, {
    body: { name: `Room ${newId()}`, kind: 'by_request' },
  });
  const room = made.id;
  const inside = [moderator, member, muted, cast.guest, banned, cast.first, cast.second];
  for (const { user_id, name } of inside) await join({ user_id, name }, room, { admitted: true });
  for (const each of [waiting, patient])
    await must('requestToJoin', each.token, { params: { id: room }, body: {} });
  await as('changeMember', { user: moderator.user_id }, { role: 'moderator' });
  await as('putMute', { user: muted.user_id }, {});
  await as('putBan', { user: banned.user_id }, {});
  const asked = await as<{ id: string }>('invite', {}, { user_id: invited.user_id });
  const open = await as<{ id: string; token: string }>('invite', {}, { uses: 1_000 });
  for (const content of ['one', 'two', 'three', 'four'])
    await must('publish', owner.token, { body: { room_id: room, content } });
  const { id: report } = await must<{ id: string }>('reportMessage', member.token, {
    params: { id: room },
    body: { seq: 1 },
  });
  await as('pinMessage', { seq: '1' });
  const key = await makeKey(owner, room, keyCalls);
  const narrowKey = await makeKey(owner, room, ['list_members']);
  const narrowPublishKey = await makeKey(owner, room, ['publish']);
  if (kind !== 'by_request') await as('changeRoom', {}, { kind });
  return {
    ...{ kind, id: room, key, narrowKey, narrowPublishKey, report },
    ...{ invitation: asked.id, link: open.token, linkId: open.id },
  };
}

/** What somebody sends along to prove who they are. */
export function tokenOf(cast: Cast, place: Place, who: Standing, operation: string): string | undefined {
  if (who === 'nobody') return undefined;
  if (who === 'key') return place.key;
  if (who === 'narrow key') return operation === 'list_members' ? place.narrowPublishKey : place.narrowKey;
  return who === 'foreign key' ? cast.foreignKey : cast[who].token;
}

export const asPerson = ({ user_id, name }: Actor): Person => ({ user_id, name, kind: 'account' });
