/**
 * `/runtime/webhooks/webpubsub`: where Web PubSub brings its events to functions that it triggers. It consents to
 * known services, finds the function, checks the signature, and answers with what the function returned.
 */
import type { FunctionDefinition } from '../catalogue.ts';
import type { Invocations } from '../invocations.ts';
import type { Trigger } from '../trigger.ts';
import type { TypedData } from '../worker/typed-data.ts';
import { answerOf, textAnswer, type WebhookAnswer } from './answer.ts';
import type { Upstream, WebPubSubConnections } from './connections.ts';
import {
  isKnownOrigin,
  isSigned,
  NoEvent,
  readContext,
  readEvent,
  type Headers,
  type WebPubSubEvent,
} from './event.ts';

interface Registered {
  definition: FunctionDefinition;
  upstreams: Upstream[];
}

export class Webhook {
  #connections: WebPubSubConnections;
  #invocations: Invocations;
  #registered = new Map<string, Registered>();

  constructor(connections: WebPubSubConnections, invocations: Invocations) {
    this.#connections = connections;
    this.#invocations = invocations;
  }

  /** Takes the events of a function, until the trigger is stopped. Throws a sentence about what cannot be served. */
  register(definition: FunctionDefinition): Trigger {
    const { trigger } = definition;
    const { eventType, eventName, clientProtocols = 'all', connections } = trigger;
    if (typeof clientProtocols === 'string' && clientProtocols.toLowerCase() === 'mqtt')
      throw new Error('this host does not support MQTT clients (clientProtocols).');
    const hub = this.#connections.hub(trigger['hub']);
    const key = keyOf(hub, String(eventType), String(eventName));
    const upstreams = this.#connections.upstreams(
      Array.isArray(connections) ? connections.map(String) : undefined,
    );
    const other = this.#registered.get(key)?.definition.name;
    if (other !== undefined) throw new Error(`'${other}' already takes the same event.`);
    this.#registered.set(key, { definition, upstreams });
    return {
      state: 'served',
      start: () => Promise.resolve(),
      stop: async () => void this.#registered.delete(key),
      fire: async (input) => {
        await this.#invocations.run(definition, { reason: byHand, input: { string: input } });
      },
    };
  }

  /** Answers a request. `headers` have names in lower case. */
  async handle(method: string, headers: Headers, body: Buffer): Promise<WebhookAnswer> {
    const origin = headers.get('webhook-request-origin');
    if (origin !== undefined && (method === 'OPTIONS' || method === 'GET')) return this.#consent(origin);
    if (method !== 'POST') return textAnswer(400, 'Events come by POST.');
    try {
      const context = readContext(headers);
      const found = this.#registered.get(keyOf(context.hub, context.eventType, context.eventName));
      if (!found) return textAnswer(404, `No function takes ${context.eventName} of hub ${context.hub}.`);
      if (!isSigned(context, found.upstreams)) return textAnswer(401, 'The signature is not valid.');
      return await this.#run(found.definition, readEvent(context, headers, body));
    } catch (error) {
      return textAnswer(
        error instanceof NoEvent ? 400 : 500,
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  #consent(origin: string): WebhookAnswer {
    const triggers = [...this.#registered.values()];
    return triggers.some(({ upstreams }) => isKnownOrigin(origin, upstreams))
      ? { status: 200, headers: { 'WebHook-Allowed-Origin': '*' }, body: '' }
      : textAnswer(400, `The origin ${origin} is not that of a service that a function names.`);
  }

  async #run(definition: FunctionDefinition, event: WebPubSubEvent): Promise<WebhookAnswer> {
    const { returnValue } = await this.#invocations.run(definition, {
      reason: byHand,
      input: inputOf(definition.triggerName, event),
      triggerMetadata: metadataOf(event),
    });
    return answerOf(returnValue, event.connectionContext);
  }
}

const byHand = 'This function was programmatically called via the host APIs.';

const keyOf = (...parts: string[]): string => JSON.stringify(parts.map((part) => part.toLowerCase()));

/** The binding's name says which part of the event the handler gets; any other name gets nothing. */
function inputOf(name: string, event: WebPubSubEvent): TypedData {
  const entry = Object.entries({ ...event, request: event }).find(
    ([part]) => part.toLowerCase() === name.toLowerCase(),
  );
  return entry ? toData(entry[1]) : {};
}

function metadataOf(event: WebPubSubEvent): Record<string, TypedData> {
  const parts = Object.entries({ ...event, request: event }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(parts.map(([name, value]) => [name, toData(value)]));
}

function toData(value: WebPubSubEvent[keyof WebPubSubEvent] | WebPubSubEvent): TypedData {
  if (value === undefined) return {};
  if (typeof value === 'string') return { string: value };
  if ('type' in value && value.type === 'Buffer') return { bytes: Buffer.from(value.data as number[]) };
  return { json: JSON.stringify(value) };
}
