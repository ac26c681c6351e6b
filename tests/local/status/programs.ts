/** The status program in a process of its own, and stand-ins for the programs that it asks. */
import { createServer, type Server } from 'node:http';
import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';

export interface StatusProgram {
  url: string;
  ended: Promise<number | null>;
  output: () => string;
  stop(): Promise<number | null>;
}

/** Starts it; `addresses` are its options. */
export async function startStatus(addresses: Record<string, string>, port?: number): Promise<StatusProgram> {
  const own = port ?? (await freePort());
  const flags = Object.entries(addresses).flatMap(([name, url]) => [`--${name}`, url]);
  const child = spawn(process.execPath, ['local/status/main.ts', '--port', String(own), ...flags]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const killIt = (): void => void child.kill('SIGKILL');
  process.once('exit', killIt);
  let isEnded = false;
  void ended.then(() => {
    isEnded = true;
    process.off('exit', killIt);
  });
  await until(() => isEnded || output.includes('Status page on'), { what: 'the status page' });
  return {
    url: `http://localhost:${own}`,
    ended,
    output: () => output,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** A program that answers one path with a text. */
export async function startStandIn(path: string, answer: string): Promise<{ url: string; stop(): void }> {
  const server: Server = createServer((request, response) => {
    if (request.url === path) response.end(answer);
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
