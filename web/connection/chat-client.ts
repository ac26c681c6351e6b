/**
 * The data layer as one: makes the parts, tells each what concerns it, and answers to the screens. What a part does
 * stands in its own file; here stands who is told of what, and in which order after a connection opens.
 */
import { createStore } from 'zustand/vanilla';
import { serverFrame, type ServerFrame } from '../../contract/events.ts';
import type { Session } from '../../contract/identity.ts';
import { createApi, type Api } from './api.ts';
import { Arrivals } from './arrivals.ts';
import { Conversations } from './conversations.ts';
import { Directory } from './directory.ts';
import { forgetDrafts, readDrafts, writeDraft } from './drafts.ts';
import { surroundings, type Environment } from './environment.ts';
import { callsOver, createHttp, problemFor } from './http.ts';
import { Memberships } from './memberships.ts';
import type { ChatClient, ChatState } from './model.ts';
import { Outbox } from './outbox.ts';
import { outboxStore } from './outbox-store.ts';
import { forgetRequested, People, readRequested } from './people.ts';
import { Reading } from './reading.ts';
import { Requests } from './requests.ts';
import { idle, loading, ready } from './room-state.ts';
import { KeptSession } from './session.ts';
import { Socket } from './socket.ts';
import { Synchronisation } from './synchronisation.ts';

export interface ChatClientOptions {
  /** Without a slash at its end. */
  apiBase: string;
  /** Where absent, the page's own, or Node's. */
  environment?: Partial<Environment>;
}

/** A client that stops when nobody needs it any more: a page never does that, headless tests do. */
export interface StoppableClient extends ChatClient {
  stop(): void;
}

const nobody = (storage: Environment['storage']): ChatState => ({
  session: undefined,
  ended: undefined,
  status: 'connecting',
  retry_at: undefined,
  rooms: {},
  memberships: {},
  membershipsLoading: idle,
  directory: { ids: [], query: '', loading: idle, complete: false },
  conversations: {},
  outbox: {},
  pending: {},
  drafts: readDrafts(storage),
  members: {},
  me: undefined,
  avatars: {},
  blocked: {},
  invitations: [],
  requested: readRequested(storage),
  removals: {},
  pins: {},
  news: undefined,
});

type Frame<Type extends ServerFrame['type']> = Extract<ServerFrame, { type: Type }>;

