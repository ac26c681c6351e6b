/**
 * The host put together: settings, the app, its triggers, the web server. Started and stopped as one.
 */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Faults } from '../fault-injection/faults.ts';
import { App } from './app.ts';
import { appEnvironment, readLocalSettings } from './app-settings.ts';
import { checkBindings } from './binding-checks.ts';
import { Catalogue, type FunctionDefinition } from './catalogue.ts';
import { FolderWatch } from './folder-watch.ts';
import { readHostJson, type HostJson } from './host-json.ts';
import { Admin } from './http/admin.ts';
import { KeyStore } from './http/keys.ts';
import { RouteTable } from './http/routes.ts';
import { HttpServer } from './http/server.ts';
import { Invocations } from './invocations.ts';
import { consoleLog, type Log } from './log.ts';
import type { Options } from './options.ts';
import { Connections } from './service-bus/connections.ts';
import { serviceBusOutput } from './service-bus/output.ts';
import { TimerStore } from './timer/timer-store.ts';
import { Triggers } from './triggers.ts';
import { hostVersion } from './version.ts';
import { WebPubSubConnections } from './web-pubsub/connections.ts';
import { webPubSubInputs } from './web-pubsub/inputs.ts';
import { webPubSubOutput } from './web-pubsub/output.ts';
import { Webhook } from './web-pubsub/webhook.ts';
import type { FunctionMetadata } from './worker/protocol.ts';

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
  #catalogue: Catalogue;
  #origin: string;
  #connections: Connections;
  #webPubSub: WebPubSubConnections;
  #triggers: Triggers;
  #faults = new Faults();
  #watch: FolderWatch | undefined;

  /** Reads all configuration. Throws a sentence about what is wrong in it. */
  constructor(options: Options) {
    this.#options = options;
    const scriptRoot = resolve(options.scriptRoot);
    const settings = readLocalSettings(options.settings);
    this.port = options.port ?? settings.port ?? defaultPort;
    this.#origin = `http://localhost:${this.port}`;
    this.#env = appEnvironment(settings, process.env, { host: 'localhost', port: this.port, scriptRoot });
    this.#hostJson = readHostJson(scriptRoot, this.#env);
    this.#catalogue = new Catalogue([], this.#env, '');
    this.#log = consoleLog(this.#hostJson.logLevels);
    for (const warning of [...settings.warnings, ...this.#hostJson.warnings]) {
      this.#log.write('warning', 'Host.Startup', warning);
    }
    this.#app = new App({
      scriptRoot,
      env: this.#env,
      functionTimeout: this.#hostJson.functionTimeout,
      faults: this.#faults,
      log: this.#log,
      onLoaded: (functions) => this.#serve(functions),
      onLog: (line) => this.#invocations.writeLine(line),
    });
    this.#connections = new Connections(this.#env);
    const webPubSub = new WebPubSubConnections(this.#env);
    this.#webPubSub = webPubSub;
    this.#invocations = new Invocations(this.#app, this.#log, {
      inputs: webPubSubInputs(webPubSub),
      outputs: [serviceBusOutput(this.#connections), webPubSubOutput(webPubSub)],
    });
    const webhook = new Webhook(webPubSub, this.#invocations);
    const file = (name: string): string | undefined => options.data && join(options.data, name);
    this.#triggers = new Triggers({
      app: this.#app,
      invocations: this.#invocations,
      log: this.#log,
      faults: this.#faults,
      env: this.#env,
      hostJson: this.#hostJson,
      connections: this.#connections,
      timers: new TimerStore(file('timers.json')),
      webhook,
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
      faults: this.#faults,
      webhook,
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
    const catalogue = new Catalogue(registered, this.#env, this.#hostJson.http.routePrefix);
    this.#catalogue = catalogue;
    const services = { serviceBus: this.#connections, webPubSub: this.#webPubSub };
    for (const definition of catalogue.functions) {
      try {
        checkBindings(definition, services);
      } catch (error) {
        catalogue.refuse(definition.name, error);
      }
    }
    this.#triggers.update(catalogue);
    this.#server.routes = new RouteTable(catalogue.routes);
    for (const error of catalogue.errors) this.#log.write('error', 'Host.Startup', error);
    this.#log.plain(catalogue.list(this.#origin));
  }

  #admin(keys: KeyStore | undefined, scriptRoot: string): Admin {
    return new Admin({
      version: hostVersion,
      keys,
      hostId: createHash('sha256').update(scriptRoot).digest('hex').slice(0, 32),
      state: () => this.#app.state,
      functions: () => this.#catalogue.functions,
      errors: () => this.#catalogue.errors,
      invokeUrl: (definition) => this.#catalogue.address(definition, this.#origin),
      config: this.#hostJson,
      trigger: (definition, input) => this.#triggers.fire(definition.name, input),
      activity: () => this.#activity(),
      faults: this.#faults,
      restart: () => void this.#app.load(),
      drain: () => this.#triggers.drain(),
      resume: () => this.#triggers.resume(),
      draining: () => ({
        isDraining: this.#triggers.isDraining,
        outstanding: this.#invocations.activity.running,
      }),
    });
  }

  #stateOf({ name, trigger, isDisabled }: FunctionDefinition): string {
    if (isDisabled) return 'disabled';
    if (trigger.type.toLowerCase() === 'httptrigger') return 'served';
    return this.#triggers.state(name) ?? 'stopped';
  }

  #activity(): object {
    const { activity } = this.#invocations;
    return {
      state: this.#app.state,
      functions: this.#catalogue.functions.map((definition) => ({
        name: definition.name,
        trigger: definition.trigger.type,
        state: this.#stateOf(definition),
        ...activity.counts(definition.name),
      })),
      errors: this.#catalogue.errors,
      recent: activity.recent,
    };
  }
}
