/** Ports that nobody uses, for stacks beside each other. */
import { createServer, type AddressInfo } from 'node:net';
import { defaultPorts, type Ports } from '../../local/stack/ports.ts';

export async function freePorts(count: number): Promise<number[]> {
  // All are held until all are known, or the system would hand one out twice.
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

export async function freePort(): Promise<number> {
  return (await freePorts(1))[0]!;
}

export async function freeStackPorts(): Promise<Ports> {
  const names = Object.keys(defaultPorts) as (keyof Ports)[];
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as unknown as Ports;
}
