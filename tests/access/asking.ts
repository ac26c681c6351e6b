/** What is sent for each row of the table. */
import { newId } from '../../functions/platform/ids.ts';
import { newcomer, password } from '../functions/identity/service.ts';
import type { Cast, Place } from './cast.ts';
import type { Given } from './routes.ts';
import type { Standing } from './table.ts';

interface Asking {
  cast: Cast;
  place: Place;
  who: Standing;
}

interface Asked {
  /** What is sent, to the call or the event whose name the row begins with. */
  given?: (asking: Asking) => Given;
  /** It ends or changes what others of the cast need: in a room of its own. */
  apart?: true;
  /** It ends who asks: somebody new of the same kind does. */
  throwaway?: true;
}

const inRoom =
  (
    more: (asking: Asking) => {
      params?: Record<string, string>;
      body?: unknown;
      query?: Record<string, string>;
    } = () => ({}),
  ) =>
  (asking: Asking): Given => {
    const { params, ...rest } = more(asking);
    return { params: { id: asking.place.id, ...params }, ...rest };
  };
const plain: Asked = { given: inRoom() };
const about = (seq: number): Asked => ({ given: inRoom(() => ({ params: { seq: String(seq) } })) });
const onNobody = (body?: unknown): Asked => ({
  given: inRoom(() => ({ params: { user: newId() }, ...(body !== undefined && { body }) })),
});
/** To two people, since what was done to one cannot be done again. */
const toOneEach = (whom: (asking: Asking) => string, body?: unknown): Asked => ({
  apart: true,
  given: inRoom((asking) => ({ params: { user: whom(asking) }, ...(body !== undefined && { body }) })),
});
const changing = (change: object): Asked => ({ apart: true, given: inRoom(() => ({ body: change })) });
const target = ({ cast, who }: Asking): string =>
  who === 'moderator' ? cast.second.user_id : cast.first.user_id;
const waiter = ({ cast, who }: Asking): string =>
  who === 'moderator' ? cast.patient.user_id : cast.waiting.user_id;
const answering = (answer: string): Asked => ({
  apart: true,
  given: ({ place }) => ({ params: { invitation: place.invitation }, body: { answer } }),
});
const body = (make: (asking: Asking) => unknown): Asked => ({ given: (asking) => ({ body: make(asking) }) });

export const asked: Record<string, Asked> = {
  readRoom: plain,
  readMessages: plain,
  publish: body(({ place }) => ({ room_id: place.id, content: 'Hello' })),
  listMembers: plain,
  markRead: { given: inRoom(() => ({ body: { seq: 2 } })) },
  listPins: plain,
  reportMessage: { given: inRoom(() => ({ body: { seq: 1 } })) },

  listInvitations: plain,
  'invite a person': { given: inRoom(() => ({ body: { user_id: newId() } })) },
  'invite by link': { given: inRoom(() => ({ body: { uses: 1 } })) },
  revokeInvitation: { apart: true, given: inRoom(({ place }) => ({ params: { invitation: place.linkId } })) },
  listJoinRequests: plain,
  'decideJoinRequest admit': toOneEach(waiter, { decision: 'admit' }),
  'decideJoinRequest refuse': toOneEach(waiter, { decision: 'refuse' }),
  removeMember: toOneEach(target),
  listBans: plain,
  putBan: toOneEach(target, { reason: 'A reason' }),
  liftBan: toOneEach(({ cast }) => cast.banned.user_id),
  listMutes: plain,
  putMute: toOneEach(target, {}),
  liftMute: toOneEach(({ cast }) => cast.muted.user_id),
  removeMessage: { apart: true, ...about(2) },
  pinMessage: about(3),
  unpinMessage: about(1),
  listReports: plain,
  decideReport: {
    given: inRoom(({ place }) => ({ params: { report: place.report }, body: { decision: 'dismissed' } })),
  },
  readAudit: plain,
  'changeRoom slow mode': changing({ slow_mode_seconds: 7 }),
  createKey: body(({ place }) => ({ name: 'Another key', rooms: [place.id], calls: ['publish'] })),

  'changeRoom name': { apart: true, given: inRoom(() => ({ body: { name: `Renamed ${newId()}` } })) },
  'changeRoom kind': {
    apart: true,
    given: inRoom(({ place }) => ({ body: { kind: place.kind === 'private' ? 'open' : 'private' } })),
  },
  'changeRoom all': changing({ description: 'Changed', history: 'since_joining', slow_mode_seconds: 7 }),
  'changeMember appoint': toOneEach(target, { role: 'moderator' }),
  'changeMember hand over': toOneEach(target, { role: 'owner' }),
  deleteRoom: { apart: true, ...plain },

  requestToJoin: { apart: true, given: inRoom(() => ({ body: { note: 'Please' } })) },
  withdrawJoinRequest: { apart: true, ...plain },
  'answerInvitation accept': answering('accept'),
  'answerInvitation decline': answering('decline'),
  readLink: { given: ({ place }) => ({ params: { token: place.link } }) },
  enterByLink: { apart: true, given: ({ place }) => ({ params: { token: place.link } }) },

  'event join': { apart: true, ...body(({ place }) => ({ room_id: place.id })) },
  'event leave': { apart: true, ...body(({ place }) => ({ room_id: place.id })) },

  negotiate: {},
  listRooms: {},
  'event list_rooms': {},
  createRoom: body(() => ({ name: `Mine ${newId()}`, kind: 'private' })),
  listMyRooms: {},
  listMyInvitations: {},
  listBlocks: {},
  block: { given: ({ cast }) => ({ params: { user: cast.first.user_id } }) },
  unblock: { given: ({ cast }) => ({ params: { user: cast.first.user_id } }) },
  readMetrics: {},

  readMe: {},
  changeMe: body(() => ({ status: 'Here' })),
  changePassword: { throwaway: true, ...body(() => ({ current: password, password: `${password}!` })) },
  deleteMe: { throwaway: true, ...body(() => ({ password })) },
  listKeys: {},
  revokeKey: { given: () => ({ params: { id: newId() } }) },
  findUsers: { given: () => ({ query: { query: 'Person' } }) },
  readUser: { given: ({ cast }) => ({ params: { user: cast.first.user_id } }) },

  listProviders: {},
  signInAsGuest: { throwaway: true, ...body(() => ({ name: `New ${newId()}` })) },
  register: body(() => ({ ...newcomer(), name: `Also ${newId()}` })),
  signIn: body(({ cast }) => ({ email: cast.member.email, password })),
  signInWithProvider: body(() => ({ provider: 'none', id_token: 'x', nonce: 'x'.repeat(16) })),
  refreshSession: body(() => ({ refresh_token: 'x' })),
  signOut: { throwaway: true, ...body(() => ({})) },
  readHealth: {},
};
