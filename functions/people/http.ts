/** REST: one's own profile, password and account, and what others show of themselves. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod/mini';
import { changeMeBody, deleteMeBody, passwordBody } from '../../contract/identity.ts';
import { limits } from '../../contract/rooms.ts';
import { textSchema } from '../../contract/text.ts';
import { changePassword } from '../identity/accounts.ts';
import { requirePerson } from '../identity/principal.ts';
import { take } from '../limits/limits.ts';
import { check, json, readBody, readUserId, registerHttp } from '../platform/http.ts';
import { deleteMe } from './departure.ts';
import { changeMe, findPeople, readMe, readProfile } from './profiles.ts';

/** Longer than a name can be, it begins none. */
const searchQuery = z.object({ query: textSchema(limits.userName) });

export async function getMe(request: HttpRequest): Promise<HttpResponseInit> {
  return json(200, await readMe(await requirePerson(request)));
}

export async function patchMe(request: HttpRequest): Promise<HttpResponseInit> {
  const caller = await requirePerson(request);
  return json(200, await changeMe(caller, await readBody(request, changeMeBody)));
}

export async function putPassword(request: HttpRequest): Promise<HttpResponseInit> {
  const caller = await requirePerson(request);
  await changePassword(caller, await readBody(request, passwordBody));
  return { status: 204 };
}

export async function removeMe(request: HttpRequest): Promise<HttpResponseInit> {
  const caller = await requirePerson(request);
  const { password } = await readBody(request, deleteMeBody, {});
  await deleteMe(caller, password);
  return { status: 204 };
}

export async function getUser(request: HttpRequest): Promise<HttpResponseInit> {
  await requirePerson(request);
  return json(200, await readProfile(readUserId(request)));
}

export async function getUsers(request: HttpRequest): Promise<HttpResponseInit> {
  const { user_id } = await requirePerson(request);
  const { query } = check(searchQuery, { query: request.query.get('query') ?? '' });
  await take(user_id, 'find_people');
  return json(200, await findPeople(query));
}

registerHttp('me-read', ['GET'], 'me', getMe);
registerHttp('me-change', ['PATCH'], 'me', patchMe);
registerHttp('me-password', ['PUT'], 'me/password', putPassword);
registerHttp('me-delete', ['DELETE'], 'me', removeMe);
registerHttp('users-read', ['GET'], 'users/{user}', getUser);
registerHttp('users-find', ['GET'], 'users', getUsers);
