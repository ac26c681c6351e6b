/** REST: whom the caller has blocked. */
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { requirePrincipal } from '../identity/principal.ts';
import { json, readUserId, registerHttp } from '../platform/http.ts';
import { block, listBlocks, unblock } from './blocks.ts';

export async function getBlocks(request: HttpRequest): Promise<HttpResponseInit> {
  const { user_id } = await requirePrincipal(request, 'block');
  return json(200, await listBlocks(user_id));
}

export async function putBlock(request: HttpRequest): Promise<HttpResponseInit> {
  const { user_id } = await requirePrincipal(request, 'block');
  await block(user_id, readUserId(request));
  return { status: 204 };
}

export async function deleteBlock(request: HttpRequest): Promise<HttpResponseInit> {
  const { user_id } = await requirePrincipal(request, 'block');
  await unblock(user_id, readUserId(request));
  return { status: 204 };
}

registerHttp('blocks-list', ['GET'], 'me/blocks', getBlocks);
registerHttp('blocks-put', ['PUT'], 'me/blocks/{user}', putBlock);
registerHttp('blocks-delete', ['DELETE'], 'me/blocks/{user}', deleteBlock);
