/** REST: signing in. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { sessionBody } from '../../contract/identity.ts';
import { json, readBody, registerHttp } from '../platform/http.ts';
import { signIn } from './guests.ts';
import { findPrincipal } from './principal.ts';

export async function postSession(request: HttpRequest): Promise<HttpResponseInit> {
  const caller = await findPrincipal(request);
  const { name } = await readBody(request, sessionBody);
  return json(201, await signIn(name, caller), { 'cache-control': 'no-store' });
}

registerHttp('session', ['POST'], 'session', postSession);
