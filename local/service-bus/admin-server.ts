/**
 * The HTTP port: whether the namespace answers, what it is doing, and the faults on request. Microsoft's emulator has
 * its administration here as well. Must not know AMQP.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Faults } from '../fault-injection/faults.ts';
import { serveFaults } from '../fault-injection/http.ts';

export interface AdminParts {
  faults: Faults;
  /** What `GET /status` answers, as JSON. */
  status: () => object;
}

export class AdminServer {
  readonly #server: Server;

  constructor(parts: AdminParts) {
    this.#server = createServer((request, response) => {
      serve(request, response, parts).catch((error: unknown) => {
        console.error(error);
        response.destroy();
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
    this.#server.closeAllConnections();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { faults, status }: AdminParts,
): Promise<void> {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (request.url === '/faults') return serveFaults(faults, request, response);
  if (reads && request.url === '/health') return answer(request, response, { status: 'healthy' });
  if (reads && request.url === '/status') return answer(request, response, status());
  response.statusCode = 404;
  answer(request, response, { error: 'Only GET /health, GET /status and /faults are served here.' });
}

function answer(request: IncomingMessage, response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
}
