/**
 * A ChatClient without a network: it starts in any state and answers at once, or never, or with a refusal, so that
 * every screen can be seen and tried. Knows nothing of how the real one keeps its state.
 */
import * as z from 'zod/mini';
import { createStore } from 'zustand/vanilla';
import { me as meSchema } from '../../contract/identity.ts';
import { normalizeName } from '../../contract/text.ts';
import type { Message } from '../../contract/messages.ts';
import { problems, type ProblemCode } from '../../contract/problems.ts';
import type { Room } from '../../contract/rooms.ts';
import {
  ProblemFailure,
  type ChatClient,
  type ChatState,
  type Conversation,
} from '../../web/connection/model.ts';

declare global {
  interface Window {
    /** The calls that were made, oldest first. */
    calls?: { method: string; path: string; body: unknown }[];
  }
}

/** `silent` never acknowledges what is sent; a code is what creating, joining or signing in is refused with. */
export interface FakeOptions {
  silent?: boolean;
  refuse?: ProblemCode;
  /** What every `call` that reads is refused with. */
  refuseReads?: ProblemCode;
  /** Older messages that `loadOlder` finds, newest last. */
  older?: Message[];
  /** What `call` is answered with, by method and path: `GET /keys`. Anything else is answered with nothing. */
  answers?: Record<string, unknown>;
}

const contoso = {
  id: 'contoso',
  name: 'Contoso',
  issuer: 'https://id.contoso.example',
  client_id: 'hubbub',
  scope: 'openid profile',
};
const defaultAnswers: Record<string, unknown> = {
  'GET /auth/providers': { guests: true, accounts: true, oidc: [contoso] },
};

export const me = {
  user_id: '0190a000-0000-7000-8000-00000000a11c',
  name: 'Alice Moreno',
  kind: 'guest' as const,
};

export function emptyState(): ChatState {
  return {
    session: { token: 'fake', user: me, expires_at: '2030-01-01T00:00:00Z' },
    status: 'online',
    rooms: {},
    memberships: {},
    membershipsLoading: { state: 'ready' },
    directory: { ids: [], query: '', loading: { state: 'ready' }, complete: true },
    conversations: {},
    outbox: {},
    pending: {},
    drafts: {},
    members: {},
    me: { ...me, avatar: '', status: '' },
    avatars: {},
    blocked: {},
    invitations: [],
    requested: {},
    removals: {},
    pins: {},
  };
}

export function refusal(code: ProblemCode, detail: string = problems[code].title): ProblemFailure {
  return new ProblemFailure({ type: 'about:blank', code, detail, ...problems[code] });
}

