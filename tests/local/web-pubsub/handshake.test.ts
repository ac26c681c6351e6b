/** Who is let in, as what, and what the refusal of a handshake says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessKey, startService, type RunningService } from './running-service.ts';
import { clientUrl, connect, HandshakeRefused, json, reliable, sign, Socket } from './socket.ts';

let service: RunningService;
const secondKey = 'ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210ZYXWVUTS';
beforeAll(async () => {
  service = await startService({
    SecondaryAccessKey: secondKey,
    Hubs: { open: { AnonymousConnectPolicy: 'allow' } },
    Local: { PublicEndpoints: ['https://chat.example.net/'] },
  });
});
afterAll(() => service.stop());

const path = (hub = 'chat') => `${service.host}/client/hubs/${hub}`;
const audience = (hub = 'chat') => `http://${path(hub)}`;

/** The refusal of a handshake; fails where it succeeds. */
async function refusal(url: string, protocols: string[] = [json]): Promise<HandshakeRefused> {
  const socket = new Socket(url, protocols);
  const error: unknown = await socket.opened.then(
    () => new Error('The handshake succeeded'),
    (thrown: unknown) => thrown,
  );
  socket.ws.terminate();
  expect(error).toBeInstanceOf(HandshakeRefused);
  return error as HandshakeRefused;
}

describe('a token', () => {
  it('is needed', async () => {
    const { status, body } = await refusal(`ws://${path()}`);
    expect(status).toBe(401);
    expect(JSON.parse(body)).toMatchObject({ code: 'Error.Unauthorized' });
  });

  it.each([
    ['for another hub', () => sign(audience('other'))],
    ['for the address of the socket instead of the HTTP one', () => sign(`ws://${path()}`)],
    ['of another key', () => sign(audience(), {}, { key: 'x'.repeat(40) })],
    ['that has ended', () => sign(audience(), {}, { expires: Math.floor(Date.now() / 1000) - 600 })],
    ['that never ends', () => sign(audience(), {}, { expires: 'never' })],
    ['that is none', async () => 'nonsense'],
  ])('%s is refused', async (_what, token) => {
    expect((await refusal(`ws://${path()}?access_token=${await token()}`)).status).toBe(401);
  });

  it.each([
    ['in a header', async () => ({ url: `ws://${path()}`, token: await sign(audience()) })],
    ['within the clock skew of five minutes', async () => ({ url: `ws://${path()}`, token: await late() })],
    [
      'for the hub in other case',
      async () => ({ url: `ws://${path('CHAT')}`, token: await sign(audience()) }),
    ],
    [
      'for a hub named in the query',
      async () => ({ url: `ws://${service.host}/client/?hub=chat`, token: await sign(audience()) }),
    ],
    [
      'for a configured public address',
      async () => ({ url: `ws://${path()}`, token: await sign('https://chat.example.net/client/hubs/chat') }),
    ],
    [
      'of the secondary key',
      async () => ({ url: `ws://${path()}`, token: await sign(audience(), {}, { key: secondKey }) }),
    ],
  ])('%s is taken', async (_what, make) => {
    const { url, token } = await make();
    const socket = new Socket(url, [json], { headers: { authorization: `Bearer ${token}` } });
    await socket.opened;
    expect(await socket.next()).toMatchObject({ type: 'system', event: 'connected' });
    socket.ws.close();
  });

  const late = () => sign(audience(), {}, { expires: Math.floor(Date.now() / 1000) - 60 });

  it('is not needed where the hub lets everybody in', async () => {
    const socket = new Socket(`ws://${path('open')}`, [json]);
    await socket.opened;
    expect(await socket.next()).not.toHaveProperty('userId');
    socket.ws.close();
  });

  it('that is wrong is refused also where none is needed', async () => {
    expect((await refusal(`ws://${path('open')}?access_token=wrong`)).status).toBe(401);
  });
});

describe('a handshake', () => {
  it.each([
    ['a hub that cannot be one', async () => `ws://${path('9lives')}`, 400],
    ['a hub that is badly encoded', async () => `ws://${path('%zz')}`, 400],
    ['no hub', async () => `ws://${service.host}/client/`, 400],
    ['a blank group in the token', () => clientUrl(service.host, { groups: [' '] }), 400],
    ['an unknown raw mode', () => clientUrl(service.host, { query: 'webpubsub_mode=shout' }), 400],
    ['the raw mode of groups without a group', () => modeUrl('webpubsub_mode=sendToGroup'), 400],
    ['a noEcho that is no truth', () => modeUrl('webpubsub_mode=sendToGroup&group=g&noEcho=maybe'), 400],
    ['another path', async () => `ws://${service.host}/elsewhere`, 404],
    ['MQTT', async () => `ws://${service.host}/clients/mqtt/hubs/chat`, 501],
    ['Socket.IO', async () => `ws://${service.host}/clients/socketio/hubs/chat`, 501],
  ])('for %s is refused', async (_what, url, status) => {
    expect((await refusal(await url())).status).toBe(status);
  });

  const modeUrl = (query: string) => clientUrl(service.host, { query });

  it('that is a plain request is refused', async () => {
    const response = await fetch((await clientUrl(service.host)).replace('ws:', 'http:'));
    expect(response.status).toBe(400);
    expect(response.headers.get('x-ms-error-code')).toBe('Error.BadRequest');
  });

  it('settles on the first subprotocol that the service knows', async () => {
    const socket = new Socket(await clientUrl(service.host), ['unknown.v1', reliable, json]);
    await socket.opened;
    expect(socket.ws.protocol).toBe(reliable);
    socket.ws.close();
  });

  it('that offers only unknown subprotocols is refused', async () => {
    for (const name of ['unknown.v1', 'constructor']) {
      expect((await refusal(await clientUrl(service.host), [name])).status).toBe(400);
    }
  });

  it('that offers only a subprotocol of the real service which this one lacks is told so', async () => {
    const { status, body } = await refusal(await clientUrl(service.host), ['mqtt']);
    expect([status, body]).toEqual([501, expect.stringContaining('OPERATIONS.md')]);
    const socket = new Socket(await clientUrl(service.host), ['mqtt', json]);
    await socket.opened;
    expect(socket.ws.protocol).toBe(json);
    socket.ws.close();
  });

  it('without a subprotocol makes a raw client, which gets no frame of its own', async () => {
    const group = 'raw';
    const { socket } = await connect(service.host, undefined, { groups: [group] });
    const other = await connect(service.host, json);
    await other.socket.ask({ type: 'sendToGroup', group, dataType: 'text', data: 'first', ackId: 1 });
    expect(await socket.nextRaw()).toBe('first');
    for (const { ws } of [socket, other.socket]) ws.close();
  });

  it('accepts roles and groups as one text or as many', async () => {
    const claims = { role: 'webpubsub.sendToGroup', 'webpubsub.group': 'solo' };
    const token = await sign(audience(), claims, { key: accessKey });
    const socket = new Socket(`ws://${path()}?access_token=${token}`, [json]);
    await socket.opened;
    await socket.next();
    socket.send({ type: 'sendToGroup', group: 'solo', dataType: 'text', data: 'x' });
    expect(await socket.next()).toMatchObject({ group: 'solo', data: 'x' });
    socket.ws.close();
  });
});
