/**
 * All triggers of an app that are not HTTP: which kind serves a function, and keeping those that run in step with
 * what the app registers.
 */
import type { Faults } from '../fault-injection/faults.ts';
import type { App } from './app.ts';
import type { Catalogue, FunctionDefinition } from './catalogue.ts';
import type { HostJson } from './host-json.ts';
import type { Invocations } from './invocations.ts';
import type { Log } from './log.ts';
import { BatchTrigger } from './service-bus/batch-trigger.ts';
import type { Connections } from './service-bus/connections.ts';
import { SessionTrigger } from './service-bus/session-trigger.ts';
import { SingleTrigger } from './service-bus/single-trigger.ts';
import { hasSessions, isBatch, serviceBusTriggerOptions } from './service-bus/trigger-options.ts';
import type { TimerStore } from './timer/timer-store.ts';
import { TimerTrigger } from './timer/timer-trigger.ts';
import type { Trigger } from './trigger.ts';
import type { Webhook } from './web-pubsub/webhook.ts';

export interface TriggersOptions {
  app: App;
  invocations: Invocations;
  log: Log;
  env: NodeJS.ProcessEnv;
  hostJson: HostJson;
  connections: Connections;
  timers: TimerStore;
  faults: Faults;
  webhook: Webhook;
}

interface Running {
  /** The function as registered: only a changed one is started anew when the app is loaded again. */
  fingerprint: string;
  trigger: Trigger;
}

export class Triggers {
  #options: TriggersOptions;
  #running = new Map<string, Running>();
  #catalogue: Catalogue | undefined;
  #isDraining = false;

  constructor(options: TriggersOptions) {
    this.#options = options;
  }

  /** Makes exactly the functions of this catalogue run, and refuses there those that cannot. */
  update(catalogue: Catalogue): void {
    this.#catalogue = catalogue;
    const wanted = this.#isDraining ? [] : catalogue.triggered;
    const fingerprints = new Map(wanted.map((definition) => [definition.name, JSON.stringify(definition)]));
    for (const [name, { fingerprint, trigger }] of this.#running) {
      if (fingerprints.get(name) === fingerprint) continue;
      this.#running.delete(name);
      void this.#watch(name, trigger.stop());
    }
    for (const definition of wanted) {
      const { name } = definition;
      if (this.#running.has(name)) continue;
      try {
        const trigger = this.#create(definition);
        this.#running.set(name, { fingerprint: fingerprints.get(name) ?? '', trigger });
        void this.#watch(name, trigger.start());
      } catch (error) {
        catalogue.refuse(name, error);
      }
    }
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Takes nothing more in, also for functions that are loaded meanwhile; what runs may finish. */
  drain(): void {
    this.#isDraining = true;
    if (this.#catalogue) this.update(this.#catalogue);
  }

  resume(): void {
    this.#isDraining = false;
    if (this.#catalogue) this.update(this.#catalogue);
  }

  /** Starts a function by hand and does not wait for it. */
  fire(name: string, input: string): void {
    // A failure is logged where it happens.
    this.#running
      .get(name)
      ?.trigger.fire(input)
      .catch(() => undefined);
  }

  /** How a function's trigger is; undefined for one that has none of its own. */
  state(name: string): string | undefined {
    return this.#running.get(name)?.trigger.state;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running].map(([name, { trigger }]) => this.#watch(name, trigger.stop())));
    this.#running.clear();
  }

  #create(definition: FunctionDefinition): Trigger {
    const { app, invocations, log, env, hostJson, connections, timers, faults } = this.#options;
    const type = definition.trigger.type.toLowerCase();
    if (type === 'webpubsubtrigger') return this.#options.webhook.register(definition);
    if (type === 'timertrigger') {
      return new TimerTrigger({
        app,
        invocations,
        definition,
        store: timers,
        timeZone: env['WEBSITE_TIME_ZONE'],
      });
    }
    const { serviceBus } = hostJson;
    const options = serviceBusTriggerOptions(definition, {
      app,
      invocations,
      log,
      faults,
      connections,
      serviceBus,
    });
    if (hasSessions(definition)) return new SessionTrigger(options);
    return isBatch(definition) ? new BatchTrigger(options) : new SingleTrigger(options);
  }

  async #watch(name: string, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.write('error', 'Host.Triggers', `The listener of '${name}' failed: ${reason}`);
    }
  }
}
