/** What is sent for each row of the table. */
import { newId } from '../../functions/platform/ids.ts';
import { newcomer, password } from '../functions/identity/service.ts';
import type { Cast, Place, RoomName } from './cast.ts';
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
  /** The room that it is done in, with others that stand no row in each other's way; `shared` where it is absent. */
  room?: RoomName;
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
/** On somebody in the room, in a room where that may be. */
const on = (whom: (asking: Asking) => string, room: RoomName, body?: unknown): Asked => ({
  room,
  given: inRoom((asking) => ({ params: { user: whom(asking) }, ...(body !== undefined && { body }) })),
});
const changing = (change: object): Asked => ({ room: 'changed', given: inRoom(() => ({ body: change })) });
/** Two people, since what was done to one cannot be done again. */
const target = ({ cast, who }: Asking): string =>
  who === 'moderator' ? cast.second.user_id : cast.first.user_id;
const waiter = ({ cast, who }: Asking): string =>
  who === 'moderator' ? cast.patient.user_id : cast.waiting.user_id;
const answering = (answer: string, room: RoomName): Asked => ({
  room,
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
  revokeInvitation: {
    room: 'admitted',
    given: inRoom(({ place }) => ({ params: { invitation: place.otherLinkId } })),
  },
  listJoinRequests: plain,
  decideJoinRequest: on(waiter, 'admitted', { decision: 'admit' }),
  removeMember: on(target, 'changed'),
  listBans: plain,
  putBan: on(target, 'changed', { reason: 'A reason' }),
  liftBan: on(({ cast }) => cast.muted.user_id, 'changed'),
  listMutes: plain,
  putMute: on(target, 'handed over', {}),
  liftMute: on(({ cast }) => cast.muted.user_id, 'changed'),
  removeMessage: { room: 'changed', ...about(2) },
  pinMessage: about(3),
  unpinMessage: about(1),
  listReports: plain,
  decideReport: {
    given: inRoom(({ place }) => ({ params: { report: place.report }, body: { decision: 'dismissed' } })),
  },
  readAudit: plain,
  'changeRoom slow mode': changing({ slow_mode_seconds: 7 }),
  createKey: body(({ place }) => ({ name: 'Another key', rooms: [place.id], calls: ['publish'] })),

  'changeRoom name': { room: 'changed', given: inRoom(() => ({ body: { name: `Renamed ${newId()}` } })) },
  'changeRoom kind': {
    room: 'turned',
    given: inRoom(({ place }) => ({ body: { kind: place.kind === 'private' ? 'open' : 'private' } })),
  },
  'changeRoom all': changing({ description: 'Changed', history: 'since_joining', slow_mode_seconds: 7 }),
  'changeMember appoint': on(target, 'handed over', { role: 'moderator' }),
  'changeMember hand over': on(target, 'handed over', { role: 'owner' }),
  deleteRoom: { room: 'changed', ...plain },

  requestToJoin: { room: 'asked', given: inRoom(() => ({ body: { note: 'Please' } })) },
  withdrawJoinRequest: { room: 'asked', ...plain },
  'answerInvitation accept': answering('accept', 'admitted'),
  // Where who made it has neither left nor handed over.
  'answerInvitation decline': answering('decline', 'turned'),
  readLink: { given: ({ place }) => ({ params: { token: place.link } }) },
  enterByLink: { room: 'asked', given: ({ place }) => ({ params: { token: place.link } }) },

  'event join': { room: 'asked', ...body(({ place }) => ({ room_id: place.id })) },
  'event leave': { room: 'left', ...body(({ place }) => ({ room_id: place.id })) },

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
  revokeKey: { given: ({ cast }) => ({ params: { id: cast.spareKeyId } }) },
  findUsers: { given: () => ({ query: { query: 'Person' } }) },
  readUser: { given: ({ cast }) => ({ params: { user: cast.member.user_id } }) },

  listProviders: {},
  signInAsGuest: { throwaway: true, ...body(() => ({ name: `New ${newId()}` })) },
  register: body(() => ({ ...newcomer(), name: `Also ${newId()}` })),
  signIn: body(({ cast }) => ({ email: cast.member.email, password })),
  signInWithProvider: body(() => ({ provider: 'none', id_token: 'x', nonce: 'x'.repeat(16) })),
  refreshSession: body(() => ({ refresh_token: 'x' })),
  signOut: { throwaway: true, ...body(() => ({})) },
  readHealth: {},
};
