/**
 * What the page knows, as plain data, and what it can ask for: the border between `connection/` (which keeps
 * it true) and the screens (which show it). No React here.
 */
import type * as z from 'zod/mini';
import type { StoreApi } from 'zustand/vanilla';
import type { Invited } from '../../contract/invitations.ts';
import type { Me, Session } from '../../contract/identity.ts';
import type { Message } from '../../contract/messages.ts';
import type { Problem } from '../../contract/problems.ts';
import type { ChangeRoomBody, CreateRoomBody, Member, Role, Room } from '../../contract/rooms.ts';

/**
 * `connecting`: first connection under way. `online`: open and caught up. `catching_up`: open again, missed
 * messages under way. `reconnecting`: lost, trying. `offline`: the browser says there is no network.
 */
export type ConnectionStatus = 'connecting' | 'online' | 'catching_up' | 'reconnecting' | 'offline';

/** Something that loads: what is there stays shown while it does, and an error says what to do. */
export type Loading = { state: 'idle' | 'loading' | 'ready' } | { state: 'error'; problem: Problem };

/** A room that the person is a member of. Unread is `head - last_read`, never below 0. */
export interface Membership {
  role: Role;
  last_read: number;
  head: number;
  /** How often messages of the room were removed: where a window is of an older one, it is read again. */
  edition?: number;
  /** Until then one reads and does not write. */
  muted_until?: string | undefined;
  /** For those who decide: how many requests to join and reports wait for it. */
  waiting?: { join_requests: number; reports: number } | undefined;
}

/** Somebody whose messages are folded away, under their name of when that was decided. */
export interface Blocked {
  user_id: string;
  name: string;
}

/** How one was put out of a room, in the words of whoever did it. */
export interface Removal {
  room_name: string;
  banned: boolean;
  reason: string;
  /** Of a ban; absent where it has no end. */
  until?: string | undefined;
}

/** Something that happened to oneself and is said once, wherever one is looking. */
export type News =
  | { kind: 'admitted' | 'refused' | 'invited'; room_id: string; room_name: string }
  | { kind: 'removed'; room_id: string; room_name: string; banned: boolean }
  | { kind: 'standing'; room_id: string; room_name: string; role: Role; before: Role }
  | { kind: 'muted'; room_id: string; room_name: string; until: string | undefined };

/** The rooms of the list, in the order of the server, as far as they are loaded. */
export interface Directory {
  /** Ids in `rooms`, ascending by normalised name; without those that only `memberships` has. */
  ids: string[];
  /** What the list was filtered by; '' is everything. */
  query: string;
  loading: Loading;
  /** False while there are further pages. */
  complete: boolean;
}

/** A message that is not acknowledged yet. */
export interface OutgoingMessage {
  message_id: string;
  room_id: string;
  content: string;
  /** ISO 8601, by the browser's clock. */
  created_at: string;
  state: 'sending' | 'failed';
  /** Why it failed, or what it waits for. */
  problem?: Problem;
}

/** How one is out of a room. */
export type Gone = 'deleted' | 'left' | 'removed';

/** One gapless window of a room's log, `messages[i].seq === first + i`. Anything older can be loaded. */
export interface Conversation {
  messages: Message[];
  /** Newest number of the room that is known to exist. */
  head: number;
  /** The window reaches back to the first message that one may read. */
  complete: boolean;
  /** The number of that message: above 1 where a room's history begins with one's joining. */
  first: number;
  /** The edition of the log that the window was read of. */
  edition: number;
  loading: Loading;
  loadingOlder: Loading;
  /** Where one stopped reading when the room was opened: the "New" line stands after this number. */
  read_until: number;
  /** Set when the room was deleted while it was open, or one left it or was put out of it. */
  gone?: Gone;
}

