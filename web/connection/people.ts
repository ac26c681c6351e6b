/**
 * What concerns oneself and other people, beside the rooms one is in: one's own profile, whose messages are folded
 * away, who has invited one where, and where one has asked to be let in.
 */
import * as z from 'zod/mini';
import type { Invited } from '../../contract/invitations.ts';
import type { Member } from '../../contract/rooms.ts';
import type { Environment } from './environment.ts';
import type { Blocked, Removal } from './model.ts';
import { without, type Surroundings } from './room-state.ts';

const key = 'hubbub.requested';
const schema = z.record(z.string(), z.literal(true));

export class People {
  readonly #surroundings: Surroundings;
  /** Whose profile and blocks are here: they change by this page alone, and are read once. */
  #known: string | undefined;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** After each connection that was not a recovered one. Never rejects: the page works without. */
  async load(): Promise<void> {
    const { store, api } = this.#surroundings;
    const person = store.getState().session?.user.user_id;
    const isStill = (): boolean => person !== undefined && store.getState().session?.user.user_id === person;
    const invited = api
      .listMyInvitations()
      .then((invitations) => isStill() && store.setState({ invitations }));
    const others = this.#known === person ? [] : [this.loadMe(), this.#loadBlocks(isStill)];
    const outcomes = await Promise.allSettled([invited, ...others]);
    if (outcomes.every(({ status }) => status === 'fulfilled') && isStill()) this.#known = person;
  }

  async loadMe(): Promise<void> {
    const { store, api } = this.#surroundings;
    const me = await api.me();
    const { session } = store.getState();
    if (session?.user.user_id !== me.user_id) return;
    store.setState({ me });
    this.meet([me]);
  }

  /** What people look like, from whichever list names them. */
  meet(people: readonly Pick<Member, 'user_id' | 'avatar'>[]): void {
    const { store } = this.#surroundings;
    const { avatars } = store.getState();
    const changed = people.filter(({ user_id, avatar }) => (avatars[user_id] ?? '') !== avatar);
    if (changed.length === 0) return;
    const met = Object.fromEntries(changed.map(({ user_id, avatar }) => [user_id, avatar]));
    store.setState({ avatars: { ...avatars, ...met } });
  }

  async block(person: Blocked): Promise<void> {
    await this.#surroundings.api.block(person.user_id);
    this.#surroundings.store.setState(({ blocked }) => ({
      blocked: { ...blocked, [person.user_id]: person },
    }));
  }

  async unblock(userId: string): Promise<void> {
    await this.#surroundings.api.unblock(userId);
    this.#surroundings.store.setState(({ blocked }) => ({ blocked: without(blocked, userId) }));
  }

  async answer(id: string, answer: 'accept' | 'decline'): Promise<void> {
    await this.#surroundings.api.answerInvitation(id, answer);
    this.ended(id);
  }

  invited(invitation: Invited): void {
    const { store } = this.#surroundings;
    const { invitations } = store.getState();
    if (invitations.some(({ id }) => id === invitation.id)) return;
    const { id: room_id, name: room_name } = invitation.room;
    store.setState({
      invitations: [...invitations, invitation],
      news: { kind: 'invited', room_id, room_name },
    });
  }

  ended(id: string): void {
    this.#surroundings.store.setState(({ invitations }) => ({
      invitations: invitations.filter((one) => one.id !== id),
    }));
  }

  async askToJoin(roomId: string, note: string): Promise<void> {
    await this.#surroundings.api.askToJoin(roomId, note);
    this.#setRequested((requested) => ({ ...requested, [roomId]: true }));
  }

  async withdraw(roomId: string): Promise<void> {
    await this.#surroundings.api.withdraw(roomId);
    this.answered(roomId);
  }

  /** One is in the room, or is not going to be. */
  answered(roomId: string): void {
    this.#setRequested((requested) => without(requested, roomId));
  }

  putOut(roomId: string, removal: Removal): void {
    const { room_name, banned } = removal;
    this.#surroundings.store.setState(({ removals }) => ({
      removals: { ...removals, [roomId]: removal },
      news: { kind: 'removed', room_id: roomId, room_name, banned },
    }));
  }

  clear(): void {
    this.#known = undefined;
  }

  async #loadBlocks(isStill: () => boolean): Promise<void> {
    const { store, api } = this.#surroundings;
    const blocks = await api.listBlocks();
    if (isStill()) store.setState({ blocked: Object.fromEntries(blocks.map((one) => [one.user_id, one])) });
  }

  #setRequested(change: (requested: Record<string, true>) => Record<string, true>): void {
    const { store, environment } = this.#surroundings;
    const requested = change(store.getState().requested);
    store.setState({ requested });
    try {
      environment.storage.setItem(key, JSON.stringify(requested));
    } catch {
      // The storage is full: it is known until the page is left.
    }
  }
}

/** No call tells where one has asked: this browser remembers it. */
export function readRequested(storage: Environment['storage']): Record<string, true> {
  try {
    return z.parse(schema, JSON.parse(storage.getItem(key) ?? '{}'));
  } catch {
    return {};
  }
}

export function forgetRequested(storage: Environment['storage']): void {
  storage.removeItem(key);
}
