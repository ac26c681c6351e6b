/**
 * Instances of the app in one process: each has a module graph of its own, as each process would, and shares nothing
 * with the others but the services. The functions' code is as it is; the SDKs under it are exchanged.
 */
import { vi } from 'vitest';
import type * as app from './app.ts';
import type { Line } from './line.ts';
import { serviceBusClient, tableClient, webPubSubServiceClient, type Place } from './sdks.ts';
import type { Services } from './services.ts';

type App = typeof app;

/** Milliseconds by which the clocks of four instances are wrong. */
const skews = [0, 240_000, -240_000, 60_000];

export class Instance {
  readonly app: App;
  #place: Place;

  private constructor(app: App, place: Place) {
    this.app = app;
    this.#place = place;
  }

  static async load(number: number): Promise<Instance> {
    let instance: Instance | undefined;
    const place = (): Place => {
      if (!instance) throw new Error('Nothing may be asked of a service while the app is loaded');
      return instance.#place;
    };
    vi.resetModules();
    vi.doMock('@azure/data-tables', async (actual) => ({
      ...(await actual<object>()),
      TableClient: tableClient(place),
    }));
    vi.doMock('@azure/service-bus', () => ({ ServiceBusClient: serviceBusClient(place) }));
    vi.doMock('@azure/web-pubsub', () => ({ WebPubSubServiceClient: webPubSubServiceClient(place) }));
    vi.doMock('../../functions/platform/ids.ts', () => ({ newId: () => place().services.newId() }));
    const app = await import('./app.ts');
    const { clock } = app;
    clock.now = () => new Date(place().services.now().getTime() + (skews[number] ?? 0));
    clock.random = () => 0.5;
    clock.wait = (milliseconds) => place().line.wait(() => place().services.pass(milliseconds));
    // Every intent counts as old: the hardest case for whoever is only slow.
    app.settings().INTENT_SECONDS = -100_000;
    instance = new Instance(app, undefined as never);
    return instance;
  }

  /** Begins a run. */
  enter(services: Services, line: Line): void {
    this.#place = { services, line };
  }
}
