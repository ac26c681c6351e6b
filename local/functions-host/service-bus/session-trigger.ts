/**
 * Service Bus trigger with sessions. For single messages several sessions at a time, each message after the one before
 * it; for batches one session at a time, until it is empty. A session is left after the idle time without messages.
 */
import type { ServiceBusReceivedMessage, ServiceBusSessionReceiver } from '@azure/service-bus';
import { setTimeout as delay } from 'node:timers/promises';
import type { Trigger } from '../trigger.ts';
import { entityPath } from './entity.ts';
import { runByHand, runMany, runOne } from './run.ts';
import { settle } from './settlement.ts';
import { isAutoComplete, isBatch, type ServiceBusTriggerOptions } from './trigger-options.ts';

/** What the namespace answers when no session has messages: no news. */
const nothingThere = new Set(['ServiceTimeout', 'SessionCannotBeLocked', 'OperationTimeoutError']);
/** Milliseconds before asking again. */
const pause = { nothingThere: 50, trouble: 500 };

export class SessionTrigger implements Trigger {
  #options: ServiceBusTriggerOptions;
  #isBatch: boolean;
  #stopping = new AbortController();
  #slots: Promise<void>[] = [];
  #isInterrupted = false;

  constructor(options: ServiceBusTriggerOptions) {
    this.#options = options;
    this.#isBatch = isBatch(options.definition);
  }

  get state(): string {
    return this.#isInterrupted ? 'interrupted' : 'receiving';
  }

  async start(): Promise<void> {
    const slots = this.#isBatch ? 1 : this.#options.serviceBus.maxConcurrentSessions;
    this.#slots = Array.from({ length: slots }, () => this.#takeSessions());
    await Promise.all(this.#slots);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#slots);
  }

  fire(input: string): Promise<void> {
    return runByHand(this.#options, input, this.#isBatch);
  }

  async #takeSessions(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      // A slot has one session after another.
      // oxlint-disable-next-line no-await-in-loop
      const wait = await this.#takeSession().then(
        () => 0,
        (error: unknown) => this.#waitAfter(error),
      );
      // oxlint-disable-next-line no-await-in-loop
      if (wait > 0) await delay(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  async #takeSession(): Promise<void> {
    const session = await this.#accept();
    this.#isInterrupted = false;
    try {
      while (await this.#serve(session));
    } finally {
      await session.close().catch(() => undefined);
    }
  }

  async #accept(): Promise<ServiceBusSessionReceiver> {
    const { app, connections, connection, entity, serviceBus } = this.#options;
    const { signal } = this.#stopping;
    await app.running(signal);
    const client = await connections.client(connection);
    const options = {
      abortSignal: signal,
      skipParsingBodyAsJson: true,
      maxAutoLockRenewalDurationInMs: this.#isBatch ? 0 : serviceBus.maxAutoLockRenewalDuration,
    };
    return 'queue' in entity
      ? client.acceptNextSession(entity.queue, options)
      : client.acceptNextSession(entity.topic, entity.subscription, options);
  }

  /** Runs the function on what is next in the session; answers whether there was anything. */
  async #serve(session: ServiceBusSessionReceiver): Promise<boolean> {
    const { app, serviceBus } = this.#options;
    const { signal } = this.#stopping;
    const messages = await session.receiveMessages(this.#isBatch ? serviceBus.maxMessageBatchSize : 1, {
      maxWaitTimeInMs: serviceBus.sessionIdleTimeout,
      abortSignal: signal,
    });
    if (messages.length === 0) return false;
    const how = await app
      .running(signal)
      .then(() => this.#run(messages))
      // Logged where it failed; or the host stops. The lock stays, so the same messages come again first.
      .catch(() => 'abandon' as const);
    if (how) await Promise.all(messages.map((message) => settle(session, { message, how }, this.#options)));
    return !signal.aborted;
  }

  async #run(messages: ServiceBusReceivedMessage[]): Promise<'complete' | undefined> {
    const { definition, serviceBus } = this.#options;
    if (this.#isBatch) await runMany(this.#options, messages);
    else await runOne(this.#options, messages[0]!);
    return isAutoComplete(definition, serviceBus) ? 'complete' : undefined;
  }

  /** How long to wait before the next session; trouble is told once, until a session is had again. */
  #waitAfter(error: unknown): number {
    const { code = '', name = '' } = error as { code?: string; name?: string };
    if (nothingThere.has(code) || nothingThere.has(name)) return pause.nothingThere;
    const { entity, log } = this.#options;
    if (!this.#isInterrupted && !this.#stopping.signal.aborted) {
      const reason = error instanceof Error ? error.message : String(error);
      const what = `Receiving sessions from ${entityPath(entity)} is interrupted: ${reason} Trying again.`;
      log.write('warning', 'Host.ServiceBus', what);
    }
    this.#isInterrupted = true;
    return pause.trouble;
  }
}
