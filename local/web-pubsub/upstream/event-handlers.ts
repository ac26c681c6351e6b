/** Which event handler of a hub gets an event, and at what address: the first that matches. */
import type { HandlerConfig } from '../config.ts';

export type EventKind = 'sys' | 'user';

export interface Target {
  /** Where the event is posted. */
  url: string;
  /** Where the handler is asked whether it consents to events at all. */
  validationUrl: string;
}

export class EventHandlers {
  readonly #hub: string;
  readonly #handlers: HandlerConfig[];

  constructor(hub: string, handlers: HandlerConfig[]) {
    this.#hub = hub;
    this.#handlers = handlers;
  }

  /** Names of events compare without case. */
  find(kind: EventKind, event: string): Target | undefined {
    const handler = this.#handlers.find((candidate) =>
      kind === 'sys' ? candidate.systemEvents.includes(event) : matches(candidate.eventPattern, event),
    );
    if (!handler) return undefined;
    return { url: this.#fill(handler, event), validationUrl: this.#fill(handler, 'validate') };
  }

  #fill(handler: HandlerConfig, event: string): string {
    return handler.urlTemplate
      .replaceAll('{hub}', encodeURIComponent(this.#hub))
      .replaceAll('{event}', encodeURIComponent(event));
  }
}

const matches = (pattern: string, event: string): boolean =>
  pattern === '*' || pattern.split(',').some((name) => name.trim().toLowerCase() === event.toLowerCase());
