/**
 * Messages as they come from one queue or subscription, for as long as the trigger wants them: connected when there
 * is something to connect to, again after every loss, with one line in the log for each outage.
 */
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { Connections } from './connections.ts';
import { entityPath, receiverOf } from './entity.ts';
import { settle, type Settling } from './settlement.ts';

/** What a namespace that answers may refuse with; everything else is a lost connection. */
const refusals = new Set(['MessagingEntityNotFound', 'MessagingEntityDisabled', 'UnauthorizedAccess']);
/** An attempt takes less than this: after so long without a report the outage is over (milliseconds). */
const outageEnds = 30_000;

export interface ReceptionOptions extends Settling {
  connections: Connections;
  connection: string | undefined;
  /** How many messages may be held unsettled at a time. */
  credit: number;
  /** Takes one message; its place is free again when the promise settles. Must not reject. */
  take: (message: ServiceBusReceivedMessage) => Promise<void>;
}

export class Reception {
  #options: ReceptionOptions;
  #receiver: ServiceBusReceiver | undefined;
  #subscription: { close(): Promise<void> } | undefined;
  #outage: { kind: string; heardOf: number } | undefined;
  #held = new Set<Promise<void>>();
  #isStopped = false;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { connections, connection, entity, credit } = this.#options;
    const client = await connections.client(connection);
    if (this.#isStopped) return;
    this.#receiver = receiverOf(client, entity);
    this.#subscription = this.#receiver.subscribe(
      {
        processMessage: (message) => this.#take(message),
        processError: async ({ error }) => this.#report(error),
      },
      { autoCompleteMessages: false, maxConcurrentCalls: credit },
    );
  }

  /** Asks for no more messages; returns when all that are held have been settled. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#subscription?.close();
    await Promise.all(this.#held);
    await this.#receiver?.close();
  }

  async renewMessageLock(message: ServiceBusReceivedMessage): Promise<Date> {
    if (!this.#receiver) throw new Error('Nothing has been received.');
    return this.#receiver.renewMessageLock(message);
  }

  /** Settles a message, as `settlement.ts` says. */
  async settle(message: ServiceBusReceivedMessage, how: 'complete' | 'abandon'): Promise<void> {
    if (this.#receiver) await settle(this.#receiver, { message, how }, this.#options);
  }

  async #take(message: ServiceBusReceivedMessage): Promise<void> {
    if (this.#outage !== undefined) {
      this.#outage = undefined;
      this.#write('information', `Receiving from ${entityPath(this.#options.entity)} again.`);
    }
    const taken = this.#options.take(message);
    this.#held.add(taken);
    await taken;
    this.#held.delete(taken);
  }

  get state(): 'receiving' | 'interrupted' {
    return this.#outage ? 'interrupted' : 'receiving';
  }

  /** The SDK reports each vain attempt; a person needs to hear of an outage once. */
  #report(error: Error): void {
    if (this.#isStopped) return;
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    const kind = refusals.has(code) ? code : 'connection';
    const known = this.#outage;
    this.#outage = { kind, heardOf: Date.now() };
    if (known?.kind === kind && Date.now() - known.heardOf < outageEnds) return;
    const path = entityPath(this.#options.entity);
    this.#write('warning', `Receiving from ${path} is interrupted: ${error.message} Trying again.`);
  }

  #write(level: 'information' | 'warning', message: string): void {
    this.#options.log.write(level, 'Host.ServiceBus', message);
  }
}
