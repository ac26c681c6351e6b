/** `/admin/host/…keys` and `/admin/functions/{name}/keys`: lists keys, makes, sets and removes single ones. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './exchange.ts';
import type { KeyScope, KeyStore } from './keys.ts';

/** By the word in the path, in lower case. */
export const hostKeyScopes: Record<string, KeyScope> = {
  keys: 'functionKeys',
  functionkeys: 'functionKeys',
  systemkeys: 'systemKeys',
};

/** Answers a request about the keys of a scope, or about the one that it names. */
export async function serveKeys(
  request: IncomingMessage,
  response: ServerResponse,
  { keys, scope, name }: { keys: KeyStore | undefined; scope: KeyScope; name: string | undefined },
): Promise<void> {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body));
  };
  const { method } = request;
  if (method === 'GET') {
    const all = Object.entries(keys?.list(scope) ?? {}).map(([known, value]) => ({ name: known, value }));
    if (name === undefined) return answer(200, { keys: all, links: [] });
    const one = all.find((key) => key.name === name);
    return one ? answer(200, one) : void response.writeHead(404).end();
  }
  if (!keys) return answer(400, { error: 'Keys are kept where the host runs with --enable-auth.' });
  if (name === undefined) return void response.writeHead(404).end();
  if (method === 'DELETE') return void response.writeHead(keys.remove(scope, name) ? 204 : 404).end();
  if (method !== 'PUT' && method !== 'POST') return void response.writeHead(404).end();
  const value = method === 'PUT' ? valueOf(await readBody(request)) : undefined;
  if (method === 'PUT' && value === undefined)
    return answer(400, { error: 'Send {"name": "…", "value": "…"}.' });
  const isNew = keys.list(scope)[name] === undefined;
  answer(isNew ? 201 : 200, { name, value: keys.set(scope, name, value) });
}

function valueOf(body: Buffer | undefined): string | undefined {
  try {
    const { value } = JSON.parse(body?.toString() ?? '') as { value?: unknown };
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}
