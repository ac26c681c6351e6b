/**
 * One open Web PubSub connection, for as long as it is wanted: opened, recovered by the SDK within its 30 seconds,
 * and after that opened anew, ever more slowly and never in step with others. Knows frames, not what they mean.
 */
import { WebPubSubClient, WebPubSubJsonReliableProtocol } from '@azure/web-pubsub-client';
import type { Environment } from './environment.ts';
import { sdkSockets, type SdkSockets } from './sdk-sockets.ts';

export interface SocketOptions {
  environment: Environment;
  /** A fresh address to connect to. */
  negotiate: () => Promise<string>;
  /** `fresh` is false for a connection that the SDK recovered: nothing was missed, no subscription lost. */
  onOpen: (fresh: boolean) => void;
  /** `retryAt` (epoch ms) is absent while an attempt is under way. */
  onLost: (retryAt: number | undefined) => void;
  onFrame: (data: unknown) => void;
}

interface Attempt {
  client: WebPubSubClient;
  sockets: SdkSockets;
  opened: boolean;
}

/** A socket that has not said `connected` by then counts as failed. */
const patience = 15_000;
const slowest = 30_000;

export class Socket {
  readonly #options: SocketOptions;
  #attempt: Attempt | undefined;
  #wanted = false;
  #open = false;
  #failures = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    const { environment } = options;
    environment.on('online', () => this.#hurry());
    environment.on('wake', () => this.#hurry());
  }

  get isOpen(): boolean {
    return this.#open;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#failures = 0;
    void this.#connect();
  }

  stop(): void {
    this.#wanted = false;
    this.#abandon();
  }

  /** Connects now, whatever is being waited for. */
  retryNow(): void {
    if (!this.#wanted || this.#open) return;
    this.#failures = 0;
    void this.#connect();
  }

  /** Sends a custom event. Rejects where there is no connection; whether it arrived, only an answer tells. */
  async send(event: string, data: object): Promise<void> {
    if (this.#attempt === undefined || !this.#open) throw new Error('There is no connection');
    await this.#attempt.client.sendEvent(event, data, 'json', { fireAndForget: true });
  }

  /** Ends a pause between attempts; one under way is left alone, it will not be faster. */
  #hurry(): void {
    if (this.#wanted && this.#attempt === undefined) this.retryNow();
  }

  async #connect(): Promise<void> {
    this.#abandon();
    const { environment, negotiate, onLost } = this.#options;
    onLost(undefined);
    const attempt = this.#newAttempt(negotiate);
    this.#attempt = attempt;
    this.#cancelTimer = environment.after(patience, () => this.#fail(attempt));
    // A failure to start is no event of the SDK.
    await attempt.client.start().catch(() => this.#fail(attempt));
  }

  #newAttempt(negotiate: () => Promise<string>): Attempt {
    const sockets = sdkSockets({
      open: (url, protocol) => this.#options.environment.openSocket(url, protocol),
      onClose: () => this.#lost(attempt),
    });
    const client = new WebPubSubClient(
      { getClientAccessUrl: () => negotiate() },
      {
        protocol: this.#watched(() => attempt),
        // Ours knows when the network is back, and spreads the clients of a service that restarts.
        autoReconnect: false,
        autoRejoinGroups: false,
        messageRetryOptions: { maxRetries: 0 },
        keepAliveIntervalInMs: 15_000,
        keepAliveTimeoutInMs: 45_000,
      },
    );
    const attempt: Attempt = { client, sockets, opened: false };
    sockets.attachTo(client);
    client.on('group-message', ({ message }) => this.#take(attempt, message.data));
    client.on('server-message', ({ message }) => this.#take(attempt, message.data));
    client.on('stopped', () => this.#fail(attempt));
    return attempt;
  }

  /** The SDK says nothing when it has recovered; the service does, with a second `connected`. */
  #watched(attempt: () => Attempt): ReturnType<typeof WebPubSubJsonReliableProtocol> {
    const protocol = WebPubSubJsonReliableProtocol();
    return {
      name: protocol.name,
      isReliableSubProtocol: protocol.isReliableSubProtocol,
      writeMessage: (message) => protocol.writeMessage(message),
      parseMessages: (input) => {
        const parsed = protocol.parseMessages(input);
        const messages = Array.isArray(parsed) ? parsed : [parsed];
        // After the SDK has taken the frame in, so that what is sent at once finds it ready.
        if (messages.some((message) => message?.kind === 'connected')) {
          queueMicrotask(() => this.#connected(attempt()));
        }
        return parsed;
      },
    };
  }

  #connected(attempt: Attempt): void {
    if (attempt !== this.#attempt) return;
    this.#cancelTimer();
    const fresh = !attempt.opened;
    attempt.opened = true;
    this.#open = true;
    this.#failures = 0;
    this.#options.onOpen(fresh);
  }

  #lost(attempt: Attempt): void {
    if (attempt !== this.#attempt || !this.#open) return;
    this.#open = false;
    this.#options.onLost(undefined);
  }

  #take(attempt: Attempt, data: unknown): void {
    if (attempt === this.#attempt) this.#options.onFrame(data);
  }

  #fail(attempt: Attempt): void {
    if (attempt !== this.#attempt) return;
    this.#abandon();
    const { environment, onLost } = this.#options;
    const wait = pause(this.#failures, environment.random());
    this.#failures += 1;
    // Also without a network, but then nobody counts the seconds: a service on this machine is there all the same.
    onLost(environment.isOnline() ? environment.now() + wait : undefined);
    this.#cancelTimer = environment.after(wait, () => void this.#connect());
  }

  #abandon(): void {
    this.#cancelTimer();
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#open = false;
    attempt?.client.stop();
    attempt?.sockets.close();
  }
}

/** 0.5 to 1 s at first, doubling to 15 to 30 s. */
export function pause(failures: number, random: number): number {
  return Math.min(1000 * 2 ** failures, slowest) * (0.5 + random / 2);
}
