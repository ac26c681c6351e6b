/** Clients of the protobuf subprotocols: the bytes of their frames, beside JSON and raw clients in the same groups. */
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runs } from '../../support/draws.ts';
import { everythingTo, startEventHandler, type EventHandler } from './event-handler.ts';
import { at, decode, encode, textAt } from './protobuf-bytes.ts';
import { startService, type RunningService } from './running-service.ts';
import { clientUrl, connect, json, sign, Socket, type Needs } from './socket.ts';

const plain = 'protobuf.webpubsub.azure.v1';
const reliable = 'protobuf.reliable.webpubsub.azure.v1';
/** A packed `google.protobuf.Any` of the reference. */
const any = Buffer.from(
  '0A2F747970652E676F6F676C65617069732E636F6D2F617A7572652E7765627075627375622E546573744D6573736167651202' +
    '0801',
  'hex',
);

let handler: EventHandler;
let service: RunningService;
beforeAll(async () => {
  handler = await startEventHandler();
  service = await startService({ Hubs: everythingTo(handler.url) });
});
afterAll(async () => {
  await service.stop();
  await handler.stop();
});

const sockets: Socket[] = [];
beforeEach(() => {
  handler.events.length = 0;
  handler.respond(() => undefined);
});
afterEach(() => sockets.splice(0).forEach(({ ws }) => ws.terminate()));

class Client {
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    sockets.push(socket);
  }

  send(...fields: [number, unknown][]): void {
    this.socket.ws.send(encode(fields));
  }

  async next(): Promise<Buffer> {
    const frame = await this.socket.nextRaw();
    if (typeof frame === 'string') throw new Error('A text frame');
    return frame;
  }

  async ask(...fields: [number, unknown][]): Promise<Buffer> {
    this.send(...fields);
    return this.next();
  }
}

async function open(protocol = plain, needs: Needs = {}) {
  const url = await clientUrl(service.host, needs);
  const client = new Client(new Socket(url, [protocol]));
  await client.socket.opened;
  const connected = await client.next();
  return { client, url, connected };
}

/** What an acknowledgement says. */
const ackOf = (frame: Buffer) => ({
  id: at(frame, 1, 1),
  success: at(frame, 1, 2) === 1,
  error: textAt(frame, 1, 3, 1),
});

