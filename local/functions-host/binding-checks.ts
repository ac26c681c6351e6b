/** Whether the services that bindings name can be found in the app settings: asked at the start, not at the first call. */
import type { FunctionDefinition } from './catalogue.ts';
import type { Connections } from './service-bus/connections.ts';
import type { WebPubSubConnections } from './web-pubsub/connections.ts';
import type { Binding } from './worker/protocol.ts';

export interface Services {
  serviceBus: Connections;
  webPubSub: WebPubSubConnections;
}

/** Throws a sentence about the first binding, but for the trigger, whose connection is missing. */
export function checkBindings({ bindings, triggerName }: FunctionDefinition, services: Services): void {
  for (const [name, binding] of Object.entries(bindings)) {
    if (name === triggerName) continue;
    try {
      check(binding, services);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`the binding '${name}' (${binding.type}): ${reason}`, { cause: error });
    }
  }
}

function check(binding: Binding, { serviceBus, webPubSub }: Services): void {
  const connection = typeof binding['connection'] === 'string' ? binding['connection'] : undefined;
  // An expression is known only when the function is called.
  if (connection?.includes('{')) return;
  switch (binding.type.toLowerCase()) {
    case 'servicebus':
      if (!binding['queueName'] && !binding['topicName']) throw new Error('it names no queue and no topic.');
      serviceBus.check(connection);
      break;
    case 'webpubsub':
    case 'webpubsubconnection':
      webPubSub.hub(binding['hub']);
      webPubSub.upstream(connection);
      break;
    case 'webpubsubcontext':
      webPubSub.upstreams(
        Array.isArray(binding['connections']) ? binding['connections'].map(String) : undefined,
      );
      break;
    default:
  }
}
