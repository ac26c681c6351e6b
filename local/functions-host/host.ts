/**
 * The host put together: settings, the app, its triggers, the web server. Started and stopped as one.
 */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { App } from './app.ts';
import { appEnvironment, readLocalSettings } from './app-settings.ts';
import { FolderWatch } from './folder-watch.ts';
import { indexFunctions, type FunctionDefinition, type Index } from './functions.ts';
import { readHostJson, type HostJson } from './host-json.ts';
import { Admin } from './http/admin.ts';
import { KeyStore } from './http/keys.ts';
import { httpRoute, RouteTable, type HttpRoute } from './http/routes.ts';
import { HttpServer } from './http/server.ts';
import { Invocations } from './invocations.ts';
import { consoleLog, type Log } from './log.ts';
import type { Options } from './options.ts';
import { Connections } from './service-bus/connections.ts';
import { serviceBusOutput } from './service-bus/output.ts';
import { TimerStore } from './timer/timer-store.ts';
import { Triggers } from './triggers.ts';
import type { FunctionMetadata } from './worker/protocol.ts';

export const version = '4.1043.0';
const defaultPort = 7071;
/** How long what is under way may take at the end, in milliseconds. */
const closeLimit = 5_000;
export class Host {
  readonly port: number;
  #options: Options;
  #env: NodeJS.ProcessEnv;
  #hostJson: HostJson;
  #log: Log;
  #app: App;
  #invocations: Invocations;
  #server: HttpServer;
  #index: Index = { functions: [], errors: [] };
  #routes: HttpRoute[] = [];
  #connections: Connections;
  #triggers: Triggers;
  #watch: FolderWatch | undefined;

  /** Reads all configuration. Throws a sentence about what is wrong in it. */
  constructor(options: Options) {
    this.#options = options;
    const scriptRoot = resolve(options.scriptRoot);
    const settings = readLocalSettings(options.settings);
    this.port = options.port ?? settings.port ?? defaultPort;
    this.#env = appEnvironment(settings, process.env, { host: 'localhost', port: this.port, scriptRoot });
    this.#hostJson = readHostJson(scriptRoot, this.#env);
    this.#log = consoleLog(this.#hostJson.logLevels);
    for (const warning of [...settings.warnings, ...this.#hostJson.warnings]) {
      this.#log.write('warning', 'Host.Startup', warning);
    }
    this.#app = new App({
      scriptRoot,
      env: this.#env,
      functionTimeout: this.#hostJson.functionTimeout,
      log: this.#log,
      onLoaded: (functions) => this.#serve(functions),
      onLog: (line) => this.#invocations.writeLine(line),
    });
    this.#connections = new Connections(this.#env);
    this.#invocations = new Invocations(this.#app, this.#log, serviceBusOutput(this.#connections));
    const file = (name: string): string | undefined => options.data && join(options.data, name);
    this.#triggers = new Triggers({
      app: this.#app,
      invocations: this.#invocations,
      log: this.#log,
      env: this.#env,
      hostJson: this.#hostJson,
      connections: this.#connections,
      timers: new TimerStore(file('timers.json')),
    });
    const keys = options.enableAuth ? new KeyStore(file('keys.json')) : undefined;
    this.#server = new HttpServer({
      app: this.#app,
      invocations: this.#invocations,
      admin: this.#admin(keys, scriptRoot),
      keys,
      cors: {
        origins: options.cors ?? settings.corsOrigins,
        credentials: options.corsCredentials ?? settings.corsCredentials,
      },
      customHeaders: this.#hostJson.http.customHeaders,
      concurrency: options.httpConcurrency,
      hasHomepage: this.#env['AzureWebJobsDisableHomepage']?.toLowerCase() !== 'true',
    });
  }

  /** Listens, then loads the app. Rejects with `EADDRINUSE` where the port is taken. */
  async start(): Promise<void> {
    await this.#server.listen(this.port, this.#options.host);
    await this.#app.load();
    if (!this.#options.watch) return;
    this.#watch = new FolderWatch(resolve(this.#options.scriptRoot), () => {
      this.#log.write('information', 'Host.Startup', 'The app has changed. Loading it again.');
      void this.#app.load();
    });
  }

  /** Ends in the order that loses nothing: no new input, what runs finishes, the app says good-bye. */
  async stop(): Promise<void> {
    this.#watch?.close();
    const ended = Promise.all([this.#server.close(closeLimit), this.#triggers.stop()]);
    await Promise.race([ended, delay(closeLimit, undefined, { ref: false })]);
    await this.#connections.close();
    await this.#app.stop();
  }

  /** Takes over what the app has registered: routes at once, other triggers as far as they changed. */
  #serve(registered: FunctionMetadata[]): void {
    this.#index = indexFunctions(registered, this.#env);
    this.#routes = [];
    const others: FunctionDefinition[] = [];
    for (const definition of this.#index.functions) {
      if (definition.trigger.type.toLowerCase() === 'httptrigger') this.#addRoute(definition);
      else if (!definition.isDisabled) others.push(definition);
    }
    this.#server.routes = new RouteTable(this.#routes);
    this.#index.errors.push(...this.#triggers.update(others));
    this.#announce();
  }

  #addRoute(definition: FunctionDefinition): void {
    try {
      this.#routes.push(httpRoute(definition, this.#hostJson.http.routePrefix));
    } catch (error) {
      this.#refuse(definition.name, error);
    }
  }

  #refuse(name: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#index.errors.push(`The '${name}' function is in error: ${reason}`);
  }

  /** The list of functions, as `func start` prints it. */
  #announce(): void {
    for (const error of this.#index.errors) this.#log.write('error', 'Host.Startup', error);
    const lines = this.#index.functions.map((definition) => {
      const route = this.#routes.find((each) => each.definition === definition);
      const suffix = definition.isDisabled ? ' (disabled)' : '';
      if (!route) return `\t${definition.name}: ${definition.trigger.type}${suffix}`;
      return `\t${definition.name}: [${route.methods.join(',')}] ${this.#address(route)}${suffix}`;
    });
    this.#log.plain(['', 'Functions:', '', ...lines.flatMap((line) => [line, ''])].join('\n'));
  }

  #address(route: HttpRoute): string {
    return `http://localhost:${this.port}/${route.path}`;
  }

  #admin(keys: KeyStore | undefined, scriptRoot: string): Admin {
    return new Admin({
      version,
      keys,
      hostId: createHash('sha256').update(scriptRoot).digest('hex').slice(0, 32),
      state: () => this.#app.state,
      functions: () => this.#index.functions,
      errors: () => this.#index.errors,
      invokeUrl: (definition) => {
        const route = this.#routes.find((each) => each.definition === definition);
        return route && this.#address(route);
      },
      config: this.#hostJson,
      trigger: (definition, input) => this.#triggers.fire(definition.name, input),
      restart: () => void this.#app.load(),
    });
  }
}
