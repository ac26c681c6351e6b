/**
 * Posts events to event handlers: asks for their consent first, tries again what may heal, and gives up in time.
 * Knows HTTP and nothing of connections or of what events mean.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../../fault-injection/fault.ts';
import type { Faults } from '../../fault-injection/faults.ts';
import type { Config } from '../config.ts';
import type { Target } from './event-handlers.ts';
import { AnswerTooLarge, send, type HttpResponse } from './http-request.ts';

export interface HandlerRequest {
  target: Target;
  headers: Record<string, string>;
  body: Buffer | string;
  /** As faults know it: `upstream.<event> <hub>`. */
  operation: string;
}

/** The event did not get through: no handler, no consent, no answer, or none that can be used. */
export class DeliveryFailure extends Error {}

/** The network's errors, and what a handler says that is only just starting: both may pass. */
class Unreachable extends DeliveryFailure {}

export class HandlerClient {
  readonly #config: Config;
  readonly #faults: Faults;
  /** By validation address: when consent was given (epoch ms), or the question under way. */
  readonly #consents = new Map<string, number | Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(config: Config, faults: Faults) {
    this.#config = config;
    this.#faults = faults;
  }

  /** From here on nothing is tried again. */
  stopRetrying(): void {
    this.#stopping.abort();
  }

  /**
   * Posts an event and answers whatever the handler does, with any status. 408, 5xx and network errors are tried
   * again, so a handler must tolerate duplicates. Throws `DeliveryFailure`.
   */
  async post(request: HandlerRequest): Promise<HttpResponse> {
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

  async #try(request: HandlerRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { target, headers, body, operation } = request;
    const before = await this.#meet(operation, 'before', signal);
    if (before) return before;
    await this.#consent(target.validationUrl);
    const response = await send({ url: target.url, method: 'POST', headers, body, signal });
    return (await this.#meet(operation, 'after', signal)) ?? response;
  }

  /** What a fault on request puts in the place of the handler's answer, if one strikes. */
  async #meet(
    operation: string,
    when: Fault['when'],
    signal: AbortSignal,
  ): Promise<HttpResponse | undefined> {
    if (!this.#faults.any) return undefined;
    const verdict = await this.#faults.meet(operation, when);
    switch (verdict.kind) {
      case 'pass':
        return undefined;
      case 'disconnect':
        throw new Unreachable('The event handler is not there: a fault on request.');
      case 'drop':
        await wait(this.#config.eventTimeoutSeconds * 1000, undefined, { signal, ref: false });
        throw new DeliveryFailure('The event handler does not answer: a fault on request.');
      case 'error': {
        const status = typeof verdict.error === 'number' ? verdict.error : 503;
        return { status, headers: {}, body: Buffer.alloc(0) };
      }
    }
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
    let response = await send({ url, method: 'OPTIONS', headers, signal });
    if (response.status === 404) response = await send({ url, method: 'GET', headers, signal });
    const { status } = response;
    if (status >= 500 || status === 408) {
      throw new Unreachable(`The event handler answered its validation with ${status}.`);
    }
    const allowed = response.headers['webhook-allowed-origin']?.toString().toLowerCase().split(',') ?? [];
    const consents = allowed.some((value) => ['*', origin.toLowerCase()].includes(value.trim()));
    if (status < 200 || status > 299 || !consents) {
      throw new DeliveryFailure(`The handler does not allow the origin '${origin}' (${status}).`);
    }
  }

  async #pause(seconds: number, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#stopping.signal]);
    await wait(seconds * 1000, undefined, { signal: either, ref: false }).catch(() => undefined);
  }
}

function toFailure(error: unknown, signal: AbortSignal): Error {
  if (signal.aborted || (error instanceof Error && error.name === 'AbortError')) {
    return new DeliveryFailure('The event handler does not answer in time.');
  }
  if (error instanceof AnswerTooLarge) return new DeliveryFailure(error.message);
  if (error instanceof Error && 'code' in error) {
    return new Unreachable(`The event handler is not there: ${String(error.code)}.`);
  }
  return error instanceof Error ? error : new Error(String(error));
}

const mayHeal = (outcome: HttpResponse | Error): boolean =>
  outcome instanceof Error
    ? outcome instanceof Unreachable
    : outcome.status === 408 || (outcome.status >= 500 && outcome.status <= 599);
