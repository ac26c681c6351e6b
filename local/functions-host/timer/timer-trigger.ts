/**
 * Timer trigger: fires on its schedule, never twice at a time, at the start if it should or is late, and tries again
 * as the function's retry policy says.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { App } from '../app.ts';
import type { FunctionDefinition } from '../catalogue.ts';
import type { Invocations } from '../invocations.ts';
import type { Trigger } from '../trigger.ts';
import type { RetryContext } from '../worker/typed-data.ts';
import { retryDelay } from './retry.ts';
import { parseSchedule, type Schedule } from './schedule.ts';
import type { TimerStore } from './timer-store.ts';

export interface TimerTriggerOptions {
  app: App;
  invocations: Invocations;
  definition: FunctionDefinition;
  store: TimerStore;
  /** IANA name; undefined: UTC. */
  timeZone: string | undefined;
}

interface Tick {
  reason: string;
  details?: string;
  isPastDue: boolean;
}

/** Node fires a longer timer at once. */
const longestTimer = 2 ** 31 - 1;
/** Shorter intervals are not remembered: the real host would write to storage all the time. */
const shortestMonitored = 60_000;
const byHand = 'This function was programmatically called via the host APIs.';

export class TimerTrigger implements Trigger {
  #options: TimerTriggerOptions;
  #schedule: Schedule;
  #isMonitored: boolean;
  #stopping = new AbortController();
  #loop: Promise<void> | undefined;
  #next: Date | undefined;

  /** Throws a sentence where the schedule cannot be read. */
  constructor(options: TimerTriggerOptions) {
    this.#options = options;
    const { schedule, useMonitor } = options.definition.trigger;
    if (typeof schedule !== 'string') throw new Error('it has no schedule.');
    this.#schedule = parseSchedule(schedule, options.timeZone);
    const first = this.#schedule.next(new Date());
    const second = first && this.#schedule.next(first);
    const interval = first && second ? second.getTime() - first.getTime() : Infinity;
    this.#isMonitored = useMonitor !== false && interval >= shortestMonitored;
  }

  get state(): string {
    return this.#next ? `next at ${this.#next.toISOString()}` : 'running';
  }

  async start(): Promise<void> {
    this.#loop = this.#run().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) throw error;
    });
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async fire(): Promise<void> {
    await this.#invoke({ reason: byHand, isPastDue: false });
  }

  async #run(): Promise<void> {
    const { definition, store } = this.#options;
    const dueSince = this.#isMonitored ? store.read(definition.name)?.next : undefined;
    const isPastDue = dueSince !== undefined && Date.parse(dueSince) < Date.now();
    if (isPastDue || definition.trigger['runOnStartup'] === true) {
      const cause = isPastDue ? 'IsPastDue' : 'RunOnStartup';
      const details = `Trigger Details: UnscheduledInvocationReason: ${cause}`;
      await this.#invoke({ reason: firedAt(new Date()), details, isPastDue });
    }
    let next = this.#schedule.next(new Date());
    while (next && !this.#stopping.signal.aborted) {
      this.#remember(undefined, next);
      this.#next = next;
      // oxlint-disable-next-line no-await-in-loop
      await this.#sleepUntil(next);
      this.#next = undefined;
      // oxlint-disable-next-line no-await-in-loop
      await this.#invoke({ reason: firedAt(next), isPastDue: false });
      this.#remember(next, undefined);
      // What fell due while the function ran follows at once, but once.
      const following = this.#schedule.next(next);
      next = following && following.getTime() < Date.now() ? new Date() : following;
    }
  }

  async #sleepUntil(moment: Date): Promise<void> {
    for (let left = moment.getTime() - Date.now(); left > 0; left = moment.getTime() - Date.now()) {
      // oxlint-disable-next-line no-await-in-loop
      await delay(Math.min(left, longestTimer), undefined, { signal: this.#stopping.signal });
    }
  }

  #remember(last: Date | undefined, next: Date | undefined): void {
    if (!this.#isMonitored) return;
    const { definition, store } = this.#options;
    const known = store.read(definition.name);
    const following = next ?? this.#schedule.next(last ?? new Date());
    store.write(definition.name, {
      last: last?.toISOString() ?? known?.last ?? new Date(0).toISOString(),
      lastUpdated: new Date().toISOString(),
      next: following?.toISOString() ?? new Date(0).toISOString(),
    });
  }

  /** Runs the function, again if its retry policy says so. It never throws but when the host stops. */
  async #invoke(tick: Tick): Promise<void> {
    const { app, invocations, definition } = this.#options;
    const { retryOptions: policy } = definition;
    for (let retryCount = 0; ; retryCount++) {
      // oxlint-disable-next-line no-await-in-loop
      await app.running(this.#stopping.signal);
      const retryContext: RetryContext | undefined =
        policy && retryCount > 0 ? { retryCount, maxRetryCount: policy.maxRetryCount } : undefined;
      try {
        // oxlint-disable-next-line no-await-in-loop
        await invocations.run(definition, {
          reason: tick.reason,
          ...(tick.details && { details: tick.details }),
          ...(retryContext && { retryContext }),
          input: { json: JSON.stringify(this.#info(tick.isPastDue)) },
        });
        return;
      } catch {
        // Logged where it failed.
        if (!policy || (policy.maxRetryCount >= 0 && retryCount >= policy.maxRetryCount)) return;
        // oxlint-disable-next-line no-await-in-loop
        await delay(retryDelay(policy, retryCount), undefined, { signal: this.#stopping.signal });
      }
    }
  }

  /** The timer as the real host describes it; the library writes its names small. */
  #info(isPastDue: boolean): object {
    const status = this.#isMonitored ? this.#options.store.read(this.#options.definition.name) : undefined;
    return {
      Schedule: { AdjustForDST: this.#schedule.adjustForDst },
      ScheduleStatus: status
        ? {
            Last: withOffset(status.last),
            LastUpdated: withOffset(status.lastUpdated),
            Next: withOffset(status.next),
          }
        : null,
      IsPastDue: isPastDue,
    };
  }
}

const withOffset = (iso: string): string => iso.replace('Z', '+00:00');
const firedAt = (moment: Date): string => `Timer fired at ${withOffset(moment.toISOString())}`;