export function fakeClient(initial: Partial<ChatState>, options: FakeOptions = {}): ChatClient {
  const store = createStore<ChatState>(() => ({ ...emptyState(), ...initial }));
  const { getState: get, setState: set } = store;
  const older = options.older ?? [];
  const check = (): void => {
    if (options.refuse !== undefined) throw refusal(options.refuse);
  };
  const setRoom = (room: Room): void => set(({ rooms }) => ({ rooms: { ...rooms, [room.id]: room } }));
  const list = (): void => {
    const wanted = normalizeName(get().directory.query);
    const named = Object.values(get().rooms).map((room) => ({ id: room.id, name: normalizeName(room.name) }));
    const found = named.filter(({ name }) => name.startsWith(wanted));
    const ids = found.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ id }) => id);
    set(({ directory }) => ({ directory: { ...directory, ids } }));
  };
  const append = (roomId: string, message: Omit<Message, 'seq'>): void => {
    const conversation = get().conversations[roomId];
    if (conversation === undefined) return;
    const head = conversation.head + 1;
    const messages = [...conversation.messages, { ...message, seq: head }];
    set(({ conversations, memberships }) => ({
      conversations: { ...conversations, [roomId]: { ...conversation, messages, head } },
      memberships: {
        ...memberships,
        [roomId]: { role: 'member', last_read: 0, ...memberships[roomId], head },
      },
    }));
  };

  const change = (roomId: string, part: Partial<Conversation>): void => {
    const known = get().conversations[roomId];
    if (known === undefined) return;
    set(({ conversations }) => ({ conversations: { ...conversations, [roomId]: { ...known, ...part } } }));
  };
  const without = <Value>(record: Record<string, Value>, roomId: string): Record<string, Value> =>
    Object.fromEntries(Object.entries(record).filter(([id]) => id !== roomId));
  /** Each call that was made, so that a test sees what a dialog asks for. */
  const answer = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    window.calls = [...(window.calls ?? []), { method, path, body }];
    if (method !== 'GET') check();
    else if (options.refuseReads !== undefined) throw refusal(options.refuseReads);
    const call = `${method} ${path.replace(/\?.*$/u, '')}`;
    return options.answers?.[call] ?? defaultAnswers[call];
  };

  return {
    store,
    call: {
      read: async (schema, path) => z.parse(schema, await answer('GET', path)),
      page: async (schema, path) => ({ items: z.parse(z.array(schema), (await answer('GET', path)) ?? []) }),
      ask: async (schema, method, path, body) => z.parse(schema, await answer(method, path, body)),
      tell: async (method, path, body) => void (await answer(method, path, body)),
    },
    async signIn(name) {
      check();
      set({ session: { token: 'fake', user: { ...me, name }, expires_at: '2030-01-01T00:00:00Z' } });
    },
    begin(session) {
      set({ session });
    },
    async loadMe() {
      set({ me: z.parse(meSchema, await answer('GET', '/me')) });
    },
    async block(person) {
      check();
      set(({ blocked }) => ({ blocked: { ...blocked, [person.user_id]: person } }));
    },
    async unblock(userId) {
      check();
      set(({ blocked }) => ({ blocked: without(blocked, userId) }));
    },
    async askToJoin(roomId) {
      check();
      set(({ requested }) => ({ requested: { ...requested, [roomId]: true } }));
    },
    async withdraw(roomId) {
      check();
      set(({ requested }) => ({ requested: without(requested, roomId) }));
    },
    async answerInvitation(id) {
      check();
      set(({ invitations }) => ({ invitations: invitations.filter((one) => one.id !== id) }));
    },
    async loadPins() {},
    async signOut() {
      set({ session: undefined, outbox: {}, drafts: {} });
    },
    async createRoom({ name, description, kind = 'open', history = 'all' }) {
      check();
      const room: Room = {
        id: crypto.randomUUID(),
        name,
        description,
        kind,
        history,
        slow_mode_seconds: 0,
        owner: me.user_id,
        created_by: me.user_id,
        created_at: new Date().toISOString(),
        member_count: 1,
        version: 1,
      };
      setRoom(room);
      set(({ memberships }) => ({
        memberships: { ...memberships, [room.id]: { role: 'owner', last_read: 0, head: 0 } },
      }));
      list();
      return room;
    },
    async changeRoom(roomId, changed) {
      check();
      const room = get().rooms[roomId];
      if (room !== undefined) setRoom({ ...room, ...(changed as Partial<Room>), version: room.version + 1 });
    },
    async deleteRoom(roomId) {
      check();
      set(({ rooms, memberships }) => ({
        rooms: without(rooms, roomId),
        memberships: without(memberships, roomId),
      }));
      list();
    },
    async join(roomId) {
      check();
      const room = get().rooms[roomId];
      if (room !== undefined) setRoom({ ...room, member_count: room.member_count + 1 });
      set(({ memberships }) => ({
        memberships: { ...memberships, [roomId]: { role: 'member', last_read: 0, head: 0 } },
      }));
    },
    async leave(roomId) {
      const room = get().rooms[roomId];
      if (room !== undefined) setRoom({ ...room, member_count: Math.max(0, room.member_count - 1) });
      set(({ memberships }) => ({ memberships: without(memberships, roomId) }));
    },
    async findRoom(roomId) {
      const room = get().rooms[roomId];
      if (room === undefined) throw refusal(options.refuse ?? 'room_not_found');
      return room;
    },
    openRoom(roomId) {
      const { head = 0, last_read = 0 } = get().memberships[roomId] ?? {};
      const known = get().conversations[roomId];
      if (known !== undefined) {
        change(roomId, { read_until: last_read });
        return;
      }
      const ready = { state: 'ready' } as const;
      const opened = {
        messages: [],
        head,
        complete: true,
        first: 1,
        edition: 0,
        loading: ready,
        loadingOlder: ready,
        read_until: 0,
      };
      set(({ conversations }) => ({ conversations: { ...conversations, [roomId]: opened } }));
    },
    closeRoom() {},
    async loadOlder(roomId) {
      const conversation = get().conversations[roomId];
      if (conversation === undefined || conversation.complete) return;
      const page = older.splice(-50);
      const messages = [...page, ...conversation.messages];
      change(roomId, { messages, complete: older.length === 0 });
    },
    send(roomId, content) {
      const id = crypto.randomUUID();
      const created_at = new Date().toISOString();
      const waiting = { message_id: id, room_id: roomId, content, created_at, state: 'sending' } as const;
      set(({ outbox }) => ({ outbox: { ...outbox, [roomId]: [...(outbox[roomId] ?? []), waiting] } }));
      if (options.silent !== true) queueMicrotask(() => acknowledge(roomId, id));
    },
    retry(roomId, messageId) {
      acknowledge(roomId, messageId);
    },
    discard(roomId, messageId) {
      set(({ outbox }) => ({
        outbox: { ...outbox, [roomId]: (outbox[roomId] ?? []).filter((one) => one.message_id !== messageId) },
      }));
    },
    setDraft(roomId, text) {
      set(({ drafts }) => ({ drafts: { ...drafts, [roomId]: text } }));
    },
    markRead(roomId, seq) {
      const membership = get().memberships[roomId];
      if (membership === undefined || membership.last_read >= seq) return;
      set(({ memberships }) => ({
        memberships: { ...memberships, [roomId]: { ...membership, last_read: seq } },
      }));
    },
    searchRooms(query) {
      set(({ directory }) => ({ directory: { ...directory, query } }));
      if (get().directory.loading.state === 'ready') list();
    },
    async loadMoreRooms() {},
    async loadMembers() {},
    retryNow() {
      set({ status: 'online' });
    },
  };

  function acknowledge(roomId: string, messageId: string): void {
    const sent = get().outbox[roomId]?.find((one) => one.message_id === messageId);
    const room = get().rooms[roomId];
    if (sent === undefined || room === undefined) return;
    set(({ outbox }) => ({
      outbox: { ...outbox, [roomId]: (outbox[roomId] ?? []).filter((one) => one !== sent) },
    }));
    append(roomId, {
      type: 'message',
      message_id: messageId,
      room_id: roomId,
      room_name: room.name,
      content: sent.content,
      sender: me.user_id,
      sender_name: me.name,
      timestamp: sent.created_at,
    });
  }
}
