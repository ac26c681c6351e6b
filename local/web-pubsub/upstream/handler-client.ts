/**
 * Posts events to event handlers: asks for their consent first, tries again what may heal, and gives up in time.
 * Knows HTTP and nothing of connections or of what events mean.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { Target } from './event-handlers.ts';

export interface HandlerRequest {
  target: Target;
  headers: Headers;
  body: Buffer | string;
}

export interface HandlerResponse {
  status: number;
  headers: Headers;
  body: Buffer;
}

/** The event did not get through: no handler, no consent, no answer, or too large an answer. */
export class DeliveryFailure extends Error {}

const largestAnswer = 16 * 1024 * 1024;

export class HandlerClient {
  readonly #config: Config;
  /** By validation address: when consent was given (epoch ms), or the question under way. */
  readonly #consents = new Map<string, number | Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(config: Config) {
    this.#config = config;
  }

  /** From here on nothing is tried again. */
  stopRetrying(): void {
    this.#stopping.abort();
  }

  /**
   * Posts an event and answers whatever the handler does, with any status. 408, 5xx and network errors are tried
   * again, so a handler must tolerate duplicates. Throws `DeliveryFailure`.
   */
  async post(request: HandlerRequest): Promise<HandlerResponse> {
    const signal = AbortSignal.timeout(this.#config.eventTimeoutSeconds * 1000);
    const delays = this.#config.retryDelaysSeconds;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#try(request, signal).catch((error: unknown) => toFailure(error, signal));
      const last = attempt >= delays.length || this.#stopping.signal.aborted || signal.aborted;
      if (last || !mayHeal(outcome)) {
        if (outcome instanceof Error) throw outcome;
        return outcome;
      }
      await this.#pause(delays[attempt]!, signal);
    }
  }

  async #try(request: HandlerRequest, signal: AbortSignal): Promise<HandlerResponse> {
    await this.#consent(request.target.validationUrl);
    const response = await fetch(request.target.url, {
      method: 'POST',
      headers: request.headers,
      // Typed too widely for `fetch`: a Buffer over shared memory is never made here.
      body: request.body as BodyInit,
      redirect: 'manual',
      signal,
    });
    const body = Buffer.from(await response.arrayBuffer());
    if (body.length > largestAnswer) throw new DeliveryFailure('The answer is larger than 16 MiB.');
    return { status: response.status, headers: response.headers, body };
  }

  /** The abuse protection of CloudEvents' webhooks: asked once, and again when the answer has aged. */
  async #consent(url: string): Promise<void> {
    const known = this.#consents.get(url);
    if (typeof known === 'number' && Date.now() - known < this.#config.validationSeconds * 1000) return;
    if (known instanceof Promise) return known;
    const question = this.#ask(url);
    this.#consents.set(url, question);
    try {
      await question;
      this.#consents.set(url, Date.now());
    } catch (error) {
      this.#consents.delete(url);
      throw error;
    }
  }

  async #ask(url: string): Promise<void> {
    const signal = AbortSignal.timeout(this.#config.validationTimeoutSeconds * 1000);
    const { origin } = this.#config;
    const headers = { 'WebHook-Request-Origin': origin, 'ce-awpsversion': '1.0' };
    const options = { headers, redirect: 'manual', signal } as const;
    let response = await fetch(url, { method: 'OPTIONS', ...options });
    if (response.status === 404) response = await fetch(url, options);
    await response.arrayBuffer();
    if (response.status >= 500 || response.status === 408) {
      throw new Unreachable(`The event handler answered its validation with ${response.status}.`);
    }
    const allowed = (response.headers.get('webhook-allowed-origin') ?? '').split(',');
    const consents = allowed.some((value) => value.trim() === '*' || isSame(value, origin));
    if (!response.ok || !consents) {
      throw new DeliveryFailure(`The handler does not allow the origin '${origin}' (${response.status}).`);
    }
  }

  async #pause(seconds: number, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#stopping.signal]);
    await wait(seconds * 1000, undefined, { signal: either, ref: false }).catch(() => undefined);
  }
}

const isSame = (value: string, origin: string): boolean =>
  value.trim().toLowerCase() === origin.toLowerCase();

/** The network's errors, and what a handler says that is only just starting: both may pass. */
class Unreachable extends DeliveryFailure {}

/** `fetch` reports the network's errors as `TypeError`, and a timeout as an abort. */
function toFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted || (error instanceof Error && error.name === 'TimeoutError')) {
    return new DeliveryFailure('The event handler does not answer in time.');
  }
  if (error instanceof TypeError)
    return new Unreachable(`The event handler is not there: ${describe(error)}.`);
  return error instanceof Error ? error : new Error(String(error));
}

function describe(error: Error): string {
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}

const mayHeal = (outcome: HandlerResponse | Error): boolean =>
  outcome instanceof Error
    ? outcome instanceof Unreachable
    : outcome.status === 408 || (outcome.status >= 500 && outcome.status <= 599);
