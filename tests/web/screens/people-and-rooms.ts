/** The people, rooms and messages that the screens show: made once, the same in every picture. */
import type { Message } from '../../../contract/messages.ts';
import type { Member, Room } from '../../../contract/rooms.ts';
import type { Conversation } from '../../../web/connection/model.ts';
import { me } from '../fake-client.ts';

/** Every picture is taken at this moment; the harness sets the browser's clock to it. */
export const now = new Date('2026-11-23T13:32:00Z');

const person = (index: number, name: string) => ({
  user_id: `0190a000-0000-7000-8000-${String(index).padStart(12, '0')}`,
  name,
});
const bo = person(1, 'Bo Lindberg');
const chidi = person(2, 'Chidi Okafor');
const tomas = person(3, 'Tomás');
const eva = person(4, 'Éva Novák');
const releases = { user_id: 'service:releases', name: 'releases' };

export const roomId = (index: number): string => `0190b000-0000-7000-8000-${String(index).padStart(12, '0')}`;

export function makeRoom(index: number, name: string, more: Partial<Room> = {}): Room {
  return {
    id: roomId(index),
    name,
    description: '',
    kind: 'open',
    history: 'all',
    slow_mode_seconds: 0,
    owner: '',
    created_by: 'system',
    created_at: '2026-09-14T08:00:00Z',
    member_count: 1,
    version: 1,
    ...more,
  };
}

export const design = makeRoom(1, 'Design', {
  description: 'How it looks, how it feels, and why',
  created_by: me.user_id,
  member_count: 6,
});
export const general = makeRoom(2, 'General', {
  description: 'Everybody is welcome here',
  member_count: 1_204,
});
export const lunch = makeRoom(3, 'Lunch', { description: 'Noon, by the door', member_count: 14 });
export const ops = makeRoom(4, 'Operations', {
  description: 'Deployments and what follows',
  member_count: 9,
});
export const reading = makeRoom(5, 'Reading group', {
  description: 'Tuesdays, one chapter',
  member_count: 3,
});
export const quiet = makeRoom(6, 'Zürich office', { member_count: 1, created_by: me.user_id });

export const salaries = makeRoom(7, 'Salaries', { kind: 'private', member_count: 3, owner: bo.user_id });
export const bookClub = makeRoom(8, 'Book club', {
  kind: 'by_request',
  description: 'We read slowly and argue fast',
  member_count: 7,
});

export const fewRooms = [design, general, lunch, ops, reading, quiet];

export function manyRooms(count: number): Room[] {
  const topics = [
    'Atlas',
    'Birch',
    'Cinder',
    'Delta',
    'Ember',
    'Fjord',
    'Grove',
    'Harbor',
    'Iris',
    'Juniper',
  ];
  return Array.from({ length: count }, (_, index) => {
    const topic = topics[Math.floor(index / (count / topics.length))] ?? 'Atlas';
    return makeRoom(
      index + 100,
      `${topic} ${String((index % (count / topics.length)) + 1).padStart(4, '0')}`,
      {
        member_count: (index * 7) % 40,
      },
    );
  });
}

/** Minutes before `now`. */
const ago = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();

type Line = [who: { user_id: string; name: string }, minutesAgo: number, content: string];

export function messagesOf(room: Room, lines: Line[], firstSeq = 1): Message[] {
  return lines.map(([who, minutes, content], index) => ({
    type: 'message',
    message_id: `0190c000-0000-7000-8000-${room.id.slice(-4)}${String(firstSeq + index).padStart(8, '0')}`,
    seq: firstSeq + index,
    room_id: room.id,
    room_name: room.name,
    content,
    sender: who.user_id,
    sender_name: who.name,
    timestamp: ago(minutes),
  }));
}

const day = 24 * 60;
export const busyMessages = messagesOf(design, [
  [bo, 2 * day + 40, 'The new list of rooms is on the test site. Have a look when you have a minute.'],
  [bo, 2 * day + 39, 'I would like to hear what you think of the spacing most of all'],
  [chidi, 2 * day + 12, 'Much calmer than before. The green mark does its work without shouting.'],
  [
    me,
    day + 300,
    'Agreed. One thing: at 390 px the description is cut off after two words. Could the count go first?',
  ],
  [bo, day + 292, 'It does now.'],
  [releases, day + 290, 'Deployed `web@4f21c9a` to the test site in 41 s'],
  [
    eva,
    190,
    'Good morning! Contrast of the quiet text is 4.6 : 1 on the darkest paper, so we are just inside.',
  ],
  [
    eva,
    189,
    'The numbers: https://www.w3.org/WAI/WCAG22/Understanding/contrast-minimum.html#dfn-contrast-ratio-and-some-more',
  ],
  [
    tomas,
    64,
    'This is all it takes for both themes:\n```css\n:root { color-scheme: light dark; }\n.pane { background: light-dark(white, black); }\n```\nNo second style sheet.',
  ],
  [chidi, 22, 'Lovely.'],
  [
    chidi,
    21,
    'And the focus ring? I tried the whole page with the keyboard, and lost it once, after closing the dialog.',
  ],
  [bo, 9, 'Found it: the button that had the focus was gone by then. It goes to the list now.'],
  [tomas, 4, 'Tried it, works :)'],
  [bo, 3, 'Shall we ship it on Thursday?'],
]);

