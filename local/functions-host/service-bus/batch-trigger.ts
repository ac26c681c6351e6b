/**
 * Service Bus trigger with `cardinality: 'many'`: one invocation at a time with all that waits, completed together
 * on success and abandoned together on failure. Locks are not renewed while a batch runs, as in the real extension.
 */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { setImmediate as turn } from 'node:timers/promises';
import type { Trigger } from '../trigger.ts';
import { holdLock, type HeldLock } from './locks.ts';
import { Reception } from './reception.ts';
import { runByHand, runMany } from './run.ts';
import { isAutoComplete, type ServiceBusTriggerOptions } from './trigger-options.ts';

interface Waiting {
  message: ServiceBusReceivedMessage;
  lock: HeldLock;
  /** Gives the message's place to another. */
  done: () => void;
}

export class BatchTrigger implements Trigger {
  #options: ServiceBusTriggerOptions;
  #reception: Reception;
  #stopping = new AbortController();
  #waiting: Waiting[] = [];
  #isRunning = false;
  /** Runs while fewer messages wait than a batch should have. */
  #patience: NodeJS.Timeout | undefined;

  constructor(options: ServiceBusTriggerOptions) {
    this.#options = options;
    const { maxMessageBatchSize: credit } = options.serviceBus;
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
    this.#runSoon();
    return this.#reception.stop();
  }

  fire(input: string): Promise<void> {
    return runByHand(this.#options, input, true);
  }

  /**
   * Messages come while a batch runs, and wait here with their locks kept, as if the namespace still had them: the
   * next batch starts without a round trip.
   */
  #take(message: ServiceBusReceivedMessage): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ message, lock: holdLock(this.#reception, message, Infinity), done });
      this.#runSoon();
    });
  }

  #runSoon(): void {
    if (this.#isRunning || this.#waiting.length === 0) return;
    const { minMessageBatchSize, maxBatchWaitTime } = this.#options.serviceBus;
    if (this.#waiting.length < minMessageBatchSize && !this.#stopping.signal.aborted) {
      this.#patience ??= setTimeout(() => void this.#runAll(), maxBatchWaitTime);
      return;
    }
    void this.#runAll();
  }

  async #runAll(): Promise<void> {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#isRunning = true;
    // What came in the same read from the socket belongs to the same batch.
    await turn();
    const batch = this.#waiting.splice(0, this.#options.serviceBus.maxMessageBatchSize);
    await this.#runBatch(batch);
    this.#isRunning = false;
    this.#runSoon();
  }

  async #runBatch(batch: Waiting[]): Promise<void> {
    const { app, definition, serviceBus } = this.#options;
    let outcome: 'complete' | 'abandon' | undefined = 'abandon';
    // Another receiver may already have what lost its lock while it waited.
    let kept = batch;
    try {
      await app.running(this.#stopping.signal);
      kept = batch.filter(({ lock }) => lock.isKept());
      for (const { lock } of batch) lock.release();
      if (kept.length > 0)
        await runMany(
          this.#options,
          kept.map(({ message }) => message),
        );
      outcome = isAutoComplete(definition, serviceBus) ? 'complete' : undefined;
    } catch {
      // Logged where it failed; or the host stops.
      for (const { lock } of batch) lock.release();
    }
    if (outcome) {
      const settle = outcome;
      await Promise.all(kept.map(({ message }) => this.#reception.settle(message, settle)));
    }
    for (const { done } of batch) done();
  }
}
