/** What must hold of roles, restrictions, invitations and the trail: between any two requests, and when all has settled. */
import { roomRows } from '../../functions/platform/room-rows.ts';
import type { RoomRows, Stage } from './stage.ts';
import type { Entity } from './table-store.ts';

type Fail = (rule: string, what: string, rows: RoomRows) => never;

const people = (rows: Entity[], kind: 'member' | 'ban' | 'mute' | 'request'): string[] =>
  rows.map(({ rowKey }) => rowKey.slice(roomRows.range(kind).from.length));

/** Entries of a trail that say this. */
function countOf(trail: Entity[], action: string, more: Partial<Record<'by' | 'target', string>> = {}) {
  return trail.filter(
    (entry) =>
      entry['action'] === action && Object.entries(more).every(([field, value]) => entry[field] === value),
  ).length;
}

/** Of an open room: what changes in one transaction is never seen apart. */
export function judgeActs(rows: RoomRows, stage: Stage, fail: Fail): void {
  const { roomId, room, members } = rows;
  const owners = members.filter(({ role }) => role === 'owner');
  const [owner = ''] = people(owners, 'member');
  // For a moment nobody is in a room whose creator was taken for dead.
  if (members.length > 0 && (owners.length !== 1 || owner !== (room?.['owner'] ?? room?.['created_by'])))
    fail('OWNER', 'Not exactly one owns the room', rows);
  if (members.length > (stage.most.get(roomId) ?? Infinity))
    fail('INVITE', 'A link let in more than it says', rows);
  if ((room?.['requests_waiting'] ?? 0) !== rows.of('request').length)
    fail('COUNT', 'The count is not that of the requests', rows);
  judgeTrail(rows, owner, stage, fail);
}

/** Whatever took effect has an entry. */
function judgeTrail(rows: RoomRows, owner: string, stage: Stage, fail: Fail): void {
  const trail = rows.of('audit');
  const says = (action: string, target?: string): number =>
    countOf(trail, action, target === undefined ? {} : { target });
  const require = (holds: boolean, what: string): void => void (holds || fail('AUDIT', what, rows));
  for (const [kind, put, lifted] of [
    ['ban', 'member_banned', 'ban_lifted'],
    ['mute', 'member_muted', 'mute_lifted'],
  ] as const) {
    const now = new Set(people(rows.of(kind), kind));
    for (const one of now) require(says(put, one) > 0, put);
    for (const { target } of trail.filter(({ action }) => action === put))
      require(now.has(String(target)) || says(lifted, String(target)) > 0, lifted);
  }
  for (const moderator of people(
    rows.members.filter(({ role }) => role === 'moderator'),
    'member',
  ))
    require(says('moderator_appointed', moderator) + says('owner_changed') > 0, 'moderator_appointed');
  require(['', rows.room?.['created_by']].includes(owner) ||
    says('owner_changed', owner) > 0, 'owner_changed');
  const { kind } = rows.room!;
  require((kind ?? 'open') === 'open' || says('room_changed') > 0, 'room_changed');
  require(rows.of('invitation').length === says('invitation_created'), 'invitation_created');
  const uses = [...stage.invitations.values()];
  for (const row of rows.of('invitation')) {
    const made = uses.find(({ id }) => row['id'] === id);
    const used = (made?.uses ?? 0) - Number(row['uses_left']);
    if (made && says('invitation_revoked') === 0)
      require(says('invitation_answered') >= used, 'invitation_answered');
  }
  for (const one of people(rows.of('request'), 'request'))
    require(countOf(trail, 'join_requested', { by: one }) > 0, 'join_requested');
  judgeComings(rows, trail, require);
}

/** Who is in came, and who came and is not in went: by themselves, by a removal, or by a ban. */
function judgeComings(
  rows: RoomRows,
  trail: Entity[],
  require: (holds: boolean, what: string) => void,
): void {
  const inside = new Set(people(rows.members, 'member'));
  const everybody = new Set([...inside, ...trail.map(({ by }) => String(by))]);
  for (const one of everybody) {
    const came = countOf(trail, 'member_joined', { by: one }) + countOf(trail, 'room_created', { by: one });
    const went =
      countOf(trail, 'member_left', { by: one }) + countOf(trail, 'member_removed', { target: one });
    const unsaid = came - went - Number(inside.has(one));
    const bans = countOf(trail, 'member_banned', { target: one });
    require(unsaid >= 0 && unsaid <= bans, `comings and goings of ${one}: ${came}, ${went}`);
  }
}

/** Of an open room when nobody is at work any more: access says what the room says. */
export function judgeActsInTheEnd(rows: RoomRows, stage: Stage, fail: Fail): void {
  const { roomId, members } = rows;
  // Whose creator was taken for dead, and died of it later, is there for them to come into.
  if (members.length === 0 && countOf(rows.of('audit'), 'member_joined') > 0)
    fail('OWNER', 'Nobody is in the room', rows);
  const mutes = new Map(
    people(rows.of('mute'), 'mute').map((one, index) => [one, rows.of('mute')[index]?.['until'] ?? 'ever']),
  );
  const inside = new Set(people(members, 'member'));
  for (const one of people(rows.of('ban'), 'ban'))
    if (inside.has(one)) fail('ISO', 'Somebody who is banned is in', rows);
  for (const [index, one] of [...inside].entries()) {
    const membership = stage
      .rows('memberships')
      .find(({ partitionKey, rowKey }) => partitionKey === one && rowKey === roomId);
    if (membership?.['role'] !== members[index]?.['role'])
      fail('ISO', 'A role is not as the room has it', rows);
    if (((membership?.['muted_until'] ?? '') !== '') !== mutes.has(one))
      fail('ISO', 'A mute is not as the room has it', rows);
  }
}
