/** The host's own API below `/admin`, as far as tools and people use it on a laptop. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Faults } from '../../fault-injection/faults.ts';
import { serveFaults } from '../../fault-injection/http.ts';
import type { AppState } from '../app.ts';
import type { FunctionDefinition } from '../catalogue.ts';
import { readBody } from './exchange.ts';
import { hostKeyScopes, serveKeys } from './key-routes.ts';
import type { KeyStore } from './keys.ts';

export interface AdminOptions {
  version: string;
  /** Undefined: nobody is asked for a key. */
  keys: KeyStore | undefined;
  hostId: string;
  state: () => AppState;
  functions: () => FunctionDefinition[];
  errors: () => string[];
  /** Address of an HTTP-triggered function. */
  invokeUrl: (definition: FunctionDefinition) => string | undefined;
  config: object;
  /** Starts a function that no HTTP request triggers; returns at once. */
  trigger: (definition: FunctionDefinition, input: string) => void;
  restart: () => void;
  drain: () => void;
  resume: () => void;
  /** Whether non-HTTP triggers are stopped, and how many invocations still run. */
  draining: () => { isDraining: boolean; outstanding: number };
  /** What the host has been doing, as JSON. */
  activity: () => object;
  faults: Faults;
}

interface Call {
  url: URL;
  key: string | undefined;
}

const stateNames: Record<AppState, string> = {
  starting: 'Starting',
  running: 'Running',
  error: 'Error',
  stopped: 'Offline',
};

export class Admin {
  #options: AdminOptions;

  constructor(options: AdminOptions) {
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse, { url, key }: Call): Promise<void> {
    const { keys } = this.#options;
    const path = url.pathname.replace(/\/$/, '').toLowerCase();
    if (path === '/admin/host/ping') return void response.writeHead(200).end();
    if (keys && !keys.isMaster(key)) return void response.writeHead(401).end();
    const [, , area = '', ...rest] = url.pathname.replace(/\/$/, '').split('/');
    if (area.toLowerCase() === 'functions') return this.#functions(request, response, { rest, url });
    if (area.toLowerCase() === 'host') return this.#host(request, response, rest);
    if (path === '/admin/faults') return serveFaults(this.#options.faults, request, response);
    response.writeHead(404).end();
  }

  async #host(request: IncomingMessage, response: ServerResponse, rest: string[]): Promise<void> {
    const what = rest.join('/').toLowerCase();
    const scope = hostKeyScopes[rest[0]?.toLowerCase() ?? ''];
    if (scope) return serveKeys(request, response, { keys: this.#options.keys, scope, name: rest[1] });
    const { version, hostId, state, errors, config } = this.#options;
    const isGet = request.method === 'GET';
    if (isGet && what === 'status') {
      const status = {
        id: hostId,
        state: stateNames[state()],
        version,
        versionDetails: version,
        platformVersion: '',
        instanceId: String(process.pid),
        computerName: 'localhost',
        processUptime: Math.round(process.uptime() * 1000),
        ...(errors().length > 0 && { errors: errors() }),
      };
      return answer(response, 200, status);
    }
    if (isGet && what === 'activity') return answer(response, 200, this.#options.activity());
    if (isGet && what === 'config') return answer(response, 200, config);
    if (isGet && what === 'drain/status') {
      const { isDraining, outstanding } = this.#options.draining();
      const state = isDraining ? (outstanding > 0 ? 'InProgress' : 'Completed') : 'Disabled';
      return answer(response, 200, { state, outstandingInvocations: outstanding, outstandingRetries: 0 });
    }
    if (request.method === 'POST' && what === 'resume') {
      this.#options.resume();
      return answer(response, 200, { state: stateNames[state()] });
    }
    if (request.method === 'POST' && (what === 'restart' || what === 'drain')) {
      this.#options[what]();
      return void response.writeHead(202).end();
    }
    response.writeHead(404).end();
  }

  async #functions(
    request: IncomingMessage,
    response: ServerResponse,
    { rest, url }: { rest: string[]; url: URL },
  ): Promise<void> {
    const [name, detail] = rest;
    const { functions, keys } = this.#options;
    if (name === undefined) {
      const list = functions().map((definition) => this.#describe(definition, url));
      return answer(response, 200, list);
    }
    const definition = functions().find((known) => known.name.toLowerCase() === name.toLowerCase());
    if (!definition) return void response.writeHead(404).end();
    if (detail?.toLowerCase() === 'keys') {
      const scope = { functionName: definition.name };
      return serveKeys(request, response, { keys, scope, name: rest[2] });
    }
    if (request.method === 'POST' && detail === undefined)
      return this.#trigger(request, response, definition);
    if (request.method !== 'GET') return void response.writeHead(404).end();
    switch (detail?.toLowerCase()) {
      case undefined:
        return answer(response, 200, this.#describe(definition, url));
      case 'status':
        return answer(response, 200, { isDisabled: definition.isDisabled });
      default:
        return void response.writeHead(404).end();
    }
  }

  async #trigger(
    request: IncomingMessage,
    response: ServerResponse,
    definition: FunctionDefinition,
  ): Promise<void> {
    const body = await readBody(request);
    const input = body && inputOf(body);
    const isHttp = definition.trigger.type.toLowerCase() === 'httptrigger';
    if (input === undefined || isHttp) return void response.writeHead(400).end();
    this.#options.trigger(definition, input);
    response.writeHead(202).end();
  }

  #describe(definition: FunctionDefinition, url: URL): object {
    const { name, bindings, isDisabled } = definition;
    return {
      name,
      href: `${url.origin}/admin/functions/${name}`,
      invoke_url_template: this.#options.invokeUrl(definition) ?? null,
      language: 'node',
      isDisabled,
      isDirect: false,
      isProxy: false,
      config: {
        name,
        language: 'node',
        bindings: Object.entries(bindings).map(([bindingName, binding]) => ({
          ...binding,
          name: bindingName,
        })),
      },
    };
  }
}

/** `{"input": "…"}`; undefined where the body is no such object. */
function inputOf(body: Buffer): string | undefined {
  try {
    const { input } = JSON.parse(body.toString()) as { input?: unknown };
    if (input === undefined || input === null) return '';
    return typeof input === 'string' ? input : JSON.stringify(input);
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  const headers: OutgoingHttpHeaders = { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, headers).end(JSON.stringify(body));
}