/** Takes up the session that an earlier visit left, if there is one, and connects. */
export function createChatClient({ apiBase, environment: given }: ChatClientOptions): StoppableClient {
  const environment: Environment = { ...surroundings(), ...given };
  const store = createStore<ChatState>(() => nobody(environment.storage));
  const http = createHttp({
    base: apiBase,
    environment,
    token: () => session.token(),
    onUnauthenticated: (token) => session.refused(token),
  });
  const api: Api = createApi(http);
  const around = { store, api, environment };

  const session: KeptSession = new KeptSession({
    environment,
    api,
    onChange: take,
    onEnded: (ended) => store.setState({ ended }),
  });
  const people = new People(around);
  const reading = new Reading(around);
  const kept = outboxStore(environment.indexedDB);
  const outbox = new Outbox(around, { kept, onAcknowledged: (message) => arrivals.add([message], true) });
  const arrivals: Arrivals = new Arrivals(around, {
    onStranger: (roomId) => {
      // Joined in another tab or on another device, which only the list of one's rooms tells.
      if (!memberships.isOut(roomId)) synchronisation.refresh(1_000);
    },
    onHole: (roomId) => conversations.onHole(roomId),
    onSent: (messageIds) => outbox.settled(messageIds),
    onOwn: (roomId) => reading.tell(roomId),
  });
  const conversations = new Conversations(around, arrivals);
  const requests = new Requests({ environment, send: (event, data) => socket.send(event, data) });
  const directory: Directory = new Directory(around, {
    isMember: (roomId) => store.getState().memberships[roomId] !== undefined,
    onUnlisted: (roomId) => void memberships.verify(roomId),
  });
  const memberships: Memberships = new Memberships(around, {
    requests,
    heard: (roomId) => arrivals.heard(roomId),
    marked: (roomId) => reading.marked(roomId),
    onCreated: (room) => directory.know(room),
    onOut: (roomId, gone) => {
      conversations.end(roomId, gone);
      if (gone !== 'left') outbox.dropRoom(roomId);
      const unlisted = store.getState().rooms[roomId]?.kind === 'private';
      if (gone === 'deleted' || unlisted) directory.remove(roomId);
    },
  });
  const socket: Socket = new Socket({
    environment,
    negotiate: () => api.negotiate(),
    onFrame: (data) => {
      const frame = serverFrame.safeParse(data);
      // What does not parse is of a version that is not ours yet.
      if (frame.success) takeFrame(frame.data);
    },
    onOpen: (fresh) => synchronisation.opened(fresh),
    onLost: (retryAt) => synchronisation.lost(retryAt),
  });
  const synchronisation: Synchronisation = new Synchronisation(around, {
    requests,
    directory,
    memberships,
    conversations,
    outbox,
    people,
    isOpen: () => socket.isOpen,
  });
  if (session.current !== undefined) take(session.current);

  function takeFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'message':
        return arrivals.add([frame]);
      case 'messages':
        return arrivals.add(frame.messages);
      case 'rooms_updated':
        return directory.update(frame);
      case 'room_deleted':
        return memberships.putOut(frame.room_id, 'deleted');
      case 'room_changed':
        return directory.learn(frame.room);
      case 'message_removed':
        return conversations.remove(frame.room_id, frame.seq, frame.edition);
      case 'pins_changed':
        if (store.getState().pins[frame.room_id] !== undefined) void loadPins(frame.room_id);
        return undefined;
      case 'you_joined':
        return youJoined(frame);
      case 'you_were_removed':
        if (store.getState().memberships[frame.room_id] !== undefined) people.putOut(frame.room_id, frame);
        people.answered(frame.room_id);
        return memberships.putOut(frame.room_id, 'removed');
      case 'your_standing':
        return yourStanding(frame);
      case 'you_are_invited':
        return people.invited(frame.invitation);
      case 'invitation_ended':
        return people.ended(frame.id);
      case 'request_refused':
        return requestRefused(frame);
      case 'waiting': {
        const { join_requests, reports } = frame;
        return memberships.change(frame.room_id, { waiting: { join_requests, reports } });
      }
      case 'room_joined':
      case 'room_left':
      case 'rooms_list':
      case 'error':
        return requests.answered(frame);
    }
  }

  function youJoined({ room, role, head }: Frame<'you_joined'>): void {
    const { requested, memberships: known } = store.getState();
    directory.know(room);
    memberships.enter(room, { role, head, last_read: head });
    if (known[room.id] !== undefined) return;
    people.answered(room.id);
    if (requested[room.id] === undefined) return;
    store.setState({ news: { kind: 'admitted', room_id: room.id, room_name: room.name } });
  }

  function requestRefused({ room_id, room_name }: Frame<'request_refused'>): void {
    if (store.getState().requested[room_id] === undefined) return;
    people.answered(room_id);
    store.setState({ news: { kind: 'refused', room_id, room_name } });
  }

  function yourStanding({ room_id, role, muted_until }: Frame<'your_standing'>): void {
    const { rooms, memberships: known, members } = store.getState();
    const before = known[room_id];
    if (before === undefined) return;
    memberships.change(room_id, { role, muted_until, ...(role === 'member' && { waiting: undefined }) });
    const room = { room_id, room_name: rooms[room_id]?.name ?? '' };
    if (before.role !== role)
      store.setState({ news: { kind: 'standing', ...room, role, before: before.role } });
    else if (before.muted_until !== muted_until)
      store.setState({ news: { kind: 'muted', ...room, until: muted_until } });
    if (members[room_id] !== undefined) void loadMembers(room_id);
    // A moderator hears how many wait from the list of rooms, and from then on as it changes.
    if (before.role === 'member' && role !== 'member') synchronisation.refresh(1_000);
  }

  async function loadMembers(roomId: string): Promise<void> {
    const { members } = store.getState();
    const list = members[roomId]?.list ?? [];
    store.setState({ members: { ...members, [roomId]: { list, loading } } });
    const loaded = await api.listMembers(roomId).then(
      (page) => ({ list: page.items, loading: ready }),
      (failure: unknown) => ({ list, loading: { state: 'error', problem: problemFor(failure) } as const }),
    );
    // Put out of the room meanwhile, or signed out: then nothing is shown of it.
    if (store.getState().members[roomId] === undefined) return;
    people.meet(loaded.list);
    store.setState((state) => ({ members: { ...state.members, [roomId]: loaded } }));
  }

  /** Never rejects: without them a room is read all the same. */
  async function loadPins(roomId: string): Promise<void> {
    const pins = await api.listPins(roomId).catch(() => undefined);
    if (pins === undefined || store.getState().memberships[roomId] === undefined) return;
    store.setState((state) => ({ pins: { ...state.pins, [roomId]: pins.toReversed() } }));
  }

  /** The person is another one now, or the same with a new token, or nobody. */
  function take(current: Session | undefined): void {
    const before = store.getState().session?.user.user_id;
    if (current !== undefined && current.user.user_id === before) {
      store.setState({ session: current });
      return;
    }
    stop();
    if (current === undefined) return;
    store.setState({ session: current, ended: undefined });
    void outbox.restore(current.user.user_id);
    socket.start();
  }

  function stop(): void {
    socket.stop();
    synchronisation.stop();
    requests.drop();
    outbox.stop();
    for (const part of [arrivals, conversations, directory, memberships, people, reading]) part.clear();
    store.setState({ ...nobody(environment.storage), ended: store.getState().ended });
  }

  return {
    store,
    stop,
    async signIn(name) {
      session.set(await api.signIn(name));
    },
    call: callsOver(http),
    begin: (begun) => session.set(begun),
    async signOut({ everywhere = false } = {}) {
      const { refresh_token } = session.current ?? {};
      if (everywhere) await api.signOut(refresh_token, true);
      // The way out is open also without a network; the session then ends by itself.
      else if (refresh_token !== undefined) void api.signOut(refresh_token, false).catch(() => undefined);
      session.set(undefined);
      forgetDrafts(environment.storage);
      forgetRequested(environment.storage);
      store.setState({ drafts: {}, requested: {}, ended: undefined });
      await outbox.clear();
    },
    loadMe: () => people.loadMe(),
    block: (person) => people.block(person),
    unblock: (userId) => people.unblock(userId),
    askToJoin: (roomId, note) => people.askToJoin(roomId, note),
    withdraw: (roomId) => people.withdraw(roomId),
    async answerInvitation(id, answer) {
      await people.answer(id, answer);
      // One is told over the connection, too; without one this is how it shows.
      if (answer === 'accept') synchronisation.refresh(0);
    },
    loadPins,
    createRoom: (room) => memberships.create(room),
    async changeRoom(roomId, change) {
      const changed = await api.changeRoom(roomId, change);
      if (changed.kind === 'private') directory.remove(roomId, true);
      directory.know(changed);
    },
    deleteRoom: (roomId) => memberships.delete(roomId),
    join: (roomId) => memberships.join(roomId),
    leave: (roomId) => memberships.leave(roomId),
    async findRoom(roomId) {
      const room = await api.readRoom(roomId);
      directory.know(room);
      return store.getState().rooms[roomId] ?? room;
    },
    openRoom: (roomId) => conversations.open(roomId),
    closeRoom: () => conversations.close(),
    loadOlder: (roomId) => conversations.loadOlder(roomId),
    send: (roomId, content) => outbox.send(roomId, content),
    retry: (roomId, messageId) => outbox.retry(roomId, messageId),
    discard: (roomId, messageId) => outbox.discard(roomId, messageId),
    setDraft(roomId, text) {
      store.setState(({ drafts }) => ({ drafts: { ...drafts, [roomId]: text } }));
      writeDraft(environment.storage, roomId, text);
    },
    markRead: (roomId, seq) => reading.mark(roomId, seq),
    searchRooms: (query) => directory.search(query),
    loadMoreRooms: () => directory.loadMore(),
    loadMembers,
    retryNow() {
      socket.retryNow();
      synchronisation.refresh(0);
    },
  };
}