describe.each([plain, reliable])('a client of %s', (protocol) => {
  it('learns its connection id and its user first', async () => {
    const { connected } = await open(protocol, { userId: 'ann' });
    expect(textAt(connected, 3, 1, 1)).toMatch(/^[\w-]{22}$/);
    expect(textAt(connected, 3, 1, 2)).toBe('ann');
    expect(at(connected, 3, 1, 3) !== undefined).toBe(protocol === reliable);
  });

  it('joins, publishes and leaves, and is acknowledged', async () => {
    const { client } = await open(protocol);
    expect(
      ackOf(
        await client.ask([
          6,
          [
            [1, 'g'],
            [2, 1],
          ],
        ]),
      ),
    ).toEqual({ id: 1, success: true, error: undefined });
    const message = await client.ask([
      1,
      [
        [1, 'g'],
        [2, 300],
        [3, [[1, 'hello']]],
      ],
    ]);
    expect([textAt(message, 2, 1), textAt(message, 2, 2), textAt(message, 2, 3, 1)]).toEqual([
      'group',
      'g',
      'hello',
    ]);
    expect(at(message, 2, 4)).toBe(protocol === reliable ? 1 : undefined);
    expect(ackOf(await client.next())).toMatchObject({ id: 300, success: true });
    expect(
      ackOf(
        await client.ask([
          7,
          [
            [1, 'g'],
            [2, 301],
          ],
        ]),
      ),
    ).toMatchObject({ success: true });
    expect(
      ackOf(
        await client.ask([
          7,
          [
            [1, 'g'],
            [2, 301],
          ],
        ]),
      ),
    ).toMatchObject({ error: 'Duplicate' });
  });

  it('is refused what its roles do not allow', async () => {
    const { client } = await open(protocol, { roles: [] });
    expect(
      ackOf(
        await client.ask([
          6,
          [
            [1, 'g'],
            [2, 7],
          ],
        ]),
      ),
    ).toEqual({ id: 7, success: false, error: 'Forbidden' });
  });

  it('gets a pong, and an end with its reason', async () => {
    const { client, connected } = await open(protocol);
    expect((await client.ask([9, []])).equals(encode([[4, []]]))).toBe(true);
    const url = `http://${service.host}/api/hubs/chat/connections/${textAt(connected, 3, 1, 1)}?reason=enough`;
    const headers = { authorization: `Bearer ${await sign(url)}` };
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204);
    expect(textAt(await client.next(), 3, 2, 2)).toBe('enough');
    expect((await client.socket.closed).code).toBe(1000);
  });

  it('shares streams with JSON clients', async () => {
    const { client } = await open(protocol, { groups: ['g'] });
    const reader = await connect(service.host, json, { groups: ['g'] });
    sockets.push(reader.socket);
    const ack = await client.ask([
      1,
      [
        [1, 'g'],
        [4, 1],
        [7, [[1, 's']]],
      ],
    ]);
    expect([textAt(ack, 6, 1), at(ack, 6, 2)]).toEqual(['s', 1]);
    expect(
      at(
        await client.ask([
          13,
          [
            [1, 's'],
            [2, 1],
            [3, [[1, 'part']]],
          ],
        ]),
        6,
        2,
      ),
    ).toBe(2);
    const nack = await client.ask([
      13,
      [
        [1, 's'],
        [2, 9],
        [3, [[1, 'part']]],
      ],
    ]);
    expect([textAt(nack, 7, 2), at(nack, 7, 4)]).toEqual(['InvalidSequenceId', 2]);
    const closed = await client.ask([
      14,
      [
        [1, 's'],
        [
          2,
          [
            [1, 'cut'],
            [2, 'E1'],
          ],
        ],
      ],
    ]);
    expect([textAt(closed, 8, 1), at(closed, 8, 2)]).toEqual(['s', undefined]);
    expect(await reader.socket.next()).toMatchObject({ data: 'part', stream: { streamSequenceId: 1 } });
    expect(await reader.socket.next()).toMatchObject({
      stream: { endOfStream: true, error: { name: 'UserError', message: 'cut', userErrorCode: 'E1' } },
    });
    reader.socket.send({ type: 'sendToGroup', group: 'g', stream: { streamId: 't' }, noEcho: true });
    reader.socket.send({ type: 'streamEnd', streamId: 't', error: { message: 'no', userErrorCode: 'E2' } });
    const end = await client.next();
    expect([textAt(end, 2, 6, 1), at(end, 2, 6, 2), at(end, 2, 6, 3)]).toEqual(['t', 1, 1]);
    expect([textAt(end, 2, 6, 4, 1), textAt(end, 2, 6, 4, 3)]).toEqual(['UserError', 'E2']);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no protocol buffer', Buffer.from('hello')],
    ['a message that is not known', encode([[99, []]])],
    ['a length beyond its end', Buffer.from([0x0a, 5, 1])],
    ['a number without an end', Buffer.from([0x0a, 2, 0x10, 0x80])],
    [
      'a message that should be a number',
      encode([
        [
          6,
          [
            [1, 'g'],
            [2, 'x'],
          ],
        ],
      ]),
    ],
    ['a number that should be a message', encode([[6, 5]])],
    ['no group', encode([[6, [[2, 1]]]])],
    ['no data', encode([[1, [[1, 'g']]]])],
  ])('is closed with 1007 for %s', async (_what, bytes) => {
    const { client } = await open(protocol);
    client.socket.ws.send(bytes);
    expect((await client.socket.closed).code).toBe(1007);
  });

  it('is closed with 1003 for a text frame', async () => {
    const { client } = await open(protocol);
    client.socket.ws.send('{"type":"ping"}');
    expect((await client.socket.closed).code).toBe(1003);
  });
});

