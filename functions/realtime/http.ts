/** `POST /negotiate`: an address with which the caller can open a connection. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { requirePrincipal } from '../identity/principal.ts';
import { issueTicket } from '../identity/token.ts';
import { json, registerHttp } from '../platform/http.ts';
import { rememberName } from '../presence/presence.ts';
import { ticketParameter } from './entry.ts';
import { clientUrl } from './push.ts';

export async function postNegotiate(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'connect');
  const [address, ticket] = await Promise.all([
    clientUrl(principal.user_id),
    issueTicket(principal),
    rememberName(principal.user_id, principal.name),
  ]);
  const url = new URL(address);
  // Web PubSub's own token would still open a connection minutes after the session has ended.
  url.searchParams.set(ticketParameter, ticket);
  return json(200, { url: url.href }, { 'cache-control': 'no-store' });
}

registerHttp('negotiate', ['POST'], 'negotiate', postNegotiate);