export function conversationOf(messages: Message[], more: Partial<Conversation> = {}): Conversation {
  return {
    messages,
    head: messages.at(-1)?.seq ?? 0,
    complete: messages[0]?.seq === 1 || messages.length === 0,
    first: 1,
    edition: 0,
    loading: { state: 'ready' },
    loadingOlder: { state: 'ready' },
    read_until: messages.at(-1)?.seq ?? 0,
    ...more,
  };
}

/** A long room: `count` messages that end now, of which the numbers begin at `firstSeq`. */
export function longTalk(room: Room, count: number, firstSeq = 1): Message[] {
  const people = [bo, chidi, tomas, eva, me];
  const text =
    'the quick way through a long room is to show only what is on the screen and nothing else '.repeat(4);
  const lines = Array.from({ length: count }, (_, index): Line => {
    const who = people[Math.floor(index / 3) % people.length] ?? bo;
    const part = text.slice(index % 31, (index % 31) + 12 + ((index * 47) % 300));
    return [who, (count - index) * 3, `${firstSeq + index}: ${part}`];
  });
  return messagesOf(room, lines, firstSeq);
}

const plain = { avatar: '', status: '' };
const farid = person(5, 'Farid');
export const members: Member[] = [
  { ...plain, ...me, role: 'owner', joined_at: ago(90 * day), online: true },
  {
    ...plain,
    ...bo,
    role: 'moderator',
    joined_at: ago(80 * day),
    online: true,
    status: 'Shipping on Thursday',
  },
  { ...plain, ...chidi, role: 'member', joined_at: ago(70 * day), online: true },
  { ...plain, ...tomas, role: 'member', joined_at: ago(60 * day), online: false },
  { ...plain, ...eva, role: 'member', joined_at: ago(50 * day), online: true, avatar: '\u2693' },
  {
    ...plain,
    ...farid,
    role: 'member',
    joined_at: ago(5 * day),
    online: false,
    muted_until: '2026-11-23T14:30:00Z',
  },
];

const at = (path: string): string => `/rooms/${design.id}${path}`;
const until = '2026-11-24T08:00:00Z';
/** What the calls by which Design is run are answered with. */
export const designAnswers: Record<string, unknown> = {
  [`GET ${at('/requests')}`]: [
    { ...farid, note: 'Bo said that I could help with the icons.', requested_at: ago(50) },
    { ...person(11, 'Greta Sand'), note: '', requested_at: ago(3 * day) },
  ],
  [`GET ${at('/reports')}`]: [
    {
      id: '0190e000-0000-7000-8000-000000000001',
      seq: 5,
      sender: tomas.user_id,
      sender_name: tomas.name,
      content: 'Buy your watches here, cheap and fast: https://watches.example',
      reason: 'Advertising',
      reported_by: eva.user_id,
      reported_by_name: eva.name,
      reported_at: ago(12),
      state: 'open',
    },
  ],
  [`GET ${at('/bans')}`]: [
    {
      ...farid,
      reason: 'Advertising, three times.',
      until,
      by: bo.user_id,
      by_name: bo.name,
      since: ago(90),
    },
  ],
  [`GET ${at('/mutes')}`]: [],
  [`GET ${at('/invitations')}`]: [
    {
      id: '0190e000-0000-7000-8000-000000000002',
      room_id: design.id,
      user_id: farid.user_id,
      user_name: farid.name,
      invited_by: me.user_id,
      invited_by_name: me.name,
      created_at: ago(60),
      expires_at: until,
      uses_left: 1,
    },
    {
      id: '0190e000-0000-7000-8000-000000000003',
      room_id: design.id,
      invited_by: bo.user_id,
      invited_by_name: bo.name,
      created_at: ago(60),
      expires_at: until,
      uses_left: 8,
    },
  ],
  [`POST ${at('/invitations')}`]: {
    id: '0190e000-0000-7000-8000-000000000004',
    room_id: design.id,
    invited_by: me.user_id,
    invited_by_name: me.name,
    created_at: ago(0),
    expires_at: until,
    uses_left: 1,
    token: 'Zk3nq8TtWv0mYc5rXe1uLg',
  },
  'GET /users': [
    { ...plain, ...farid },
    { ...plain, ...person(12, 'Fatima Haddad'), status: 'Lisbon until Friday' },
  ],
  [`GET ${at('/audit')}`]: [
    {
      id: '4',
      at: ago(90),
      action: 'member_banned',
      by: bo.user_id,
      by_name: bo.name,
      target: farid.user_id,
      target_name: farid.name,
      reason: 'Advertising, three times.',
    },
    {
      id: '3',
      at: ago(200),
      action: 'message_removed',
      by: me.user_id,
      by_name: me.name,
      target: farid.user_id,
      target_name: farid.name,
      details: { seq: 5 },
    },
    {
      id: '2',
      at: ago(day),
      action: 'moderator_appointed',
      by: me.user_id,
      by_name: me.name,
      target: bo.user_id,
      target_name: bo.name,
    },
    { id: '1', at: ago(90 * day), action: 'room_created', by: me.user_id, by_name: me.name },
  ],
  'GET /keys': [
    {
      id: '0190e000-0000-7000-8000-000000000005',
      name: 'Releases',
      prefix: 'hub_8Fk2',
      rooms: [design.id],
      calls: ['publish'],
      created_at: ago(20 * day),
      last_used_at: ago(200),
      expires_at: '2027-02-01T00:00:00Z',
    },
  ],
};
