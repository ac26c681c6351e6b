/**
 * The functions behind a real Web PubSub: its events come over HTTP to the webhook, as a host would hand them over,
 * and people connect to it with plain WebSockets. A test may hold an event back.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { HttpRequest, InvocationContext } from '@azure/functions';
import WebSocket from 'ws';
import { hub, systemEvents, userEvents } from '../../../contract/names.ts';
import { answer } from '../../../functions/platform/http.ts';
import { takeEvent } from '../../../functions/realtime/webhook.ts';
import { startAzurite } from '../../support/azurite.ts';
import { startStack } from '../../support/stack.ts';
import { until } from '../../support/until.ts';
import type { Caller } from '../rooms/api.ts';

export const webhookCode = 'a-code-for-tests-only';
export const accessKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH';

export type Frame = { type: string; [field: string]: unknown };
type Held = (event: string, connectionId: string) => Promise<void> | void;

export interface Live {
  /** Called with each event before (`arrives`) and after (`answered`) the webhook has dealt with it. */
  arrives: Held;
  answered: Held;
  stop(): Promise<void>;
}

export async function startLive(): Promise<Live> {
  const nothing: Held = () => {};
  const live: Live = { arrives: nothing, answered: nothing, stop: () => Promise.resolve() };
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const headers = incoming.headers as Record<string, string>;
      const [event = '', connection = ''] = [headers['ce-eventname'], headers['ce-connectionid']];
      const body = await buffer(incoming);
      await live.arrives(event, connection);
      const request = new HttpRequest({
        method: incoming.method ?? '',
        url: `http://localhost${incoming.url ?? ''}`,
        headers,
        query: Object.fromEntries(new URL(incoming.url ?? '', 'http://localhost').searchParams),
        ...(incoming.method === 'POST' && { body: { bytes: body } }),
      });
      const context = new InvocationContext({ functionName: 'webhook', logHandler: () => {} });
      const answered = await answer(takeEvent, request, context);
      await live.answered(event, connection);
      outgoing.writeHead(answered.status ?? 200, answered.headers as Record<string, string>);
      outgoing.end(answered.body as string | undefined);
    })();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const [azurite, parts] = await Promise.all([startAzurite(), startParts(server)]);
  const { amqp, webPubSub } = parts.stack.ports;
  Object.assign(process.env, {
    AzureWebJobsStorage: azurite.connectionString,
    ServiceBusConnection: `Endpoint=sb://localhost:${amqp};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`,
    WebPubSubConnectionString: `Endpoint=http://localhost:${webPubSub};AccessKey=${accessKey};Version=1.0;`,
    WEBHOOK_CODE: webhookCode,
    SESSION_SIGNING_KEY: 'a-key-for-tests-only-0123456789-0123456789',
    GUESTS: 'on',
    LIMITS: 'off',
  });
  live.stop = async () => {
    await parts.stop();
    server.closeAllConnections();
    server.close();
    await azurite.stop();
  };
  return live;
}

const startParts = (server: Server) => {
  const { port } = server.address() as AddressInfo;
  const handler = {
    UrlTemplate: `http://localhost:${port}/api/webpubsub/events?code=${webhookCode}`,
    SystemEvents: systemEvents,
    EventPattern: userEvents.join(','),
  };
  const webPubSub = { AccessKey: accessKey, Hubs: { [hub]: { EventHandlers: [handler] } } };
  return startStack({ only: ['serviceBus', 'webPubSub'], changes: { webPubSub } });
};

/** A person's open connection: a plain WebSocket, which sends text with `action`. */
export class Connection {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  readonly closed: Promise<number>;
  #requests = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.frames.push(JSON.parse(data.toString()) as Frame));
    this.closed = new Promise((done) => socket.once('close', done));
  }

  /** Sends an action, and answers what comes back for it. */
  async ask(action: string, fields: object = {}): Promise<Frame> {
    const request_id = `r${(this.#requests += 1)}`;
    this.#socket.send(JSON.stringify({ action, request_id, ...fields }));
    return until(() => this.frames.find((frame) => frame['request_id'] === request_id), {
      what: `the answer to ${action}`,
    });
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  close(): void {
    this.#socket.close();
  }
}

/** Opens a connection with an address of `POST /negotiate`. */
export async function connect(caller: Caller): Promise<Connection> {
  const { body } = await caller.negotiate();
  const socket = new WebSocket(body.url);
  const connection = new Connection(socket);
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  return connection;
}
