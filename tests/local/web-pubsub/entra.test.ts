/** Servers without an access key: Microsoft Entra tokens, believed only where the configuration says so. */
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService, type RunningService } from './running-service.ts';
import { json, sign, Socket } from './socket.ts';

let trusting: RunningService;
let strict: RunningService;
beforeAll(async () => {
  trusting = await startService({ AllowUnvalidatedEntraTokens: true });
  strict = await startService();
});
afterAll(() => Promise.all([trusting.stop(), strict.stop()]));

const entra = (audience = 'https://webpubsub.azure.com', expires: string | number = '1h') =>
  new UnsecuredJWT().setAudience(audience).setExpirationTime(expires).encode();

function generate(service: RunningService, query: string, token: string): Promise<Response> {
  return fetch(`http://${service.host}/api/hubs/chat/:generateToken?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
}

it('get tokens for clients, with user, roles, groups and an end', async () => {
  const query =
    'userId=ann&role=webpubsub.joinLeaveGroup&role=webpubsub.sendToGroup&group=g&minutesToExpire=5';
  const response = await generate(trusting, query, entra());
  expect(response.status).toBe(200);
  const { token } = (await response.json()) as { token: string };
  const socket = new Socket(`ws://${trusting.host}/client/hubs/chat?access_token=${token}`, [json]);
  await socket.opened;
  expect(await socket.next()).toMatchObject({ event: 'connected', userId: 'ann' });
  socket.send({ type: 'sendToGroup', group: 'g', data: 1 });
  expect(await socket.next()).toMatchObject({ group: 'g', data: 1 });
  socket.ws.close();
});

it.each([
  ['a token for another service', () => entra('https://storage.azure.com')],
  ['a token that has ended', () => entra(undefined, Math.floor(Date.now() / 1000) - 600)],
  ['the access key', () => sign(`http://${trusting.host}/api/hubs/chat/:generateToken`)],
])('get none with %s', async (_what, token) => {
  expect((await generate(trusting, '', await token())).status).toBe(401);
});

it.each([
  ['minutesToExpire=0', 400],
  ['group=%20', 400],
  ['clientType=MQTT', 501],
  ['clientType=SocketIO', 501],
  ['clientType=Pigeon', 400],
])('get none for %s', async (query, status) => {
  expect((await generate(trusting, query, entra())).status).toBe(status);
});

it('are not believed by default', async () => {
  expect((await generate(strict, '', entra())).status).toBe(401);
  const response = await fetch(`http://${strict.host}/api/hubs/chat/:closeConnections`, {
    method: 'POST',
    headers: { authorization: `Bearer ${entra()}` },
  });
  expect(response.status).toBe(401);
});
