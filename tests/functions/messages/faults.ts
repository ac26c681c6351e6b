/**
 * A line to Table Storage that can fail the ways real ones do: a request that never arrives, an answer that is lost
 * after the work was done, an answer that comes late. Stands between the SDK and Azurite.
 */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** `pass` it on; `lose` it before it arrives; `mute`: do it and lose the answer; `busy`: refuse it, for now. */
export type Fate = 'pass' | 'lose' | 'mute' | 'busy';

export interface TableRequest {
  method: string;
  /** Path and query, without the account. */
  path: string;
  body: string;
}

/** Whether a request is the append of messages to a log. */
export const isAppend = ({ path, body }: TableRequest): boolean =>
  path.startsWith('/$batch') && body.includes("RowKey='log'") && body.includes('message_id');

/** Whether a request writes (`POST`) or removes (`DELETE`) an intent. */
export const isIntent = ({ method, path }: TableRequest, wanted: string): boolean =>
  method === wanted && path.startsWith('/intents');

export class FaultyLine {
  /** Decides what becomes of each request, and may wait before it says so. */
  fate: (request: TableRequest) => Fate | Promise<Fate> = () => 'pass';
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  readonly #target: URL;

  constructor(tableEndpoint: string) {
    this.#target = new URL(tableEndpoint);
  }

  /** The connection string with this line in the place of the direct one. */
  async open(connectionString: string): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const { port } = this.#server.address() as AddressInfo;
    return connectionString.replace(
      /TableEndpoint=http:\/\/127\.0\.0\.1:\d+/,
      `TableEndpoint=http://127.0.0.1:${port}`,
    );
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await text(incoming);
    const { method = '', url = '' } = incoming;
    const path = decodeURIComponent(url).replace('/devstoreaccount1', '');
    const fate = await this.fate({ method, path, body });
    if (fate === 'lose') return fail(outgoing);
    if (fate === 'busy') return void outgoing.writeHead(503, { 'retry-after': '0' }).end();
    const { hostname, port } = this.#target;
    const onward = forward({ hostname, port, method, path: url, headers: incoming.headers }, (answer) => {
      if (fate === 'mute') {
        answer.resume().once('end', () => fail(outgoing));
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    onward.end(body);
  }
}

/** An answer that the SDK does not try again after, so that a test sees each failure once. */
function fail(outgoing: ServerResponse): void {
  outgoing.writeHead(501, { 'content-type': 'application/json' });
  outgoing.end(
    '{"odata.error":{"code":"NotImplemented","message":{"lang":"en-US","value":"lost on the line"}}}',
  );
}
