/**
 * Which rooms the person is in: loaded page by page, joined and left over the connection, and kept in step with
 * what other devices do. Decides whose frames are listened to.
 */
import { v7 as newId } from 'uuid';
import type { CreateRoomBody, MyRoom, Role, Room } from '../../contract/rooms.ts';
import { isPassing, problemFor } from './http.ts';
import { ProblemFailure, type Gone, type Membership } from './model.ts';
import type { Requests } from './requests.ts';
import { loading, ready, withRooms, without, type Surroundings } from './room-state.ts';
import { pause } from './socket.ts';

export interface MembershipsOptions {
  requests: Requests;
  /** The newest number heard of a room before it was known that one is in it. */
  heard: (roomId: string) => number;
  /** How far one has read here, which the server may not know yet. */
  marked: (roomId: string) => number;
  /** Out of a room, by whatever way. */
  onOut: (roomId: string, gone: Gone) => void;
  /** A room that this browser made. */
  onCreated: (room: Room) => void;
}

const mostAttempts = 4;

export class Memberships {
  readonly #surroundings: Surroundings;
  readonly #options: MembershipsOptions;
  /** Rooms that were joined or left here while a load was under way: the load may know it otherwise. */
  #changed = new Set<string>();
  #load: Promise<void> | undefined;
  /** Rooms that one was put out of: what still arrives from them is not shown. */
  readonly #out = new Set<string>();

  constructor(surroundings: Surroundings, options: MembershipsOptions) {
    this.#surroundings = surroundings;
    this.#options = options;
  }

  isOut(roomId: string): boolean {
    return this.#out.has(roomId);
  }

