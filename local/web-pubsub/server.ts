/** Puts the service on a port: REST and WebSocket clients share it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { serveFaults } from '../fault-injection/http.ts';
import type { Config } from './config.ts';
import { ClientEndpoint } from './connection/endpoint.ts';
import { serveRest } from './rest/endpoint.ts';
import { PubSub } from './service.ts';
import { serveStatus } from './status.ts';

export interface RunningServer {
  port: number;
  /** Closes every connection with 1001, tells the event handlers, and frees the port. */
  stop(): Promise<void>;
}

/** What an orderly stop waits for, in milliseconds: the event handlers, and clients that say goodbye. */
const patience = { handlers: 3_000, goodbye: 500 };

/** The address of a client's request holds its token, and a recovery's a second one. */
const maxHeaderSize = 64 * 1024;

/** Starts to listen on the loopback address. Rejects with the system's error, `EADDRINUSE` above all. */
export async function startServer(config: Config, port: number): Promise<RunningServer> {
  const pubSub = new PubSub(config);
  const clients = new ClientEndpoint(pubSub);
  const http = createServer({ maxHeaderSize }, (message, response) => {
    void serve(pubSub, message, response);
  });
  http.on('upgrade', (message, socket, head: Buffer) => clients.upgrade(message, socket, head));
  await new Promise<void>((done, fail) => {
    http.once('error', fail);
    http.listen(port, '127.0.0.1', done);
  });
  return {
    port: (http.address() as AddressInfo).port,
    stop: async () => {
      const closed = new Promise<void>((done) => http.close(() => done()));
      clients.stopPinging();
      await pubSub.stop(patience.handlers);
      http.closeAllConnections();
      await Promise.race([closed, wait(patience.goodbye, undefined, { ref: false })]);
      clients.abort();
      await closed;
    },
  };
}

/** What is asked over HTTP: about this program, or of the service that it plays. */
async function serve(pubSub: PubSub, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = message.url?.split('?', 1)[0];
  if (path === '/faults') await serveFaults(pubSub.faults, message, response);
  else if (path === '/status') serveStatus(pubSub, response);
  else await serveRest(pubSub, message, response);
}
