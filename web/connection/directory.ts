/**
 * The list of rooms in the state: paged in as one scrolls, searched by prefix, changed by what the service tells,
 * loaded anew after an absence. A room that was taken from it stays away, whatever an older answer says.
 */
import type { RoomsUpdated } from '../../contract/events.ts';
import type { Room } from '../../contract/rooms.ts';
import { problemFor } from './http.ts';
import type { Loading, Page } from './model.ts';
import { dropIds, rearrange, unloadedList, type RoomList } from './room-list.ts';
import { loading, ready, withRooms, without, type Surroundings } from './room-state.ts';

export interface DirectoryOptions {
  /** A room that the person is in was taken from the list: deleted, or a private one now. */
  onUnlisted: (roomId: string) => void;
  isMember: (roomId: string) => boolean;
}

/** Typing goes on: the search waits for this long. */
const typing = 150;
/** Pages that are loaded anew after an absence; what lies beyond is loaded again as one scrolls. */
const mostReloaded = 5;
/** An answer can be older than what was told before it: the service keeps the list for seconds. */
const staleness = 15_000;

export class Directory {
  readonly #surroundings: Surroundings;
  readonly #options: DirectoryOptions;
  /** When rooms were taken from the list. */
  readonly #removed = new Map<string, number>();
  /** When each room was last told of. */
  readonly #told = new Map<string, number>();
  #all = unloadedList('');
  #found: RoomList | undefined;
  #wanted = '';
  #cancelTyping: () => void = () => undefined;
  #more: Promise<void> | undefined;
  /** Another person's list begins anew; what is on its way for the one before comes to nothing. */
  #person = 0;

  constructor(surroundings: Surroundings, options: DirectoryOptions) {
    this.#surroundings = surroundings;
    this.#options = options;
  }

  /** Loads again as much as was loaded. Rejects as the API does, after the state says so. */
  async reload(): Promise<void> {
    await this.#load(this.#wanted, this.#list.ids.length);
    if (this.#wanted !== '' && this.#all.ids.length > 0)
      this.#all = await this.#fetch('', this.#all.ids.length);
  }

  search(query: string): void {
    const { state } = this.#surroundings.store.getState().directory.loading;
    if (query === this.#wanted) {
      // The same words again are another try.
      if (state === 'error') this.#loadQuietly(this.#list.ids.length);
      return;
    }
    this.#wanted = query;
    this.#cancelTyping();
    if (query === '') {
      this.#found = undefined;
      if (this.#all.ids.length > 0) this.#show(ready);
      else this.#loadQuietly();
      return;
    }
    this.#say(loading);
    this.#cancelTyping = this.#surroundings.environment.after(typing, () => this.#loadQuietly());
  }

  /** Never rejects: the state says what went wrong. */
  loadMore(): Promise<void> {
    this.#more ??= this.#loadNext().finally(() => {
      this.#more = undefined;
    });
    return this.#more;
  }