  /** Loads all pages. Rejects as the API does, after the state says so. */
  load(): Promise<void> {
    this.#load ??= this.#loadAll().finally(() => {
      this.#load = undefined;
    });
    return this.#load;
  }

  async join(roomId: string): Promise<void> {
    const { room, member_count, head } = await this.#pending(roomId, 'joining', () =>
      this.#options.requests.ask('join', { room_id: roomId }),
    );
    this.enter({ ...room, member_count }, { head, last_read: head });
  }

  /** A room that is told to be listed no more may have become a private one, or be gone. */
  async verify(roomId: string): Promise<void> {
    const gone = await this.#howGone(roomId);
    if (gone !== 'left') this.putOut(roomId, gone);
  }

  /** What one is in a room has changed. */
  change(roomId: string, change: Partial<Membership>): void {
    const { store } = this.#surroundings;
    const { memberships } = store.getState();
    const known = memberships[roomId];
    if (known !== undefined) {
      store.setState({ memberships: { ...memberships, [roomId]: { ...known, ...change } } });
    }
  }

  async leave(roomId: string): Promise<void> {
    try {
      const { member_count } = await this.#pending(roomId, 'leaving', () =>
        this.#options.requests.ask('leave', { room_id: roomId }),
      );
      this.putOut(roomId, 'left');
      this.#surroundings.store.setState(({ rooms }) => {
        const room = rooms[roomId];
        return room === undefined ? {} : { rooms: { ...rooms, [roomId]: { ...room, member_count } } };
      });
    } catch (failure) {
      if (codeOf(failure) !== 'room_not_found') throw failure;
      this.putOut(roomId, 'deleted');
    }
  }

  /** With an id of our own, so that it can be repeated after a lost answer. */
  async create(room: CreateRoomBody): Promise<Room> {
    const { api } = this.#surroundings;
    const id = newId();
    const created = await this.#persist(() => api.createRoom({ ...room, id }));
    this.#options.onCreated(created);
    this.enter(created, { head: 0, last_read: 0, role: 'owner' });
    return created;
  }

  async delete(roomId: string): Promise<void> {
    const { api } = this.#surroundings;
    await this.#persist(() => api.deleteRoom(roomId)).catch((failure: unknown) => {
      if (codeOf(failure) !== 'room_not_found') throw failure;
    });
    this.putOut(roomId, 'deleted');
  }

  putOut(roomId: string, gone: Gone): void {
    this.#changed.add(roomId);
    this.#out.add(roomId);
    this.#surroundings.store.setState(({ memberships, members, pins }) => ({
      memberships: without(memberships, roomId),
      members: without(members, roomId),
      pins: without(pins, roomId),
    }));
    this.#options.onOut(roomId, gone);
  }

  /** One is in a room now, by joining, creating it, or being let in. */
  enter(room: Room, { head, last_read, role }: { head: number; last_read: number; role?: Role }): void {
    this.#changed.add(room.id);
    this.#out.delete(room.id);
    const { store } = this.#surroundings;
    const { rooms, memberships, session, requested, removals } = store.getState();
    const known = memberships[room.id];
    const entered: Membership = {
      ...known,
      role: role ?? (room.owner === session?.user.user_id ? 'owner' : 'member'),
      head: Math.max(known?.head ?? 0, head, this.#options.heard(room.id)),
      last_read: known?.last_read ?? last_read,
    };
    store.setState({
      rooms: withRooms(rooms, [room]),
      memberships: { ...memberships, [room.id]: entered },
      requested: without(requested, room.id),
      removals: without(removals, room.id),
    });
  }

  clear(): void {
    this.#changed.clear();
    this.#out.clear();
    this.#load = undefined;
  }

  async #loadAll(): Promise<void> {
    const { store, api } = this.#surroundings;
    this.#changed = new Set();
    if (store.getState().membershipsLoading.state !== 'ready')
      store.setState({ membershipsLoading: loading });
    const listed: MyRoom[] = [];
    const person = store.getState().session?.user.user_id;
    try {
      let next: string | undefined;
      do {
        const page = await api.listMyRooms(next);
        listed.push(...page.items);
        next = page.next;
      } while (next !== undefined);
    } catch (failure) {
      if (store.getState().membershipsLoading.state !== 'ready') {
        store.setState({ membershipsLoading: { state: 'error', problem: problemFor(failure) } });
      }
      throw failure;
    }
    const lost = this.#lostFrom(listed);
    const gone = await Promise.all(lost.map((roomId) => this.#howGone(roomId)));
    if (store.getState().session?.user.user_id !== person) return;
    this.#apply(listed);
    lost.forEach((roomId, index) => this.#lose(roomId, gone[index] ?? 'left'));
  }

  #apply(listed: readonly MyRoom[]): void {
    const { store } = this.#surroundings;
    const known = store.getState();
    const memberships: Record<string, Membership> = {};
    for (const { room, role, last_read, head, edition, muted_until, waiting } of listed) {
      if (this.#changed.has(room.id)) continue;
      this.#out.delete(room.id);
      const before = known.memberships[room.id];
      memberships[room.id] = {
        role,
        muted_until,
        waiting,
        edition: Math.max(before?.edition ?? 0, edition),
        // What stood here may have been a guess; what was read here was not.
        last_read: Math.max(this.#options.marked(room.id), last_read),
        head: Math.max(before?.head ?? 0, head, this.#options.heard(room.id)),
      };
    }
    for (const [roomId, membership] of Object.entries(known.memberships)) memberships[roomId] ??= membership;
    const conversations = { ...known.conversations };
    for (const [roomId, conversation] of Object.entries(conversations)) {
      const head = Math.max(conversation.head, memberships[roomId]?.head ?? 0);
      if (head > conversation.head) conversations[roomId] = { ...conversation, head };
    }
    const rooms = withRooms(
      known.rooms,
      listed.map(({ room }) => room),
    );
    const entered = Object.keys(memberships);
    store.setState({
      rooms,
      memberships,
      conversations,
      membershipsLoading: ready,
      requested: without(known.requested, ...entered),
      removals: without(known.removals, ...entered),
    });
  }

  /** Rooms that one was in and that are listed no more, but for those that changed here meanwhile. */
  #lostFrom(listed: readonly MyRoom[]): string[] {
    const ids = new Set(listed.map(({ room }) => room.id));
    const known = Object.keys(this.#surroundings.store.getState().memberships);
    return known.filter((roomId) => !ids.has(roomId) && !this.#changed.has(roomId));
  }

  /** A private room that one is put out of answers as one that is not there. */
  async #howGone(roomId: string): Promise<Gone> {
    const { api, store } = this.#surroundings;
    const gone = store.getState().rooms[roomId]?.kind === 'private' ? 'removed' : 'deleted';
    return api.readRoom(roomId).then(
      () => 'left',
      (failure: unknown) => (codeOf(failure) === 'room_not_found' ? gone : 'left'),
    );
  }

  #lose(roomId: string, gone: Gone): void {
    if (!this.#changed.has(roomId)) this.putOut(roomId, gone);
  }

  /** Marks the room while its change is under way; the mark goes whatever comes of it. */
  async #pending<Answer>(
    roomId: string,
    mark: 'joining' | 'leaving',
    run: () => Promise<Answer>,
  ): Promise<Answer> {
    const { store } = this.#surroundings;
    store.setState(({ pending }) => ({ pending: { ...pending, [roomId]: mark } }));
    try {
      return await run();
    } finally {
      store.setState(({ pending }) => ({ pending: without(pending, roomId) }));
    }
  }

  async #persist<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    const { environment } = this.#surroundings;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run();
      } catch (failure) {
        if (!isPassing(failure) || attempt === mostAttempts) throw failure;
        const given = failure instanceof ProblemFailure ? failure.retryAfter : undefined;
        const wait = given ?? pause(attempt - 1, environment.random());
        await new Promise<void>((resolve) => environment.after(wait, resolve));
      }
    }
  }
}

function codeOf(failure: unknown): string | undefined {
  return failure instanceof ProblemFailure ? failure.problem.code : undefined;
}
