/** The REST API and the webhook as a signed-in person calls them, through the edge but without a host. */
import type { Member, MyRoom, Room } from '../../../contract/rooms.ts';
import type { Problem } from '../../../contract/problems.ts';
import type { Principal } from '../../../functions/identity/principal.ts';
import { issueToken } from '../../../functions/identity/token.ts';
import { getMembers, getMyRooms, putRead } from '../../../functions/membership/http.ts';
import { postNegotiate } from '../../../functions/realtime/http.ts';
import { getRoom, getRooms, patchRoom, postRooms, removeRoom } from '../../../functions/rooms/http.ts';
import { call, type Called } from '../call.ts';
import { person } from '../messages/world.ts';

/** What is asked for, or the problem; a test says which it expects. */
export type Answered<T> = Promise<Called<T & Omit<Problem, 'status'>>>;

type Query = Record<string, string>;

export class Caller {
  readonly principal: Principal;
  readonly token: string;

  constructor(principal: Principal, token: string) {
    this.principal = principal;
    this.token = token;
  }

  get id(): string {
    return this.principal.user_id;
  }

  create(body: unknown): Answered<Room> {
    return call(postRooms, { token: this.token, body });
  }
  /** Creates a room that must come to be. */
  async room(name: string): Promise<Room> {
    const { status, body } = await this.create({ name });
    if (status !== 201) throw new Error(body.detail);
    return body;
  }
  list(query: Query = {}): Answered<Room[]> {
    return call(getRooms, { method: 'GET', token: this.token, query });
  }
  read(id: string): Answered<Room> {
    return call(getRoom, { method: 'GET', token: this.token, params: { id } });
  }
  change(id: string, body: unknown): Answered<Room> {
    return call(patchRoom, { method: 'PATCH', token: this.token, params: { id }, body });
  }
  remove(id: string): Answered<{ room_id: string }> {
    return call(removeRoom, { method: 'DELETE', token: this.token, params: { id } });
  }
  members(id: string, query: Query = {}): Answered<Member[]> {
    return call(getMembers, { method: 'GET', token: this.token, params: { id }, query });
  }
  mine(query: Query = {}): Answered<MyRoom[]> {
    return call(getMyRooms, { method: 'GET', token: this.token, query });
  }
  markRead(id: string, body: unknown): Answered<{ last_read: number }> {
    return call(putRead, { method: 'PUT', token: this.token, params: { id }, body });
  }
  negotiate(): Answered<{ url: string }> {
    return call(postNegotiate, { token: this.token });
  }
}

/** Somebody new, signed in. The world must have started. */
export async function signIn(): Promise<Caller> {
  const principal = person();
  return new Caller(principal, await issueToken(principal, new Date(Date.now() + 3_600_000)));
}

/** The query of the next page, from the `Link` of an answer; undefined on the last page. */
export function nextPage({ headers }: { headers: Headers }): Query | undefined {
  const address = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return address === undefined
    ? undefined
    : Object.fromEntries(new URL(address, 'http://localhost').searchParams);
}
