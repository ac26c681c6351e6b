/** REST by plain requests: who may call, what is refused and how that looks, what the SDK does not send. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startService, type RunningService } from './running-service.ts';
import { connect as open, json, sign, type Needs, type Socket } from './socket.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startService({ Local: { PublicEndpoints: ['https://gateway.example.net'] } });
});
afterAll(() => service.stop());

const sockets: Socket[] = [];
afterEach(() => {
  for (const { ws } of sockets.splice(0)) ws.terminate();
});

async function connect(needs: Needs = {}) {
  const opened = await open(service.host, json, needs);
  sockets.push(opened.socket);
  return opened;
}

interface Request {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  token?: string;
}

/** A request as the SDK signs it, below `/api/hubs/chat` unless the path begins with a slash. */
async function call(path: string, request: Request = {}): Promise<Response> {
  const { method = 'POST', headers, body } = request;
  const url = `http://${service.host}${path.startsWith('/') ? path : `/api/hubs/chat/${path}`}`;
  const token = request.token ?? (await sign(url));
  return fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'text/plain' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
}

const text = { body: 'x' };

describe('a caller', () => {
  it('without a token is told so as the real service does', async () => {
    const response = await fetch(`http://${service.host}/api/hubs/chat/:send`, { method: 'POST' });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-ms-error-code')).toBe('Error.Unauthorized');
    expect(await response.json()).toEqual({ code: 'Error.Unauthorized', message: expect.any(String) });
  });

  const path = '/api/hubs/chat/:send?filter=userId%20eq%20%27x%27';
  it.each([
    ['with the query', async () => sign(`http://${service.host}${path}`)],
    ['without the query', async () => sign(`http://${service.host}/api/hubs/chat/:send`)],
    ['decoded', async () => sign(decodeURIComponent(`http://${service.host}${path}`))],
    ['in other case', async () => sign(`http://${service.host}${path}`.toUpperCase())],
    ['for a gateway in front', async () => sign(`https://gateway.example.net${path}`)],
  ])('may sign the address %s', async (_what, token) => {
    expect((await call(path, { ...text, token: await token() })).status).toBe(202);
  });

  it.each([
    ['for another operation', () => sign(`http://${service.host}/api/hubs/chat/:closeConnections`)],
    ['for another hub', () => sign(`http://${service.host}/api/hubs/other/:send`)],
    ['of another key', () => sign(`http://${service.host}${path}`, {}, { key: 'y'.repeat(40) })],
    ['of a client', () => sign(`http://${service.host}/client/hubs/chat`)],
  ])('with a token %s is refused', async (_what, token) => {
    expect((await call(path, { ...text, token: await token() })).status).toBe(401);
  });

  it('needs none to ask whether the service is well', async () => {
    const response = await fetch(`http://${service.host}/api/health`, { method: 'HEAD' });
    expect(response.status).toBe(200);
  });

  it('in a page may call from any origin', async () => {
    const response = await fetch(`http://${service.host}/api/hubs/chat/:send`, {
      method: 'OPTIONS',
      headers: { origin: 'http://page.test', 'access-control-request-headers': 'authorization' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization');
  });
});

describe('a request that is refused', () => {
  it.each([
    ['/api/hubs/9lives/:send', text, 400, 'Error.BadRequest'],
    ['groups/%20/:send', text, 400, 'Error.BadRequest'],
    [`groups/${'g'.repeat(1025)}/:send`, text, 400, 'Error.BadRequest'],
    [':send?messageTtlSeconds=301', text, 400, 'Error.BadRequest'],
    [':send?messageTtlSeconds=soon', text, 400, 'Error.BadRequest'],
    [':send?filter=nonsense', text, 400, 'Error.BadRequest'],
    [':send', { body: '{', headers: { 'content-type': 'application/json' } }, 400, 'Error.BadRequest'],
    [':send', { body: '<a/>', headers: { 'content-type': 'text/xml' } }, 415, 'Error.UnsupportedMediaType'],
    [':send', { body: 'x'.repeat(20 * 1024 * 1024) }, 413, 'Error.PayloadTooLarge'],
    [':send', { ...text, headers: { 'x-webpubsub-metadata-a': 'x'.repeat(1025) } }, 400, 'Error.BadRequest'],
    [
      ':addToGroups',
      { body: '{}', headers: { 'content-type': 'application/json' } },
      400,
      'Error.BadRequest',
    ],
    [':addToGroups', { body: '{"groups":["a"]}' }, 415, 'Error.UnsupportedMediaType'],
    ['permissions/fly/connections/c', { method: 'PUT' }, 400, 'Error.BadRequest'],
    ['permissions/sendToGroup/connections/absent', { method: 'PUT' }, 404, 'Error.Connection.NotFound'],
    ['groups/g/connections/absent', { method: 'PUT' }, 404, 'Error.Connection.NotFound'],
    ['users/absent/groups/g', { method: 'PUT' }, 404, 'Error.User.NotFound'],
    ['groups/g/connections?maxpagesize=201', { method: 'GET' }, 400, 'Error.BadRequest'],
    ['groups/g/connections?maxpagesize=0', { method: 'GET' }, 400, 'Error.BadRequest'],
    ['groups/g/connections?continuationToken=%21', { method: 'GET' }, 400, 'Error.BadRequest'],
    ['groups/g/connections?top=0', { method: 'GET' }, 400, 'Error.BadRequest'],
    ['groups/%zz/:send', text, 400, 'Error.BadRequest'],
    ['groups/g/connections?top=some', { method: 'GET' }, 400, 'Error.BadRequest'],
    [':generateToken', {}, 401, 'Error.Unauthorized'],
    [':fly', {}, 404, 'Error.NotFound'],
    ['/elsewhere', { method: 'GET' }, 404, 'Error.NotFound'],
  ])('says why: %s', async (path, request: Request, status, code) => {
    const response = await call(path, request);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-ms-error-code')).toBe(code);
    expect(await response.json()).toMatchObject({ code, message: expect.any(String) });
  });

  it.each([
    ['connections/absent', 404],
    ['permissions/sendToGroup/connections/absent', 404],
    ['groups/%20', 400],
  ])('has no body where it was a HEAD: %s', async (path, status) => {
    const response = await call(path, { method: 'HEAD' });
    expect(response.status).toBe(status);
    expect(await response.text()).toBe('');
  });
});

describe('repeating', () => {
  it.each([
    ['DELETE', 'connections/absent'],
    ['DELETE', 'groups/g/connections/absent'],
    ['DELETE', 'connections/absent/groups'],
    ['DELETE', 'users/absent/groups/g'],
    ['DELETE', 'users/absent/groups'],
    ['DELETE', 'permissions/sendToGroup/connections/absent'],
    ['POST', 'groups/g/:closeConnections'],
    ['POST', 'users/absent/:closeConnections'],
  ])('what is done already answers 204: %s %s', async (method, path) => {
    expect((await call(path, { method })).status).toBe(204);
  });
});

describe('a message', () => {
  it('from REST has no sender, and the metadata of the request', async () => {
    const { socket } = await connect({ groups: ['g'] });
    await call('groups/g/:send', { ...text, headers: { 'X-WebPubSub-Metadata-Trace': '7' } });
    expect(await socket.next()).toEqual({
      type: 'message',
      from: 'group',
      group: 'g',
      dataType: 'text',
      data: 'x',
      metadata: { trace: '7' },
    });
  });

  it('passes over those who are excluded, each of them', async () => {
    const [one, two, three] = [await connect(), await connect(), await connect()];
    await call(`:send?excluded=${one.connectionId}&excluded=${two.connectionId}`, { body: 'first' });
    await call(':send', { body: 'second' });
    expect(await one.socket.next()).toMatchObject({ data: 'second' });
    expect(await two.socket.next()).toMatchObject({ data: 'second' });
    expect(await three.socket.next()).toMatchObject({ data: 'first' });
  });

  it('reaches names with every character but the slash, which cannot be addressed', async () => {
    const odd = await connect({ userId: 'a+b %?#&=é', groups: ['ä/ö'] });
    await call(`users/${encodeURIComponent('a+b %?#&=é')}/:send`, { body: 'user' });
    expect(await odd.socket.next()).toMatchObject({ data: 'user' });
    expect((await call(`groups/${encodeURIComponent('ä/ö')}`, { method: 'HEAD' })).status).toBe(404);
    const literal = await connect({ userId: 'tenant%2Falice' });
    await call('users/tenant%2Falice/:send', { body: 'once' });
    await call('users/tenant%252Falice/:send', { body: 'twice' });
    expect(await literal.socket.next()).toMatchObject({ data: 'once' });
    expect(await literal.socket.next()).toMatchObject({ data: 'twice' });
  });
});

describe('closing', () => {
  it('has a reason of its own where none is given', async () => {
    const { socket, connectionId } = await connect();
    await call(`connections/${connectionId}`, { method: 'DELETE' });
    const message = 'Closed by REST API.';
    expect(await socket.next()).toEqual({ type: 'system', event: 'disconnected', message });
    expect(await socket.closed).toEqual({ code: 1000, reason: message });
  });

  it('passes over those who are excluded', async () => {
    const [spared, closed] = [await connect({ groups: ['g'] }), await connect({ groups: ['g'] })];
    await call(`groups/g/:closeConnections?excluded=${spared.connectionId}&reason=enough`);
    expect(await closed.socket.closed).toEqual({ code: 1000, reason: 'enough' });
    expect(await spared.socket.ask({ type: 'ping' })).toEqual({ type: 'pong' });
  });
});

describe('the list of a group', () => {
  interface Page {
    value: { connectionId: string; userId?: string }[];
    nextLink?: string;
  }

  it('ends after `top`, over all pages, which follow each other by absolute links', async () => {
    for (let count = 0; count < 6; count += 1) await connect({ groups: ['list'], userId: `user-${count}` });
    const sizes: number[] = [];
    const seen = new Set<string>();
    let path: string | undefined = 'groups/list/connections?maxpagesize=2&top=5';
    while (path) {
      const page = (await (await call(path, { method: 'GET' })).json()) as Page;
      sizes.push(page.value.length);
      for (const { connectionId, userId } of page.value) seen.add(`${connectionId} ${userId}`);
      const { nextLink } = page;
      expect(nextLink?.startsWith(`http://${service.host}/`)).not.toBe(false);
      path = nextLink?.slice(`http://${service.host}`.length);
    }
    expect(sizes).toEqual([2, 2, 1]);
    expect(seen.size).toBe(5);
  });

  it('is empty for a group that is not there', async () => {
    expect(await (await call('groups/absent/connections', { method: 'GET' })).json()).toEqual({ value: [] });
  });
});

describe('a permission', () => {
  const permission = (connectionId: string, target?: string) =>
    `permissions/joinLeaveGroup/connections/${connectionId}${target ? `?targetName=${target}` : ''}`;
  const has = async (connectionId: string, target?: string) =>
    (await call(permission(connectionId, target), { method: 'HEAD' })).status === 200;

  it('without a target is for all groups', async () => {
    const { connectionId } = await connect({ roles: [] });
    expect((await call(permission(connectionId), { method: 'PUT' })).status).toBe(200);
    expect([await has(connectionId), await has(connectionId, 'any')]).toEqual([true, true]);
    expect((await call(permission(connectionId), { method: 'DELETE' })).status).toBe(204);
    expect([await has(connectionId), await has(connectionId, 'any')]).toEqual([false, false]);
  });

  it('is taken back for one group also from somebody who has it for all', async () => {
    const { socket, connectionId } = await connect({ roles: ['webpubsub.joinLeaveGroups.**'] });
    await call(permission(connectionId, 'secret'), { method: 'DELETE' });
    expect(await socket.ask({ type: 'joinGroup', group: 'secret', ackId: 1 })).toMatchObject({
      error: { name: 'Forbidden' },
    });
    expect(await socket.ask({ type: 'joinGroup', group: 'open', ackId: 2 })).toMatchObject({ success: true });
    await call(permission(connectionId, 'secret'), { method: 'PUT' });
    expect(await has(connectionId, 'secret')).toBe(true);
  });
});
