/** An event handler for tests: a real HTTP server that keeps what it was sent and answers as it is told. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../../support/until.ts';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

/** Undefined is 204. A promise lets a test hold the answer back. */
export type Respond = (event: Received) => Answer | undefined | Promise<Answer | undefined>;

export interface EventHandler {
  url: string;
  /** All events, without the validations. */
  events: Received[];
  validations: Received[];
  /** How many connections it has accepted. */
  connections(): number;
  /** Says what is answered from now on. */
  respond(how: Respond): void;
  /** Says what is answered to validations from now on. */
  consent(how: Respond): void;
  /** The nth event of a type (`connect`, `disconnected`, or a custom name), once it has come. */
  event(name: string, index?: number): Promise<Received>;
  stop(): Promise<void>;
}

/** On a port of its own, unless one is given. */
export async function startEventHandler(port = 0): Promise<EventHandler> {
  const events: Received[] = [];
  const validations: Received[] = [];
  let respond: Respond = () => undefined;
  let consent: Respond = () => ({ headers: { 'WebHook-Allowed-Origin': '*' } });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks) };
      const isEvent = method === 'POST';
      (isEvent ? events : validations).push(received);
      void Promise.resolve((isEvent ? respond : consent)(received)).then((answer) => {
        response.writeHead(answer?.status ?? (answer ? 200 : 204), answer?.headers ?? {}).end(answer?.body);
      });
    });
  });
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    events,
    validations,
    connections: () => connections,
    respond: (how) => (respond = how),
    consent: (how) => (consent = how),
    event: (name, index = 0) =>
      until(() => events.filter(({ headers }) => headers['ce-eventname'] === name)[index], {
        what: `event ${name} number ${index}`,
      }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Settings that send everything of every hub to a handler. */
export const everythingTo = (url: string) => ({
  _default: {
    EventHandlers: [
      { UrlTemplate: url, SystemEvents: ['connect', 'connected', 'disconnected'], EventPattern: '*' },
    ],
  },
});
