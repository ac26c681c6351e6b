/** Every state of the page that has a look of its own, by name: what the pictures show and axe examines. */
import type { Invited } from '../../../contract/invitations.ts';
import type { Message } from '../../../contract/messages.ts';
import type { Room } from '../../../contract/rooms.ts';
import type { ChatClient, ChatState } from '../../../web/connection/model.ts';
import { fakeClient, me, refusal, type FakeOptions } from '../fake-client.ts';
import {
  bookClub,
  busyMessages,
  conversationOf,
  design,
  designAnswers,
  fewRooms,
  general,
  longTalk,
  lunch,
  manyRooms,
  members,
  now,
  ops,
  quiet,
  roomId,
  salaries,
} from './people-and-rooms.ts';

export interface ScreenState {
  path: string;
  /** Made when it is shown: some are large. */
  state: () => Partial<ChatState>;
  options?: () => FakeOptions;
}

const member = (head: number, last_read = head) => ({ role: 'member', head, last_read }) as const;
const failure = refusal('unavailable').problem;
const companyOnly = {
  guests: false,
  accounts: false,
  oidc: [
    { id: 'c', name: 'Contoso', issuer: 'https://id.contoso.example', client_id: 'h', scope: 'openid' },
    { id: 'm', name: 'Microsoft', issuer: 'https://login.example', client_id: 'h', scope: 'openid' },
  ],
};
const accountMe = { ...me, kind: 'account', email: 'alice@example.com', avatar: '', status: '' } as const;
const farid = { user_id: '0190a000-0000-7000-8000-000000000005', name: 'Farid', avatar: '🪁', status: '' };

function roomsState(rooms: Room[]): Pick<ChatState, 'rooms' | 'directory'> {
  return {
    rooms: Object.fromEntries(rooms.map((room) => [room.id, room])),
    directory: { ids: rooms.map((room) => room.id), query: '', loading: { state: 'ready' }, complete: true },
  };
}

const few = {
  ...roomsState(fewRooms),
  memberships: {
    [design.id]: { ...member(busyMessages.length), role: 'owner' },
    [general.id]: member(1_860, 1_848),
    [lunch.id]: member(40),
    [quiet.id]: { ...member(0), role: 'owner' },
  },
  members: { [design.id]: { list: members, loading: { state: 'ready' } } },
} satisfies Partial<ChatState>;

const kinds = {
  ...few,
  ...roomsState([...fewRooms, bookClub]),
  rooms: { ...few.rooms, [bookClub.id]: bookClub, [salaries.id]: salaries },
  memberships: { ...few.memberships, [salaries.id]: member(12, 9) },
} satisfies Partial<ChatState>;
const { [design.id]: _design, ...withoutDesign } = few.memberships;
const roadmap = { ...salaries, id: roomId(31), name: 'Roadmap', description: 'What comes next, and when' };
const invitationTo = ({ id, name, description, member_count }: Room): Invited => ({
  id: `0190d000-0000-7000-8000-${id.slice(-12)}`,
  room: { id, name, description, member_count },
  invited_by_name: 'Bo Lindberg',
  expires_at: '2026-11-30T08:00:00Z',
});

const busy = { ...few, conversations: { [design.id]: conversationOf(busyMessages) } };
/** Design as a long room, read up to a number. */
const long = (messages: Message[], read = messages.at(-1)?.seq ?? 0) => ({
  ...few,
  memberships: { ...few.memberships, [design.id]: member(messages.at(-1)?.seq ?? 0, read) },
  conversations: { [design.id]: conversationOf(messages) },
});
const inDesign = `/rooms/${design.id}`;
const outgoing = (content: string, state: 'sending' | 'failed') => ({
  message_id: `waiting: ${content}`,
  room_id: design.id,
  content,
  created_at: now.toISOString(),
  state,
  ...(state === 'failed' && { problem: failure }),
});

const running = {
  ...member(busyMessages.length),
  role: 'owner',
  waiting: { join_requests: 2, reports: 1 },
} as const;
const moderatedOf = (message: Message): Message =>
  message.seq === 12 ? { ...message, content: '', removed_at: now.toISOString() } : message;

