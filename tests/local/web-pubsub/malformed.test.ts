/** Frames that break RFC 6455 or the subprotocol: whoever sends them is let go, and nobody else notices. */
import { connect as connectTo } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runs } from '../../support/draws.ts';
import { startServiceProcess, type ServiceProcess } from './running-service.ts';
import { connect, json, reliable, sign } from './socket.ts';

let service: ServiceProcess;
let token: string;
beforeAll(async () => {
  service = await startServiceProcess();
  token = await sign(`http://${service.host}/client/hubs/chat`, {
    sub: 'ann',
    role: ['webpubsub.sendToGroup'],
  });
});
afterAll(() => service.stop());

/** Shakes hands, says these bytes and goes. Answers when the service has let go; whether it had let it in. */
async function say(protocol: string, bytes: Uint8Array): Promise<boolean> {
  const socket = connectTo(service.port, '127.0.0.1');
  socket.on('error', () => {});
  let heard = '';
  const closed = new Promise((done) => socket.once('close', done));
  const isIn = new Promise<boolean>((tell) => {
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      if (heard.includes('\r\n\r\n')) tell(heard.startsWith('HTTP/1.1 101'));
    });
    void closed.then(() => tell(false));
  });
  const head = [
    `GET /client/hubs/chat?access_token=${token} HTTP/1.1`,
    `Host: ${service.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${protocol}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const wasIn = await isIn;
  socket.end(bytes);
  await closed;
  return wasIn;
}

/** A frame of a client as it should be, but for what is given otherwise. */
function frame(first: number, payload: Buffer, masked: boolean): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  const head = Buffer.from([first, length[0]! | (masked ? 128 : 0), ...length.slice(1)]);
  if (!masked) return Buffer.concat([head, payload]);
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ mask[index % 4]!)]);
}

const texts = fc.oneof(
  fc.json(),
  fc.constantFrom(
    '{"type":"sendToGroup"}',
    '{"type":"joinGroup","group":1}',
    '{"type":"sequenceAck"}',
    '[]',
    '',
  ),
  fc.string({ maxLength: 300 }),
);
const payloads = fc.oneof(
  texts.map((text) => Buffer.from(text).subarray(0, 60_000)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);
const bytes = fc.oneof(
  // Every opcode and every reserved bit, whole or in fragments.
  fc
    .array(fc.tuple(fc.nat(255), payloads, fc.boolean()), { minLength: 1, maxLength: 5 })
    .map((frames) => Buffer.concat(frames.map((given) => frame(...given)))),
  fc.uint8Array({ minLength: 1, maxLength: 64 }),
  // Lengths that nobody follows up: 2^63, 4 GB.
  fc.constantFrom(
    Buffer.from('81ff7fffffffffffffff', 'hex'),
    Buffer.from('81ff00000000ffffffff01020304', 'hex'),
  ),
);

it('lets go whoever breaks the protocol, and serves the others', async () => {
  const { socket } = await connect(service.host, json, { userId: 'bo', roles: ['webpubsub.joinLeaveGroup'] });
  let wereIn = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(json, reliable), bytes, async (protocol, said) => {
      if (await say(protocol, said)) wereIn += 1;
      expect(service.child.exitCode).toBeNull();
    }),
    runs(150),
  );
  expect(wereIn).toBeGreaterThan(100);
  const closed = { is: false };
  void socket.closed.then(() => (closed.is = true));
  socket.ws.send(JSON.stringify({ type: 'joinGroup', group: 'g', ackId: 1 }));
  while (((await socket.next()) as { type: string }).type !== 'ack');
  expect(closed.is).toBe(false);
  socket.ws.terminate();
});
