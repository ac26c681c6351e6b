/** REST: API keys for services. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { createKeyBody } from '../../contract/identity.ts';
import { requirePerson, requirePrincipal } from '../identity/principal.ts';
import { json, readBody, registerHttp } from '../platform/http.ts';
import { createKey, listKeys, revokeKey } from './keys.ts';

export async function getKeys(request: HttpRequest): Promise<HttpResponseInit> {
  return json(200, await listKeys(await requirePerson(request)));
}

export async function postKeys(request: HttpRequest): Promise<HttpResponseInit> {
  const principal = await requirePrincipal(request, 'create_key');
  const body = await readBody(request, createKeyBody);
  return json(201, await createKey(principal, body), { 'cache-control': 'no-store' });
}

export async function removeKey(request: HttpRequest): Promise<HttpResponseInit> {
  const person = await requirePerson(request);
  await revokeKey(person, request.params['id'] ?? '');
  return { status: 204 };
}

registerHttp('keys-list', ['GET'], 'keys', getKeys);
registerHttp('keys-create', ['POST'], 'keys', postKeys);
registerHttp('keys-revoke', ['DELETE'], 'keys/{id}', removeKey);