export const states: Record<string, ScreenState> = {
  'sign-in': { path: '/', state: () => ({ session: undefined }) },
  'sign-in-guests-only': {
    path: '/',
    state: () => ({ session: undefined }),
    options: () => ({ answers: { 'GET /auth/providers': { guests: true, accounts: false, oidc: [] } } }),
  },
  'sign-in-company': {
    path: '/',
    state: () => ({ session: undefined }),
    options: () => ({ answers: { 'GET /auth/providers': companyOnly } }),
  },
  'wrong-credentials': {
    path: '/',
    state: () => ({ session: undefined }),
    options: () => ({ refuse: 'wrong_credentials' }),
  },
  'account-holder': {
    path: '/',
    state: () => ({
      ...few,
      me: { ...accountMe, avatar: '🦊', status: 'In the office until four' },
      blocked: { [farid.user_id]: farid },
    }),
  },
  'key-holder': { path: '/', state: () => few, options: () => ({ answers: designAnswers }) },
  'session-ended': {
    path: '/',
    state: () => ({ session: undefined, ended: refusal('unauthenticated').problem }),
  },
  'sign-in-taken': {
    path: '/',
    state: () => ({ session: undefined }),
    options: () => ({ refuse: 'name_taken' }),
  },
  'first-run': {
    path: '/',
    state: () => ({ ...roomsState([{ ...general, member_count: 0 }]), memberships: {} }),
  },
  'no-rooms': { path: '/', state: () => ({}) },
  loading: {
    path: inDesign,
    state: () => ({
      membershipsLoading: { state: 'loading' },
      directory: { ids: [], query: '', loading: { state: 'loading' }, complete: false },
      rooms: { [design.id]: design },
      status: 'connecting',
    }),
  },
  'few-rooms': { path: '/', state: () => few },
  'many-rooms': {
    path: '/',
    state: () => ({
      ...roomsState(manyRooms(10_000)),
      memberships: { [roomId(150)]: member(4, 1), [roomId(480)]: member(9) },
    }),
  },
  'list-error': {
    path: '/',
    state: () => ({
      directory: { ids: [], query: '', loading: { state: 'error', problem: failure }, complete: false },
    }),
  },
  busy: { path: inDesign, state: () => busy },
  running: {
    path: `${inDesign}?details`,
    state: () => ({
      ...busy,
      memberships: { ...busy.memberships, [design.id]: running },
      pins: { [design.id]: [busyMessages[8], busyMessages[6]].filter((pin) => pin !== undefined) },
      avatars: Object.fromEntries(members.map(({ user_id, avatar }) => [user_id, avatar])),
    }),
    options: () => ({ answers: designAnswers }),
  },
  moderated: {
    path: inDesign,
    state: () => ({
      ...busy,
      memberships: { ...busy.memberships, [design.id]: member(busyMessages.length) },
      conversations: { [design.id]: conversationOf(busyMessages.map(moderatedOf)) },
      blocked: { [members[2]?.user_id ?? '']: { ...farid, name: 'Chidi Okafor' } },
      rooms: { ...busy.rooms, [design.id]: { ...design, slow_mode_seconds: 30 } },
      outbox: {
        [design.id]: [
          { ...outgoing('And one more thing.', 'sending'), problem: refusal('slow_mode').problem },
        ],
      },
    }),
  },
  muted: {
    path: inDesign,
    state: () => ({
      ...busy,
      memberships: {
        ...busy.memberships,
        [design.id]: { ...member(busyMessages.length), muted_until: '2026-11-23T14:30:00Z' },
      },
    }),
  },
  'joined-late': {
    path: inDesign,
    state: () => ({
      ...busy,
      conversations: {
        [design.id]: conversationOf(busyMessages.slice(11), { first: 12, complete: true }),
      },
    }),
  },
  details: { path: `${inDesign}?details`, state: () => busy },
  unread: {
    path: inDesign,
    state: () => ({
      ...few,
      memberships: { ...few.memberships, [design.id]: { ...member(busyMessages.length, 9), role: 'owner' } },
      conversations: { [design.id]: conversationOf(busyMessages, { read_until: 9 }) },
    }),
  },
  long: {
    path: inDesign,
    state: () => long(longTalk(design, 200, 601)),
    options: () => ({ older: longTalk(design, 600) }),
  },
  'long-unread': {
    path: inDesign,
    state: () => long(longTalk(design, 200, 601), 700),
    options: () => ({ older: longTalk(design, 600) }),
  },
  huge: { path: inDesign, state: () => long(longTalk(design, 100_000)) },
  'empty-room': { path: `/rooms/${quiet.id}`, state: () => few },
  'not-joined': { path: `/rooms/${ops.id}`, state: () => few },
  'room-error': {
    path: inDesign,
    state: () => ({
      ...few,
      conversations: { [design.id]: conversationOf([], { loading: { state: 'error', problem: failure } }) },
    }),
  },
  sending: {
    path: inDesign,
    state: () => ({
      ...busy,
      outbox: { [design.id]: [outgoing('Thursday is good. I write the note for everybody.', 'sending')] },
    }),
  },
  failed: {
    path: inDesign,
    state: () => ({
      ...busy,
      outbox: {
        [design.id]: [outgoing('Thursday is good.', 'failed'), outgoing('I write the note.', 'failed')],
      },
    }),
  },
  offline: { path: inDesign, state: () => ({ ...busy, status: 'offline' }) },
  reconnecting: {
    path: inDesign,
    state: () => ({ ...busy, status: 'reconnecting', retry_at: now.getTime() + 7_800 }),
  },
  'catching-up': { path: inDesign, state: () => ({ ...busy, status: 'catching_up' }) },
  deleted: {
    path: inDesign,
    state: () => ({ ...few, conversations: { [design.id]: { ...conversationOf([]), gone: 'deleted' } } }),
  },
  kinds: { path: `/rooms/${bookClub.id}`, state: () => kinds },
  requested: {
    path: `/rooms/${bookClub.id}`,
    state: () => ({ ...kinds, requested: { [bookClub.id]: true } }),
  },
  invited: {
    path: `/rooms/${bookClub.id}`,
    state: () => ({ ...kinds, invitations: [invitationTo(bookClub), invitationTo(roadmap)] }),
  },
  invite: {
    path: '/invite/secret',
    state: () => few,
    options: () => ({ answers: { 'GET /invitations/secret': invitationTo(roadmap) } }),
  },
  'invite-ended': {
    path: '/invite/secret',
    state: () => few,
    options: () => ({ refuseReads: 'invitation_not_found' }),
  },
  removed: {
    path: inDesign,
    state: () => ({
      ...few,
      memberships: withoutDesign,
      removals: { [design.id]: { room_name: 'Design', banned: false, reason: 'You asked to be taken out.' } },
    }),
  },
  banned: {
    path: `/rooms/${salaries.id}`,
    state: () => ({
      ...few,
      removals: {
        [salaries.id]: {
          room_name: 'Salaries',
          banned: true,
          reason: 'Advertising, three times.',
          until: '2026-11-24T08:00:00Z',
        },
      },
    }),
  },
  left: {
    path: `/rooms/${salaries.id}`,
    state: () => ({ ...few, conversations: { [salaries.id]: { ...conversationOf([]), gone: 'left' } } }),
  },
  'requested-gone': {
    path: `/rooms/${roomId(9)}`,
    state: () => ({ ...few, requested: { [roomId(9)]: true } }),
  },
  'room-not-found': { path: `/rooms/${roomId(9)}`, state: () => few },
  'room-unreachable': {
    path: `/rooms/${roomId(9)}`,
    state: () => few,
    options: () => ({ refuse: 'unavailable' }),
  },
  'not-found': { path: '/nowhere', state: () => few },
  'name-taken': { path: '/', state: () => few, options: () => ({ refuse: 'name_taken' }) },
  'too-many-rooms': { path: '/', state: () => few, options: () => ({ refuse: 'too_many_rooms' }) },
};

export function clientIn(name: string): ChatClient {
  const screen = states[name];
  if (screen === undefined) throw new Error(`There is no state "${name}"`);
  return fakeClient(screen.state(), screen.options?.());
}
