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
export type Cast = Record<PersonStanding | 'heir' | 'patient' | 'first' | 'second', Actor> & {
  member: Actor & { email: string };
  /** A key for every call in a room that is none of the others. */
  foreignKey: string;
  /** Of a key of the owner's that nobody uses. */
  spareKeyId: string;
};

const keyCalls = ['publish', 'read_room', 'read_messages', 'list_members'];

export async function newGuest(): Promise<Actor> {
  const name = `Guest ${newId()}`;
  const { body } = await guest(name);
  return { user_id: body.user.user_id, name, token: body.token };
}

const makeKey = (owner: Actor, room: string, calls: string[]): Promise<{ id: string; key: string }> =>
  must('createKey', owner.token, { body: { name: 'A key', rooms: [room], calls } });

export async function castAll(): Promise<Cast> {
  const names = [...people, 'heir', 'patient', 'first', 'second'] as const;
  const guests = new Set<string>(['guest', 'visitor', 'heir', 'patient', 'first', 'second']);
  const actors = await Promise.all(
    names.map(async (name) => [name, guests.has(name) ? await newGuest() : await account()] as const),
  );
  const cast = Object.fromEntries(actors) as unknown as Cast;
  const elsewhere = await must<Room>('createRoom', cast.owner.token, {
    body: { name: `Elsewhere ${newId()}` },
  });
  const [foreign, spare] = [
    await makeKey(cast.owner, elsewhere.id, keyCalls),
    await makeKey(cast.owner, elsewhere.id, keyCalls),
  ];
  return { ...cast, foreignKey: foreign.key, spareKeyId: spare.id };
}

/** A room of each name for each kind: what is done in one must leave the rows that follow there as they are. */
export const roomNames = ['shared', 'changed', 'turned', 'handed over', 'asked', 'admitted', 'left'] as const;
export type RoomName = (typeof roomNames)[number];

/** A room with everybody in their place. Messages 1 to 3 are there; 1 is reported and pinned. */
export interface Place {
  kind: Kind;
  id: string;
  /** For every call, for listing members, and for publishing. */
  keys: [all: string, members: string, publishing: string];
  /** Of `invited`. */
  invitation: string;
  /** The secret of a link, and the id of another. */
  link: string;
  otherLinkId: string;
  report: string;
}

/** Where others are acted on. Who is in a room beside the standings is what its rows need. */
const targets = new Set<RoomName>(['changed', 'handed over']);

export async function furnish(cast: Cast, kind: Kind, name: RoomName): Promise<Place> {
  const { owner, moderator, muted, waiting, invited, banned, patient, member } = cast;
  const as = <T>(id: string, params: Record<string, string>, body?: unknown): Promise<T> =>
    must<T>(id, owner.token, { params: { id: room, ...params }, ...(body !== undefined && { body }) });
  // Asking to be let in is for rooms of this kind alone; what it becomes afterwards takes nothing back.
  const made = await must<Room>('createRoom', owner.token, {
    body: { name: `Room ${newId()}`, kind: 'by_request' },
  });
  const room = made.id;
  const moderators = name === 'left' ? [moderator, cast.heir] : [moderator];
  const others = targets.has(name) ? [cast.first, cast.second] : [];
  const waiters = name === 'admitted' ? [waiting, patient] : [waiting];
  const inside = [...moderators, member, muted, cast.guest, ...others];
  for (const each of inside) await join(each, room, { admitted: true });
  const asIn = (id: string, { token }: Actor, body: object) =>
    must(id, token, { params: { id: room }, body });
  const said = ['one', 'two', 'three'].map((content) => ({ body: { room_id: room, content } }));
  await Promise.all(said.map((given) => must('publish', owner.token, given)));
  for (const { user_id } of moderators) await as('changeMember', { user: user_id }, { role: 'moderator' });
  await Promise.all(waiters.map((each) => asIn('requestToJoin', each, {})));
  await as('putMute', { user: muted.user_id }, {});
  await as('putBan', { user: banned.user_id }, {});
  const asked = await as<{ id: string }>('invite', {}, { user_id: invited.user_id });
  const open = await as<{ id: string; token: string }>('invite', {}, { uses: 1_000 });
  const other = await as<{ id: string }>('invite', {}, {});
  const { id: report } = (await asIn('reportMessage', member, { seq: 1 })) as { id: string };
  await as('pinMessage', { seq: '1' });
  const keys = await Promise.all(
    [keyCalls, ['list_members'], ['publish']].map((calls) => makeKey(owner, room, calls)),
  );
  if (kind !== 'by_request') await as('changeRoom', {}, { kind });
  return {
    kind,
    id: room,
    report,
    invitation: asked.id,
    link: open.token,
    otherLinkId: other.id,
    keys: keys.map(({ key }) => key) as Place['keys'],
  };
}

/** What somebody sends along to prove who they are. */
export function tokenOf(cast: Cast, place: Place, who: Standing, operation: string): string | undefined {
  if (who === 'nobody') return undefined;
  if (who === 'key') return place.keys[0];
  if (who === 'narrow key') return operation === 'list_members' ? place.keys[2] : place.keys[1];
  return who === 'foreign key' ? cast.foreignKey : cast[who].token;
}

export const asPerson = ({ user_id, name }: Actor): Person => ({ user_id, name, kind: 'account' });
