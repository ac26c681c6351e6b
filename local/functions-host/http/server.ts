/**
 * The host's web server: CORS, keys, `/admin`, and the routes of the functions. What a request means to a function
 * is `exchange.ts`'s business.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Faults } from '../../fault-injection/faults.ts';
import type { App } from '../app.ts';
import type { Firing, Invocations } from '../invocations.ts';
import type { Webhook } from '../web-pubsub/webhook.ts';
import type { Admin } from './admin.ts';
import { corsAnswer, type CorsOptions } from './cors.ts';
import { BodyTooLarge, headerPairs, httpInput, joined, readBody, writeResult } from './exchange.ts';
import { strike } from './fault.ts';
import type { KeyStore } from './keys.ts';
import { RouteTable, type RouteMatch } from './routes.ts';
import { stream } from './streaming.ts';
import { Turnstile } from './turnstile.ts';

export interface HttpServerOptions {
  app: App;
  invocations: Invocations;
  admin: Admin;
  /** Undefined: nobody is asked for a key, as in `func start`. */
  keys: KeyStore | undefined;
  cors: CorsOptions;
  /** Headers that host.json puts on every answer. */
  customHeaders: Record<string, string>;
  /** How many HTTP invocations may run at a time. */
  concurrency: number;
  hasHomepage: boolean;
  faults: Faults;
  webhook: Webhook;
}

const homepage =
  '<!doctype html><title>Functions host</title><p>Your Functions host is up and running.</p>\n';

export class HttpServer {
  #options: HttpServerOptions;
  #routes = new RouteTable([]);
  #turnstile: Turnstile;
  #server: Server;
  #isClosing = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#turnstile = new Turnstile(options.concurrency);
    this.#server = createServer((request, response) => {
      // At the end a connection that is kept for more requests would keep the host.
      response.once(
        'close',
        () => this.#isClosing && setImmediate(() => this.#server.closeIdleConnections()),
      );
      this.#handle(request, response).catch((error: unknown) => fail(response, error));
    });
    // Node would answer 408 in the middle of a slow upload; and clients that keep connections expect Kestrel's limit.
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 130_000;
  }

  /** The functions to serve from now on. */
  set routes(routes: RouteTable) {
    this.#routes = routes;
  }

  /** Rejects with Node's error, `EADDRINUSE` where the port is taken. */
  listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  /** Takes no more requests; returns when those under way are answered, or at the limit (milliseconds). */
  async close(limit: number): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const timer = setTimeout(() => this.#server.closeAllConnections(), limit);
    await closed;
    clearTimeout(timer);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { app, admin, keys, cors, customHeaders, hasHomepage } = this.#options;
    const { headers, isPreflight } = corsAnswer(request, cors);
    setHeaders(response, customHeaders);
    setHeaders(response, headers);
    if (isPreflight) return void response.writeHead(204).end();

    const url = addressOf(request);
    if (!url) return void response.writeHead(400).end();
    const key = headerText(request, 'x-functions-key') ?? url.searchParams.get('code') ?? undefined;
    if (url.pathname === '/' && (request.method === 'GET' || request.method === 'HEAD')) {
      if (!hasHomepage) return void response.writeHead(204).end();
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(homepage);
    }
    if (/^\/admin(?:\/|$)/i.test(url.pathname)) return admin.handle(request, response, { url, key });

    if (app.state !== 'running') return unavailable(response);
    const [, extension] = /^\/runtime\/webhooks\/([^/]+)\/?$/i.exec(url.pathname) ?? [];
    if (extension) return this.#webhook(request, response, { extension: extension.toLowerCase(), key });
    const match = this.#routes.find(request.method ?? 'GET', url.pathname.slice(1));
    if (!match) return void response.writeHead(404).end();
    const { definition, authLevel } = match.route;
    if (definition.isDisabled && !keys?.isMaster(key)) return void response.writeHead(404).end();
    if (keys && !keys.opens(authLevel, definition.name, key)) return void response.writeHead(401).end();
    // Streamed bodies are read by the app; others must be here before a place is taken.
    const body = app.httpUri === undefined ? await readBody(request) : undefined;
    if (await this.#isStruck(request, response, match, 'before')) return;
    await this.#turnstile.pass(() =>
      this.#invoke(request, response, { match, url, body, fixedHeaders: headers }),
    );
  }

  /** Events that a service brings by itself, to an extension's address and with its key. */
  async #webhook(
    request: IncomingMessage,
    response: ServerResponse,
    { extension, key }: { extension: string; key: string | undefined },
  ): Promise<void> {
    const { keys, webhook } = this.#options;
    if (extension !== 'webpubsub') return void response.writeHead(404).end();
    if (keys && !keys.opensExtension(extension, key)) return void response.writeHead(401).end();
    const body = (await readBody(request)) ?? Buffer.alloc(0);
    await this.#turnstile.pass(async () => {
      const answer = await webhook.handle(request.method ?? '', joined(headerPairs(request)), body);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  }

  async #invoke(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const { app } = this.#options;
    // While this request waited for its turn the app may have gone.
    if (app.state !== 'running') return unavailable(response);
    try {
      if (app.httpUri === undefined) await this.#exchange(request, response, call);
      else await this.#stream(request, response, { ...call, httpUri: app.httpUri });
    } catch {
      // Logged where it failed.
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  }

  async #exchange(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const { match, url, body, fixedHeaders } = call;
    const result = await this.#options.invocations.run(match.route.definition, {
      ...calledBy(request),
      input: { http: httpInput(request, url, { params: match.params, body }) },
    });
    if (await this.#isStruck(request, response, match, 'after')) return;
    // The host's word on origins stands, whatever the function says.
    const http = result.returnValue?.http;
    if (http?.headers) Object.assign(http.headers, fixedHeaders);
    writeResult(response, result);
  }

  async #isStruck(
    { method }: IncomingMessage,
    response: ServerResponse,
    { route }: RouteMatch,
    when: 'before' | 'after',
  ): Promise<boolean> {
    const { faults } = this.#options;
    return faults.any && strike(response, await faults.meet(`request ${method} /${route.path}`, when));
  }

  #stream(
    request: IncomingMessage,
    response: ServerResponse,
    call: Call & { httpUri: string },
  ): Promise<void> {
    const { match, url, httpUri, fixedHeaders } = call;
    const invocationId = randomUUID();
    return stream(request, response, {
      httpUri,
      url,
      params: match.params,
      invocationId,
      fixedHeaders,
      run: (firing) =>
        this.#options.invocations.run(match.route.definition, {
          ...calledBy(request),
          ...firing,
          invocationId,
        }),
    });
  }
}

/** A request that has found its function. */
interface Call {
  match: RouteMatch;
  url: URL;
  body: Buffer | undefined;
  /** Headers of ours that the function must not overrule. */
  fixedHeaders: Record<string, string>;
}

function calledBy(request: IncomingMessage): Pick<Firing, 'reason' | 'traceParent' | 'traceState'> {
  return {
    reason: 'This function was programmatically called via the host APIs.',
    traceParent: headerText(request, 'traceparent'),
    traceState: headerText(request, 'tracestate'),
  };
}

/** Undefined where the caller's Host header is no address. */
function addressOf(request: IncomingMessage): URL | undefined {
  // Not as a relative reference: "//x" would be taken for a host.
  const text = `http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function setHeaders(response: ServerResponse, headers: object): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
}

function unavailable(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'text/plain' }).end('Function host is not running.');
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(error instanceof BodyTooLarge ? 413 : 500, { connection: 'close' }).end();
}