export interface ChatState {
  session: Session | undefined;
  /** Why somebody who did not sign out is signed out: the session was refused. */
  ended?: Problem | undefined;
  status: ConnectionStatus;
  /** When the next attempt to reconnect is made (epoch ms), for the banner. */
  retry_at?: number | undefined;
  rooms: Record<string, Room>;
  memberships: Record<string, Membership>;
  /** `ready` once the person's own rooms are known. */
  membershipsLoading: Loading;
  directory: Directory;
  conversations: Record<string, Conversation>;
  /** By room, oldest first. */
  outbox: Record<string, OutgoingMessage[]>;
  /** Joins and leaves under way, by room. */
  pending: Record<string, 'joining' | 'leaving'>;
  /** By room; kept over reloads. */
  drafts: Record<string, string>;
  members: Record<string, { list: Member[]; loading: Loading }>;
  /** What others see of oneself, and how one signs in; absent until it is known. */
  me?: Me | undefined;
  /** Emoji that people chose for themselves, as far as they were met, by user id. */
  avatars: Record<string, string>;
  /** People whose messages are folded away, by user id. */
  blocked: Record<string, Blocked>;
  /** To oneself, and open. */
  invitations: Invited[];
  /** Rooms that one has asked to be let into, from this browser. */
  requested: Record<string, true>;
  /** Rooms that one was put out of, until one is in them again. */
  removals: Record<string, Removal>;
  /** Pinned messages of rooms that were opened, the newest message first. */
  pins: Record<string, Message[]>;
  /** The latest; another object for each. */
  news?: News | undefined;
}

/** A page of a list; `next` is the address of the following one. */
export interface Page<Item> {
  items: Item[];
  next?: string;
}

/**
 * Calls of the REST API of which the page keeps no state: what they answer is shown where it was asked for. Paths are
 * below `/api`. They reject as everything here does.
 */
export interface Call {
  read: <S extends z.ZodMiniType>(schema: S, path: string) => Promise<z.output<S>>;
  page: <S extends z.ZodMiniType>(schema: S, path: string) => Promise<Page<z.output<S>>>;
  ask: <S extends z.ZodMiniType>(
    schema: S,
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    body?: unknown,
  ) => Promise<z.output<S>>;
  /** For answers without content, or of no interest. */
  tell: (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<void>;
}

/** Refusals reject with a `ProblemFailure`. */
export class ProblemFailure extends Error {
  readonly problem: Problem;
  /** Milliseconds to wait before the same is tried again, where the server said so. */
  readonly retryAfter: number | undefined;
  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** Everything a screen can ask for. */
export interface ChatClient {
  readonly store: StoreApi<ChatState>;
  readonly call: Call;
  /** Guest sign-in; keeps the session for the next visit and connects. */
  signIn(name: string): Promise<void>;
  /** Takes up a session that some other way of signing in has answered. */
  begin(session: Session): void;
  /** Forgets the session, the outbox and the drafts of this browser; `everywhere` ends one's other sessions, too. */
  signOut(options?: { everywhere?: boolean }): Promise<void>;
  /** Reads again what others see of oneself, after it was changed. */
  loadMe(): Promise<void>;
  block(person: Blocked): Promise<void>;
  unblock(userId: string): Promise<void>;
  createRoom(room: CreateRoomBody): Promise<Room>;
  changeRoom(roomId: string, change: ChangeRoomBody): Promise<void>;
  /** Asks the moderators of a room to be let in. */
  askToJoin(roomId: string, note: string): Promise<void>;
  withdraw(roomId: string): Promise<void>;
  answerInvitation(id: string, answer: 'accept' | 'decline'): Promise<void>;
  loadPins(roomId: string): Promise<void>;
  deleteRoom(roomId: string): Promise<void>;
  join(roomId: string): Promise<void>;
  leave(roomId: string): Promise<void>;
  /** Makes a room known by its id, for a link; rejects with `room_not_found`. */
  findRoom(roomId: string): Promise<Room>;
  /** Which room is on the screen: it is loaded, caught up and kept. */
  openRoom(roomId: string): void;
  closeRoom(): void;
  loadOlder(roomId: string): Promise<void>;
  /** Shows at once, sends when it can. */
  send(roomId: string, content: string): void;
  retry(roomId: string, messageId: string): void;
  discard(roomId: string, messageId: string): void;
  setDraft(roomId: string, text: string): void;
  /** Everything up to this number is read; only ever rises. */
  markRead(roomId: string, seq: number): void;
  searchRooms(query: string): void;
  /** The next page of the list. */
  loadMoreRooms(): Promise<void>;
  loadMembers(roomId: string): Promise<void>;
  /** Connects now instead of at `retry_at`. */
  retryNow(): void;
}