describe('data', () => {
  it.each([
    {
      dataType: 'text',
      sent: [[1, 'Grüße']],
      inJson: 'Grüße',
      inRaw: 'Grüße',
      contentType: 'text/plain; charset=utf-8',
    },
    {
      dataType: 'binary',
      sent: [[2, Buffer.from([1, 2, 3])]],
      inJson: 'AQID',
      inRaw: Buffer.from([1, 2, 3]),
      contentType: 'application/octet-stream',
    },
    {
      dataType: 'protobuf',
      sent: [[3, any]],
      inJson: any.toString('base64'),
      inRaw: any,
      contentType: 'application/x-protobuf',
    },
  ])('of type $dataType arrives everywhere as the reference says', async (expected) => {
    const { dataType, inJson, inRaw, contentType } = expected;
    const sent = expected.sent as [number, unknown][];
    const { client } = await open(plain, { groups: ['g'] });
    const jsonReader = (await connect(service.host, json, { groups: ['g'] })).socket;
    const rawReader = (await connect(service.host, undefined, { groups: ['g'] })).socket;
    sockets.push(jsonReader, rawReader);
    const message = await client.ask([
      1,
      [
        [1, 'g'],
        [3, sent],
      ],
    ]);
    expect((at(message, 2, 3) as Buffer).equals(encode(sent))).toBe(true);
    expect(await jsonReader.next()).toMatchObject({ dataType, data: inJson });
    expect(await rawReader.nextRaw()).toEqual(inRaw);
    const event: [number, unknown][] = [
      [1, 'shout'],
      [2, sent],
      [3, 1],
    ];
    expect(ackOf(await client.ask([5, event]))).toMatchObject({ success: true });
    const { headers, body } = await handler.event('shout');
    expect(headers['content-type']).toBe(contentType);
    expect(body.equals(Buffer.from(inRaw))).toBe(true);
  });

  it('of JSON clients arrives as text', async () => {
    const { client } = await open(plain, { groups: ['g'] });
    const sender = (await connect(service.host, json)).socket;
    sockets.push(sender);
    sender.send({ type: 'sendToGroup', group: 'g', data: { deep: [1] } });
    expect(textAt(await client.next(), 2, 3, 1)).toBe('{"deep":[1]}');
  });
});

it('a reliable client comes back with its token and gets what it has not acknowledged', async () => {
  const { client, url, connected } = await open(reliable, { groups: ['g'] });
  const sender = (await connect(service.host, json)).socket;
  sockets.push(sender);
  for (let number = 1; number <= 3; number += 1)
    sender.send({ type: 'sendToGroup', group: 'g', data: number });
  for (let number = 1; number <= 3; number += 1) expect(at(await client.next(), 2, 4)).toBe(number);
  client.send([8, [[1, 1]]]);
  await client.ask([9, []]);
  await client.socket.drop();
  const query = new URLSearchParams({
    awps_connection_id: textAt(connected, 3, 1, 1)!,
    awps_reconnection_token: textAt(connected, 3, 1, 3)!,
  });
  const back = new Client(new Socket(`${url.split('?')[0]}?${query}`, [reliable]));
  expect(textAt(await back.next(), 3, 1, 1)).toBe(textAt(connected, 3, 1, 1));
  expect([at(await back.next(), 2, 4), at(await back.next(), 2, 4)]).toEqual([2, 3]);
});

it('whatever bytes come, the service lives on', async () => {
  const { client: other } = await open();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      const { client } = await open();
      client.socket.ws.send(bytes);
      client.send([9, []]);
      await Promise.race([client.next(), client.socket.closed]);
      client.socket.ws.terminate();
      expect(decode(await other.ask([9, []])).has(4)).toBe(true);
    }),
    runs(50),
  );
});
