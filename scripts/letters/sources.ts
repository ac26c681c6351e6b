/** Where messages lie that nobody delivers any more, and where each kind goes when it is sent again. */
import { erasuresQueue, rejectedQueue, subscription, topic } from '../../contract/names.ts';
import type { ServiceBusClient, ServiceBusReceiver } from '@azure/service-bus';

/** Locks are renewed while a command runs, so that what it holds does not come to it twice. */
const longest = 60 * 60 * 1_000;
const options = { skipParsingBodyAsJson: true, maxAutoLockRenewalDurationInMs: longest } as const;
const dead = { ...options, subQueueType: 'deadLetter' } as const;

interface Source {
  /** For people: what lies here. */
  holds: string;
  /** The queue or topic that takes what is sent again. */
  destination: string;
  receiver(client: ServiceBusClient): ServiceBusReceiver;
}

export const sources = {
  'dead-letters': {
    holds: `dead letters of ${topic}/${subscription}: the router failed on them ten times, or they grew too old`,
    destination: topic,
    receiver: (client) => client.createReceiver(topic, subscription, dead),
  },
  rejected: {
    holds: `messages of ${rejectedQueue}: the router could not tell what to do with them`,
    destination: topic,
    receiver: (client) => client.createReceiver(rejectedQueue, options),
  },
  'rejected-dead-letters': {
    holds: `dead letters of ${rejectedQueue}: rejected ones that were picked out around too often`,
    destination: topic,
    receiver: (client) => client.createReceiver(rejectedQueue, dead),
  },
  erasures: {
    holds: `dead letters of ${erasuresQueue}: deleted rooms of which rows are left`,
    destination: erasuresQueue,
    receiver: (client) => client.createReceiver(erasuresQueue, dead),
  },
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof sources;
export const sourceNames = Object.keys(sources) as SourceName[];
