/**
 * The AMQP ports, plain and of TLS: sockets in, a connection of rhea for each. One that sends nonsense is closed, and
 * nothing else happens.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import rhea, { type Connection, type Container } from 'rhea';
import type { Faults } from '../../fault-injection/faults.ts';
import type { Certificate } from '../../tls/certificate.ts';
import type { Activity } from '../activity.ts';
import type { Namespace } from '../broker/namespace.ts';
import { ClientConnection } from './client-connection.ts';
import { Guard } from './guard.ts';
import { serveSocket } from './rhea-internals.ts';

/** Bytes of a frame, as the service has it. */
const maxFrameSize = 65_536;
const idleTimeout = 120_000;
/** Milliseconds that clients get to answer a goodbye. */
const patience = 1_000;
/** Deliveries that a session may leave unsettled; rhea's own 2,048 are few beside one that is never settled. */
const unsettledDeliveries = 16_384;

export interface AmqpParts {
  namespace: Namespace;
  faults: Faults;
  activity: Activity;
}

export class AmqpServer {
  readonly #parts: AmqpParts;
  readonly #container: Container;
  readonly #servers: Server[] = [];
  readonly #clients = new Map<Socket, Connection>();

  constructor(parts: AmqpParts) {
    this.#parts = parts;
    this.#container = rhea.create_container({ id: 'service-bus' });
    this.#container.sasl_server_mechanisms.enable_anonymous();
    this.#container.sasl_server_mechanisms.MSSBCBS = () => ({ outcome: undefined, start: acceptAnybody });
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#clients.size;
  }

  /** Listens on one more port; of TLS where there is a certificate. */
  listen(port: number, host: string, certificate?: Certificate): Promise<void> {
    const serve = (socket: Socket) => this.#serve(socket);
    const server = certificate
      ? createTlsServer({ ...certificate, noDelay: true }, serve)
      : createServer({ noDelay: true }, serve);
    this.#servers.push(server);
    return new Promise((done, fail) => {
      server.once('error', fail);
      server.listen(port, host, () => done());
    });
  }

  /** Tells every client that it ends, so that they come back, and does not wait long for their answer. */
  async close(): Promise<void> {
    const closed = Promise.all(
      this.#servers.map((server) => new Promise<void>((done) => server.close(() => done()))),
    );
    for (const connection of this.#clients.values()) {
      connection.close({
        condition: 'amqp:connection:forced',
        description: 'The namespace is shutting down.',
      });
    }
    const insist = setTimeout(() => {
      for (const socket of this.#clients.keys()) socket.destroy();
    }, patience);
    await closed;
    clearTimeout(insist);
  }

  #serve(socket: Socket): void {
    const { namespace, faults, activity } = this.#parts;
    const connection = this.#container.create_connection({
      max_frame_size: maxFrameSize,
      idle_time_out: idleTimeout,
      session_buffer_size: { outgoing: unsettledDeliveries },
      receiver_options: { credit_window: 0, autoaccept: false, autosettle: false },
      sender_options: { autosettle: false, treat_modified_as_released: false } as object,
    } as Parameters<Container['create_connection']>[0]);
    const client = new ClientConnection(
      connection,
      namespace,
      new Guard({ faults, activity, disconnect: () => socket.destroy() }),
    );
    const report = (error: unknown) => console.error(`A client was disconnected: ${String(error)}`);
    connection.on('protocol_error', report);
    connection.on('error', report);
    serveSocket(connection, socket);
    this.#clients.set(socket, connection);
    socket.on('close', () => {
      this.#clients.delete(socket);
      client.close();
    });
  }
}

/** The mechanism of Microsoft's .NET client, which proves itself on `$cbs` later. */
function acceptAnybody(this: { outcome: boolean | undefined }): void {
  this.outcome = true;
}
