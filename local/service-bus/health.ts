/** The HTTP port: whether the namespace answers. Microsoft's emulator has its administration here as well. */
import { createServer, type Server } from 'node:http';

export class HealthServer {
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const found = request.url === '/health' && (request.method === 'GET' || request.method === 'HEAD');
      response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
      response.end(
        request.method === 'HEAD'
          ? undefined
          : JSON.stringify(found ? { status: 'healthy' } : { error: 'Only GET /health is served here.' }),
      );
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
