/**
 * The data layer as one: makes the parts, tells each what concerns it, and answers to the screens. What a part does
 * stands in its own file; here stands who is told of what, and in which order after a connection opens.
 */
import { createStore } from 'zustand/vanilla';
import { serverFrame, type ServerFrame } from '../../contract/events.ts';
import type { Session } from '../../contract/identity.ts';
import { createApi, problemFor, problemOf, type Api } from './api.ts';
import { Arrivals } from './arrivals.ts';
import { Conversations } from './conversations.ts';
import { Directory } from './directory.ts';
import { forgetDrafts, readDrafts, writeDraft } from './drafts.ts';
import { surroundings, type Environment } from './environment.ts';
import { Memberships } from './memberships.ts';
import type { ChatClient, ChatState } from './model.ts';
import { Outbox } from './outbox.ts';
import { outboxStore } from './outbox-store.ts';
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

const nobody = (drafts: Record<string, string>): ChatState => ({
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
  drafts,
  members: {},
});

/** Takes up the session that an earlier visit left, if there is one, and connects. */
export function createChatClient({ apiBase, environment: given }: ChatClientOptions): StoppableClient {
  const environment: Environment = { ...surroundings(), ...given };
  const store = createStore<ChatState>(() => nobody(readDrafts(environment.storage)));
  const api: Api = createApi({
    base: apiBase,
    environment,
    token: () => session.current?.token,
    onUnauthenticated: (token) => {
      if (session.refused(token)) store.setState({ ended: problemOf('unauthenticated') });
    },
  });
  const around = { store, api, environment };

  const session = new KeptSession({ environment, api, onChange: take });
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
    onRemoved: (roomId) => memberships.putOut(roomId, 'deleted'),
  });
  const memberships: Memberships = new Memberships(around, {
    requests,
    heard: (roomId) => arrivals.heard(roomId),
    marked: (roomId) => reading.marked(roomId),
    onCreated: (room) => directory.update({ rooms: [room], removed: [] }),
    onOut: (roomId, gone) => {
      conversations.end(roomId, gone);
      if (gone === 'left') return;
      outbox.dropRoom(roomId);
      directory.remove(roomId);
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
      case 'room_joined':
      case 'room_left':
      case 'rooms_list':
      case 'error':
        return requests.answered(frame);
    }
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
    for (const part of [arrivals, conversations, directory, memberships, reading]) part.clear();
    store.setState({ ...nobody(readDrafts(environment.storage)), ended: store.getState().ended });
  }

  return {
    store,
    stop,
    async signIn(name) {
      session.set(await api.signIn(name));
    },
    async signOut() {
      session.set(undefined);
      forgetDrafts(environment.storage);
      store.setState({ drafts: {}, ended: undefined });
      await outbox.clear();
    },
    createRoom: (room) => memberships.create(room),
    async changeRoom(roomId, change) {
      directory.update({ rooms: [await api.changeRoom(roomId, change)], removed: [] });
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
    async loadMembers(roomId) {
      const { members } = store.getState();
      const list = members[roomId]?.list ?? [];
      store.setState({ members: { ...members, [roomId]: { list, loading } } });
      const loaded = await api.listMembers(roomId).then(
        (page) => ({ list: page.items, loading: ready }),
        (failure: unknown) => ({ list, loading: { state: 'error', problem: problemFor(failure) } as const }),
      );
      // Put out of the room meanwhile, or signed out: then nothing is shown of it.
      if (store.getState().members[roomId] === undefined) return;
      store.setState((state) => ({ members: { ...state.members, [roomId]: loaded } }));
    },
    retryNow() {
      socket.retryNow();
      synchronisation.refresh(0);
    },
  };
}
