/** `POST /negotiate`: an address with which the caller can open a connection. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { requirePrincipal } from '../identity/principal.ts';
import { json, registerHttp } from '../platform/http.ts';
import { rememberName } from '../presence/presence.ts';
import { clientUrl } from './push.ts';

export async function postNegotiate(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'connect');
  const [url] = await Promise.all([
    clientUrl(principal.user_id),
    rememberName(principal.user_id, principal.name),
  ]);
  return json(200, { url }, { 'cache-control': 'no-store' });
}

registerHttp('negotiate', ['POST'], 'negotiate', postNegotiate);
