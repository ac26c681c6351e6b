/** Stands in front of an HTTP service and shows every exchange to whoever counts. Changes nothing. */
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  method: string;
  /** Path and query. */
  url: string;
  sent: Buffer;
  status: number;
  received: Buffer;
}

export interface Proxy {
  port: number;
  stop(): void;
}

export async function startHttpProxy(
  target: () => number,
  seen: (exchange: Exchange) => void,
): Promise<Proxy> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((given, answer) => {
    void (async () => {
      const sent = await read(given);
      const { method = 'GET', url = '/', rawHeaders } = given;
      const onward = request({
        host: '127.0.0.1',
        port: target(),
        method,
        path: url,
        agent,
        headers: rawHeaders,
      });
      onward.on('error', () => answer.destroy());
      onward.on('response', (response) => {
        void read(response).then((received) => {
          const status = response.statusCode ?? 0;
          seen({ method, url, sent, status, received });
          answer.writeHead(status, response.rawHeaders).end(received);
        });
      });
      onward.end(sent);
    })();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
