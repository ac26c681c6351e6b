/**
 * The WebSocket endpoint: takes upgrade requests, lets new clients in and lost ones back, and ties each socket to
 * its connection. Watches that the other side still lives.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { internalError, invalidHub, noOperation, notServed, notWebSocket, Refusal } from '../errors.ts';
import { isStruck } from '../http-fault.ts';
import { isHubName } from '../names.ts';
import { readSegments, readUrl } from '../request-url.ts';
import type { PubSub, ServedHub } from '../service.ts';
import type { Connection } from './connection.ts';
import { Departures } from './departures.ts';
import { accept, readSubprotocols } from './handshake.ts';
import { Reception } from './reception.ts';
import { Wire } from './wire.ts';

/** Bytes of a client's frame. */
const largestMessage = 1024 * 1024;

interface Handshake {
  message: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

export class ClientEndpoint {
  readonly #pubSub: PubSub;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: largestMessage });
  readonly #departures = new Departures();
  readonly #wires = new Set<Wire>();
  readonly #sockets = new Set<Duplex>();
  readonly #pinging: NodeJS.Timeout;

  constructor(pubSub: PubSub) {
    this.#pubSub = pubSub;
    this.#pinging = setInterval(() => this.#ping(), pubSub.config.pingSeconds * 1000).unref();
  }

  /** Serves one `upgrade` of the HTTP server, to the end. */
  upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', ignore);
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    this.#open({ message, socket, head }).catch((error: unknown) => refuse(socket, error));
  }

  stopPinging(): void {
    clearInterval(this.#pinging);
  }

  /** Cuts the lines of clients that did not answer the goodbye. */
  abort(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #open(handshake: Handshake): Promise<void> {
    const { message, socket } = handshake;
    const url = readUrl(message);
    const served = this.#pubSub.hub(readHub(url));
    if (!isHandshake(message)) throw notWebSocket();
    const isReturn = url.searchParams.has('awps_connection_id');
    const operation = { name: `${isReturn ? 'recover' : 'connect'} ${served.hub.name}`, socket };
    if (await isStruck(this.#pubSub.faults, operation, 'before')) return;
    if (isReturn) this.#recover(handshake, served, url);
    else await this.#welcome(handshake, served, url);
  }

  async #welcome(handshake: Handshake, served: ServedHub, url: URL): Promise<void> {
    const { message, socket } = handshake;
    const { connection, groups } = await accept(this.#pubSub, served, { message, url });
    const operation = { name: `connect ${served.hub.name}`, socket };
    let webSocket: WebSocket | undefined;
    try {
      if (await isStruck(this.#pubSub.faults, operation, 'after')) return;
      webSocket = this.#upgrade(handshake, connection.subprotocol);
    } finally {
      // The handler has said yes, so it is owed a `disconnected`.
      if (!webSocket) connection.end('The client left during the handshake.');
    }
    if (!webSocket) return;
    this.#tie(connection, webSocket, socket);
    served.hub.add(connection);
    for (const group of groups) served.hub.join(connection, group);
    this.#greet(connection);
    connection.events.connected();
  }

  /** Brings a client back to its connection; where that is gone, opens the socket only to say so. */
  #recover(handshake: Handshake, served: ServedHub, url: URL): void {
    const id = url.searchParams.get('awps_connection_id') ?? '';
    const given = url.searchParams.get('awps_reconnection_token') ?? '';
    const isValid = this.#pubSub.tokens.isReconnection(given, id);
    const connection = isValid ? served.hub.connection(id) : undefined;
    const target = `${served.hub.name}/${connection?.userId ?? id}`;
    this.#pubSub.activity.add({ operation: 'recover', target, detail: connection ? id : 'refused' });
    if (!connection?.buffer) {
      const offered = readSubprotocols(handshake.message)[0] ?? '';
      this.#upgrade(handshake, offered)?.close(1008, 'The connection cannot be recovered.');
      return;
    }
    const webSocket = this.#upgrade(handshake, connection.subprotocol);
    if (!webSocket) return;
    this.#tie(connection, webSocket, handshake.socket);
    this.#greet(connection);
    connection.replay();
  }

  /** The socket of a client that is let in; undefined when it has left already. */
  #upgrade({ message, socket, head }: Handshake, subprotocol: string): WebSocket | undefined {
    // The WebSocket server takes the first one offered: leave it only the one that was agreed on.
    if (subprotocol) message.headers['sec-websocket-protocol'] = subprotocol;
    else delete message.headers['sec-websocket-protocol'];
    let opened: WebSocket | undefined;
    this.#server.handleUpgrade(message, socket, head, (webSocket) => (opened = webSocket));
    return opened;
  }

  #tie(connection: Connection, webSocket: WebSocket, socket: Duplex): void {
    const wire = new Wire(webSocket, socket, this.#departures);
    const reception = new Reception(this.#pubSub, connection);
    this.#wires.add(wire);
    connection.attach(wire);
    webSocket.on('pong', () => (wire.answered = true));
    webSocket.on('message', (data: Buffer, isBinary) => {
      wire.answered = true;
      if (connection.ended) return;
      reception.take(data, isBinary);
      if (connection.events.isCongested && !webSocket.isPaused) {
        webSocket.pause();
        void connection.events.settled().then(() => webSocket.resume());
      }
    });
    // A frame that breaks the WebSocket protocol or is too large; the close frame is on its way already.
    webSocket.on('error', (error) => connection.end(error.message));
    webSocket.on('close', (code, reason) => {
      this.#wires.delete(wire);
      connection.lose(wire, code, reason.toString() || `The socket was closed with ${code}.`);
    });
  }

  /** The first frame of a client of a subprotocol. */
  #greet(connection: Connection): void {
    const { protocol, userId, id, buffer } = connection;
    if (protocol.format === 'raw') return;
    const reconnectionToken = buffer && this.#pubSub.tokens.issueReconnection(id);
    connection.send({ type: 'system', event: 'connected', userId, connectionId: id, reconnectionToken });
  }

  #ping(): void {
    for (const wire of this.#wires) {
      if (wire.answered) wire.ping();
      else wire.abort();
    }
  }
}

const ignore = (): void => {
  // A client that goes away is no error of ours.
};

/** `/client/hubs/{hub}`, or `/client/?hub={hub}`. */
function readHub(url: URL): string {
  const [, root, kind, named, ...more] = readSegments(url);
  if (root === 'clients' && kind === 'mqtt') throw notServed('MQTT');
  if (root === 'clients' && kind === 'socketio') throw notServed('Socket.IO');
  const inPath = kind === 'hubs' && named !== undefined && more.join('') === '';
  if (root !== 'client' || (!inPath && kind)) throw noOperation('GET', url.pathname);
  const name = inPath ? named : (url.searchParams.get('hub') ?? '');
  if (!isHubName(name)) throw invalidHub(name);
  return name;
}

/** Checked before the handler is asked, so that it never accepts what cannot be upgraded. */
function isHandshake({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-version'] === '13' &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')
  );
}

/** Answers a handshake with a status instead of an upgrade. */
function refuse(socket: Duplex, error: unknown): void {
  if (!(error instanceof Refusal)) console.error('A handshake failed:', error);
  const refusal = error instanceof Refusal ? error : internalError();
  const body = refusal.toBody();
  socket.end(
    [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? 'Refused'}`,
      'Connection: close',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...Object.entries(refusal.headers).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  );
}
