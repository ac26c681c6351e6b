/** Stands in front of an AMQP service and counts the messages that go through, each way. Changes nothing. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Proxy } from './http-proxy.ts';

export interface AmqpSeen {
  /** A message to the service begins. */
  sent: () => void;
  /** A message from it begins. */
  received: () => void;
}

export async function startAmqpProxy(target: () => number, seen: AmqpSeen): Promise<Proxy> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const service = connect(target(), '127.0.0.1');
    for (const socket of [client, service]) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => [client, service].forEach((each) => each.destroy()));
    }
    const [toService, toClient] = [new TransferCounter(seen.sent), new TransferCounter(seen.received)];
    client.on('data', (chunk: Buffer) => toService.push(chunk)).pipe(service);
    service.on('data', (chunk: Buffer) => toClient.push(chunk)).pipe(client);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

const protocolHeader = 0x414d5150;
const transfer = 0x14;
const nothing = 0x40;

/** AMQP 1.0 section 2.3: frames begin with their size; a message of many frames numbers the first one only. */
class TransferCounter {
  readonly #found: () => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(found: () => void) {
    this.#found = found;
  }

  push(chunk: Buffer): void {
    let rest = Buffer.concat([this.#rest, chunk]);
    while (rest.length >= 8) {
      const first = rest.readUInt32BE(0);
      const size = first === protocolHeader ? 8 : first;
      if (rest.length < size) break;
      if (first !== protocolHeader && beginsMessage(rest.subarray(0, size))) this.#found();
      rest = rest.subarray(size);
    }
    this.#rest = rest;
  }
}

function beginsMessage(frame: Buffer): boolean {
  const body = frame[4]! * 4;
  if (frame[body] !== 0 || frame[body + 2] !== transfer) return false;
  // list8 or list32, then the link's handle, then the delivery's number.
  const handle = body + 3 + (frame[body + 3] === 0xc0 ? 3 : 9);
  const handleLength = { 0x43: 1, 0x52: 2, 0x70: 5 }[frame[handle]!] ?? 1;
  return frame[handle + handleLength] !== nothing;
}
