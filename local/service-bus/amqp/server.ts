/** The AMQP port: sockets in, a connection of rhea for each. One that sends nonsense is closed, and nothing else happens. */
import { createServer, type Server, type Socket } from 'node:net';
import rhea from 'rhea';
import type { Namespace } from '../broker/namespace.ts';
import { ClientConnection } from './client-connection.ts';
import { serveSocket } from './rhea-internals.ts';

/** Bytes of a frame, as the service has it. */
const maxFrameSize = 65_536;
const idleTimeout = 120_000;
/** Deliveries that a session may leave unsettled; rhea's own 2,048 are few beside one that is never settled. */
const unsettledDeliveries = 16_384;

export class AmqpServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(namespace: Namespace) {
    const container = rhea.create_container({ id: 'service-bus' });
    container.sasl_server_mechanisms.enable_anonymous();
    container.sasl_server_mechanisms.MSSBCBS = () => ({ outcome: undefined, start: acceptAnybody });
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      const connection = container.create_connection({
        max_frame_size: maxFrameSize,
        idle_time_out: idleTimeout,
        session_buffer_size: { outgoing: unsettledDeliveries },
        receiver_options: { credit_window: 0, autoaccept: false, autosettle: false },
        sender_options: { autosettle: false, treat_modified_as_released: false } as object,
      } as Parameters<typeof container.create_connection>[0]);
      const client = new ClientConnection(connection, namespace);
      const report = (error: unknown) => console.error(`A client was disconnected: ${String(error)}`);
      connection.on('protocol_error', report);
      connection.on('error', report);
      serveSocket(connection, socket);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.close();
      });
    });
  }

  listen(port: number, host: string): Promise<void> {
    return new Promise((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(port, host, () => done());
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** The mechanism of Microsoft's .NET client, which proves itself on `$cbs` later. */
function acceptAnybody(this: { outcome: boolean | undefined }): void {
  this.outcome = true;
}
