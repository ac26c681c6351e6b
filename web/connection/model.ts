/**
 * What the page knows, as plain data, and what it can ask for: the border between `connection/` (which keeps
 * it true) and the screens (which show it). No React here.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { Session } from '../../contract/identity.ts';
import type { Message } from '../../contract/messages.ts';
import type { Problem } from '../../contract/problems.ts';
import type { Member, Role, Room } from '../../contract/rooms.ts';

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
}

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
  /** Why it failed. */
  problem?: Problem;
}

/** One gapless window of a room's log, `messages[i].seq === first + i`. Anything older can be loaded. */
export interface Conversation {
  messages: Message[];
  /** Newest number of the room that is known to exist. */
  head: number;
  /** The window reaches back to number 1. */
  complete: boolean;
  loading: Loading;
  loadingOlder: Loading;
  /** Where one stopped reading when the room was opened: the "New" line stands after this number. */
  read_until: number;
  /** Set when the room was deleted while it was open, or the person was put out of it. */
  gone?: 'deleted' | 'left';
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
  /** Guest sign-in; keeps the session for the next visit and connects. */
  signIn(name: string): Promise<void>;
  /** Forgets the session, the outbox and the drafts of this browser. */
  signOut(): Promise<void>;
  createRoom(room: { name: string; description: string }): Promise<Room>;
  changeRoom(roomId: string, change: { name?: string; description?: string }): Promise<void>;
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