  update({ rooms, removed }: Pick<RoomsUpdated, 'rooms' | 'removed'>): void {
    const { store, environment } = this.#surroundings;
    for (const id of removed) {
      if (this.#options.isMember(id)) this.#options.onUnlisted(id);
      this.remove(id, this.#options.isMember(id));
    }
    const before = store.getState().rooms;
    const changed = rooms.filter((room) => this.#isThere(room));
    const after = withRooms(before, changed);
    for (const { id } of changed) this.#told.set(id, environment.now());
    if (after !== before) store.setState({ rooms: after });
    this.#all = rearrange(this.#all, changed, [before, after]);
    this.#found &&= rearrange(this.#found, changed, [before, after]);
    this.#show();
  }

  /** @param keep leaves the room known: its members have it, listed or not. */
  remove(roomId: string, keep = false): void {
    const { store, environment } = this.#surroundings;
    this.#removed.set(roomId, environment.now());
    const gone = new Set([roomId]);
    this.#all = { ...this.#all, ids: dropIds(this.#all.ids, gone) };
    this.#found &&= { ...this.#found, ids: dropIds(this.#found.ids, gone) };
    if (!keep) store.setState(({ rooms }) => ({ rooms: without(rooms, roomId) }));
    this.#show();
  }

  /** A room that only its members hear of: known, and not in the list. */
  learn(room: Room): void {
    this.#surroundings.store.setState(({ rooms }) => ({ rooms: withRooms(rooms, [room]) }));
  }

  /** Makes a room known that was looked up by its id. */
  know(room: Room): void {
    if (room.kind === 'private') this.learn(room);
    else this.update({ rooms: [room], removed: [] });
  }

  clear(): void {
    this.#person += 1;
    this.#cancelTyping();
    this.#removed.clear();
    this.#told.clear();
    this.#all = unloadedList('');
    this.#found = undefined;
    this.#wanted = '';
  }

  /** The list on the screen. */
  get #list(): RoomList {
    return this.#found ?? this.#all;
  }

  #loadQuietly(atLeast = 0): void {
    this.#load(this.#wanted, atLeast).catch(() => undefined);
  }

  async #load(query: string, atLeast: number): Promise<void> {
    const person = this.#person;
    this.#say(loading);
    try {
      const list = await this.#fetch(query, atLeast);
      if (query !== this.#wanted || person !== this.#person) return;
      if (query === '') this.#all = list;
      else this.#found = list;
      this.#show(ready);
    } catch (failure) {
      if (query === this.#wanted && person === this.#person)
        this.#say({ state: 'error', problem: problemFor(failure) });
      throw failure;
    }
  }

  async #fetch(query: string, atLeast: number): Promise<RoomList> {
    let list: RoomList = unloadedList(query);
    for (let pages = 0; pages === 0 || (pages < mostReloaded && list.ids.length < atLeast); pages += 1) {
      list = this.#append(list, await this.#surroundings.api.listRooms(query, list.next));
      if (list.complete) break;
    }
    return list;
  }

  async #loadNext(): Promise<void> {
    const list = this.#list;
    if (list.complete || list.next === undefined) return;
    this.#say(loading);
    try {
      const page = await this.#surroundings.api.listRooms(list.query, list.next);
      // Rooms may have moved meanwhile, but if it was loaded anew the page belongs to nothing.
      if (this.#list !== list && (this.#list.next !== list.next || this.#list.query !== list.query)) return;
      const longer = this.#append(this.#list, page);
      if (this.#found === undefined) this.#all = longer;
      else this.#found = longer;
      this.#show(ready);
    } catch (failure) {
      this.#say({ state: 'error', problem: problemFor(failure) });
    }
  }

  #append(list: RoomList, { items, next }: Page<Room>): RoomList {
    const { store, environment } = this.#surroundings;
    const page = items.filter((room) => this.#isThere(room));
    const rooms = withRooms(store.getState().rooms, page);
    store.setState({ rooms });
    const known = new Set(list.ids);
    const ids = [...list.ids, ...page.map(({ id }) => id).filter((id) => !known.has(id))];
    const longer: RoomList = { ...list, ids, next, complete: next === undefined };
    const now = environment.now();
    const told: Room[] = [];
    for (const [id, at] of this.#told) {
      const room = rooms[id];
      if (now - at > staleness) this.#told.delete(id);
      else if (room !== undefined) told.push(room);
    }
    // The answer may be from before these were told of: they take their places again.
    return rearrange(longer, told, [{}, rooms]);
  }

  /**
   * Not what is left of a room that was taken from the list a moment ago. It may come back later: a private room can
   * become an open one. Those who are in it know that it is there.
   */
  #isThere({ id }: Room): boolean {
    const at = this.#removed.get(id);
    if (at === undefined) return true;
    const isBack = this.#options.isMember(id) || this.#surroundings.environment.now() - at > staleness;
    if (isBack) this.#removed.delete(id);
    return isBack;
  }

  #show(state: Loading = this.#surroundings.store.getState().directory.loading): void {
    const { ids, query, complete } = this.#list;
    const shown = this.#surroundings.store.getState().directory;
    if (shown.ids === ids && shown.query === query && shown.loading === state) return;
    this.#surroundings.store.setState(({ directory }) => ({
      directory: { ...directory, ids, query, complete, loading: state },
    }));
  }

  #say(state: Loading): void {
    this.#surroundings.store.setState(({ directory }) => ({ directory: { ...directory, loading: state } }));
  }
}
