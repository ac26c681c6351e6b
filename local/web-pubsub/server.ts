/** Puts the service on its ports: REST and WebSocket clients share them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { serveFaults } from '../fault-injection/http.ts';
import type { Certificate } from '../tls/certificate.ts';
import type { Config } from './config.ts';
import { ClientEndpoint } from './connection/endpoint.ts';
import { serveRest } from './rest/endpoint.ts';
import { PubSub } from './service.ts';
import { serveStatus } from './status.ts';

export interface RunningServer {
  port: number;
  /** Undefined where nothing listens for TLS. */
  tlsPort: number | undefined;
  /** Closes every connection with 1001, tells the event handlers, and frees the ports. */
  stop(): Promise<void>;
}

/** The TLS listener, beside the plain one: the same hubs, by `https` and `wss`. */
export interface TlsOptions {
  port: number;
  certificate: Certificate;
}

/** What an orderly stop waits for, in milliseconds: the event handlers, and clients that say goodbye. */
const patience = { handlers: 3_000, goodbye: 500 };

/** The address of a client's request holds its token, and a recovery's a second one. */
const maxHeaderSize = 64 * 1024;

/** Starts to listen on the loopback address. Rejects with the system's error, `EADDRINUSE` above all. */
export async function startServer(config: Config, port: number, tls?: TlsOptions): Promise<RunningServer> {
  const pubSub = new PubSub(config);
  const clients = new ClientEndpoint(pubSub);
  const onRequest = (message: IncomingMessage, response: ServerResponse): void =>
    void serve(pubSub, message, response);
  const plain = createServer({ maxHeaderSize }, onRequest);
  const secure = tls && createTlsServer({ maxHeaderSize, ...tls.certificate }, onRequest);
  const servers: Server[] = secure ? [plain, secure] : [plain];
  for (const server of servers) {
    server.on('upgrade', (message, socket, head: Buffer) => clients.upgrade(message, socket, head));
  }
  const stop = async (): Promise<void> => {
    const closed = Promise.all(servers.map(close));
    clients.stopPinging();
    await pubSub.stop(patience.handlers);
    for (const server of servers) server.closeAllConnections();
    await Promise.race([closed, wait(patience.goodbye, undefined, { ref: false })]);
    clients.abort();
    await closed;
  };
  try {
    await listen(plain, port);
    if (secure) await listen(secure, tls.port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: portOf(plain), tlsPort: secure && portOf(secure), stop };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
}

/** Also of one that never listened. */
const close = (server: Server): Promise<void> => new Promise((done) => server.close(() => done()));

/** What is asked over HTTP: about this program, or of the service that it plays. */
async function serve(pubSub: PubSub, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = message.url?.split('?', 1)[0];
  if (path === '/faults') await serveFaults(pubSub.faults, message, response);
  else if (path === '/status') serveStatus(pubSub, response);
  else await serveRest(pubSub, message, response);
}
