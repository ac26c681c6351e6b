/** Which queue or subscription a binding means, and how to receive from it. */
import type { ServiceBusClient, ServiceBusReceiver } from '@azure/service-bus';
import type { Binding } from '../worker/protocol.ts';

export type Entity = { queue: string } | { topic: string; subscription: string };

/** Throws a sentence where the binding names neither. */
export function entityOf(binding: Binding): Entity {
  const { queueName, topicName, subscriptionName } = binding;
  if (typeof queueName === 'string' && queueName) return { queue: queueName };
  if (
    typeof topicName === 'string' &&
    topicName &&
    typeof subscriptionName === 'string' &&
    subscriptionName
  ) {
    return { topic: topicName, subscription: subscriptionName };
  }
  throw new Error('it names no queue, and no topic with a subscription.');
}

export const entityPath = (entity: Entity): string =>
  'queue' in entity ? entity.queue : `${entity.topic}/Subscriptions/${entity.subscription}`;

/** A peek-lock receiver that leaves bodies as bytes and locks alone: both are the trigger's business. */
export function receiverOf(client: ServiceBusClient, entity: Entity): ServiceBusReceiver {
  const options = { maxAutoLockRenewalDurationInMs: 0, skipParsingBodyAsJson: true };
  return 'queue' in entity
    ? client.createReceiver(entity.queue, options)
    : client.createReceiver(entity.topic, entity.subscription, options);
}
