/** The calls about who somebody is, without a host, and the settings that they need. */
import type { Me, Profile, Providers, Session } from '../../../contract/identity.ts';
import type { Problem } from '../../../contract/problems.ts';
import {
  getProviders,
  postOidc,
  postRefresh,
  postRegister,
  postSession,
  postSignIn,
  postSignOut,
} from '../../../functions/identity/http.ts';
import { getMe, getUser, getUsers, patchMe, putPassword, removeMe } from '../../../functions/people/http.ts';
import { call, type Called } from '../call.ts';

export type Answered<T> = Promise<Called<T & Omit<Problem, 'status'>>>;

type Headers = Record<string, string>;

export const providers = (): Answered<Providers> => call(getProviders, { method: 'GET' });
export const guest = (name: string, token?: string): Answered<Session> =>
  call(postSession, { body: { name }, ...(token !== undefined && { token }) });
export const register = (body: object, headers: Headers = {}): Answered<Session> =>
  call(postRegister, { body, headers });
export const signIn = (body: object, headers: Headers = {}): Answered<Session> =>
  call(postSignIn, { body, headers });
export const oidc = (body: object): Answered<Session> => call(postOidc, { body });
export const refresh = (refresh_token: unknown): Answered<Session> =>
  call(postRefresh, { body: { refresh_token } });
export const signOut = (token: string | undefined, body: object = {}): Answered<object> =>
  call(postSignOut, { body, ...(token !== undefined && { token }) });

export const me = (token: string, headers: Headers = {}): Answered<Me> =>
  call(getMe, { method: 'GET', token, headers });
export const change = (token: string, body: object): Answered<Me> =>
  call(patchMe, { method: 'PATCH', token, body });
export const setPassword = (token: string, body: object): Answered<object> =>
  call(putPassword, { method: 'PUT', token, body });
export const remove = (token: string, body: object = {}): Answered<object> =>
  call(removeMe, { method: 'DELETE', token, body });
export const profile = (token: string, user: string): Answered<Profile> =>
  call(getUser, { method: 'GET', token, params: { user } });
export const find = (token: string, query: string): Answered<Profile[]> =>
  call(getUsers, { method: 'GET', token, query: { query } });

let people = 0;
export const password = 'correct horse battery staple';

/** What somebody new registers with. */
export function newcomer() {
  people += 1;
  return { email: `person${people}@example.org`, password, name: `Person ${people} of ${process.pid}` };
}

export interface Account {
  user_id: string;
  email: string;
  name: string;
  token: string;
  refresh_token: string;
}

/** Somebody new with an account, signed in. */
export async function account(): Promise<Account> {
  const given = newcomer();
  const { status, body } = await register(given);
  if (status !== 201) throw new Error(body.detail);
  const { user, token, refresh_token = '' } = body;
  return { user_id: user.user_id, email: given.email, name: given.name, token, refresh_token };
}

/** Status and code of a refusal, or the status alone. */
export const outcome = ({ status, body }: { status: number; body: { code?: string } }): string =>
  body.code === undefined ? String(status) : `${status} ${body.code}`;
