/** Puts the service on a port: REST and WebSocket clients share it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from './config.ts';
import { ClientEndpoint } from './connection/endpoint.ts';
import { serveRest } from './rest/endpoint.ts';
import { PubSub } from './service.ts';

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
    void serveRest(pubSub, message, response);
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
