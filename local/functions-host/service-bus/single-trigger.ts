/**
 * Service Bus trigger with `cardinality: 'one'`: an invocation for each message, several at a time, locks renewed
 * while they run, completed on success and abandoned on failure.
 */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { Trigger } from '../trigger.ts';
import { holdLock } from './locks.ts';
import { Reception } from './reception.ts';
import { runByHand, runOne } from './run.ts';
import { isAutoComplete, type ServiceBusTriggerOptions } from './trigger-options.ts';

export class SingleTrigger implements Trigger {
  #options: ServiceBusTriggerOptions;
  #reception: Reception;
  #stopping = new AbortController();

  constructor(options: ServiceBusTriggerOptions) {
    this.#options = options;
    const { maxConcurrentCalls: credit } = options.serviceBus;
    this.#reception = new Reception({ ...options, credit, take: (message) => this.#take(message) });
  }

  get state(): string {
    return this.#reception.state;
  }

  start(): Promise<void> {
    return this.#reception.start();
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    return this.#reception.stop();
  }

  fire(input: string): Promise<void> {
    return runByHand(this.#options, input, false);
  }

  async #take(message: ServiceBusReceivedMessage): Promise<void> {
    const { app, definition, serviceBus } = this.#options;
    const lock = holdLock(this.#reception, message, serviceBus.maxAutoLockRenewalDuration);
    try {
      await app.running(this.#stopping.signal);
      await runOne(this.#options, message);
      lock.release();
      if (isAutoComplete(definition, serviceBus)) await this.#reception.settle(message, 'complete');
    } catch {
      // Logged where it failed; or the host stops. Either way somebody else may have the message at once.
      lock.release();
      await this.#reception.settle(message, 'abandon');
    }
  }
}
