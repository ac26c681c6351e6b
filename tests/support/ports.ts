/** Ports that nobody uses, for stacks beside each other. */
import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { defaultPorts, type Ports } from '../../local/stack/ports.ts';

/** Below those that systems give to outgoing connections: one of these might be gone before a program listens. */
const [lowest, beyond] = [12_000, 32_000];

export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = randomInt(lowest, beyond);
    // All are held until all are known, or one might come twice.
    const server = await hold(port);
    if (server) held.set(port, server);
  }
  await Promise.all(Array.from(held.values(), (server) => new Promise((done) => server.close(done))));
  return [...held.keys()];
}

/** Undefined where somebody has it. */
function hold(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((done) => {
    server.once('error', () => done(undefined));
    // On every address, as some of the programs listen.
    server.listen(port, () => done(server));
  });
}

export async function freePort(): Promise<number> {
  return (await freePorts(1))[0]!;
}

export async function freeStackPorts(): Promise<Ports> {
  const names = Object.keys(defaultPorts) as (keyof Ports)[];
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as unknown as Ports;
}
