/**
 * The state that every request and every handshake meets: hubs, keys, what is under way upstream. One instance
 * serves one port.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Faults } from '../fault-injection/faults.ts';
import { RecentActivity } from './activity.ts';
import { hubConfig, type Config } from './config.ts';
import { Hub } from './hub.ts';
import { Tokens } from './tokens.ts';
import { EventHandlers } from './upstream/event-handlers.ts';
import type { Upstream } from './upstream/event-sequence.ts';
import { HandlerClient } from './upstream/handler-client.ts';

export interface ServedHub {
  hub: Hub;
  upstream: Upstream;
  /** Clients may come without a token, for `connect` to judge. */
  anonymous: boolean;
}

export class PubSub {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly faults = new Faults();
  readonly activity = new RecentActivity();
  readonly #client: HandlerClient;
  readonly #underWay = new Set<Promise<void>>();
  readonly #hubs = new Map<string, ServedHub>();

  constructor(config: Config) {
    this.config = config;
    this.tokens = new Tokens(config.accessKeys);
    this.#client = new HandlerClient(config, this.faults);
  }

  /** The hub of a valid name, made when it is first named. */
  hub(name: string): ServedHub {
    const key = name.toLowerCase();
    let served = this.#hubs.get(key);
    if (!served) {
      const { eventHandlers, anonymous } = hubConfig(this.config, key);
      const upstream = {
        config: this.config,
        handlers: new EventHandlers(key, eventHandlers),
        client: this.#client,
        underWay: this.#underWay,
        activity: this.activity,
      };
      served = { hub: new Hub(key, this), upstream, anonymous };
      this.#hubs.set(key, served);
    }
    return served;
  }

  hubs(): Iterable<ServedHub> {
    return this.#hubs.values();
  }

  /**
   * Closes every connection as the real service does when it restarts, and lets the handlers know, as far as they
   * answer within `patience` (ms).
   */
  async stop(patience: number): Promise<void> {
    this.#client.stopRetrying();
    for (const { hub } of this.#hubs.values()) {
      for (const connection of hub.connections()) connection.end('The service restarts.', 1001);
    }
    await Promise.race([Promise.all(this.#underWay), wait(patience, undefined, { ref: false })]);
  }
}
