/** Service Bus, sending only: what is received comes through the host's trigger. */
import { ServiceBusClient, type ServiceBusMessage, type ServiceBusSender } from '@azure/service-bus';
import { topic } from '../../contract/names.ts';
import { ownIdentity } from './managed-identity.ts';
import { connection } from './settings.ts';
import { traceparent } from './trace.ts';

export type OutgoingMessage = Pick<
  ServiceBusMessage,
  'body' | 'messageId' | 'applicationProperties' | 'contentType'
>;

// The SDK's default waits 30 s before its first retry, longer than a caller does.
const retryOptions = { maxRetries: 3, retryDelayInMs: 500, maxRetryDelayInMs: 2_000, timeoutInMs: 5_000 };

let client: ServiceBusClient | undefined;
const senders = new Map<string, ServiceBusSender>();

function sender(entity: string): ServiceBusSender {
  const known = senders.get(entity);
  if (known) return known;
  client ??= newClient();
  const made = client.createSender(entity);
  senders.set(entity, made);
  return made;
}

function newClient(): ServiceBusClient {
  const bus = connection('serviceBus');
  return 'address' in bus
    ? new ServiceBusClient(bus.address, ownIdentity(), { retryOptions })
    : new ServiceBusClient(bus.connectionString, { retryOptions });
}

/** Sends to a queue or topic; returns once the namespace has it on disk. Several are accepted all or none. */
export async function send(entity: string, messages: OutgoingMessage | OutgoingMessage[]): Promise<void> {
  const outgoing = Array.isArray(messages)
    ? messages.map((message) => traced(entity, message))
    : traced(entity, messages);
  await sender(entity).sendMessages(outgoing);
}

/** Sends one message that becomes visible later. */
export async function sendAt(entity: string, message: OutgoingMessage, at: Date): Promise<void> {
  await sender(entity).scheduleMessages(traced(entity, message), at);
}

/** With the span under way, where somebody carries it on. What has one already, being sent on, keeps it. */
function traced(entity: string, message: OutgoingMessage): OutgoingMessage {
  const parent = traceparent();
  if (parent === undefined || entity !== topic) return message;
  return { ...message, applicationProperties: { traceparent: parent, ...message.applicationProperties } };
}

/** Throws where Service Bus does not answer: making a batch asks the topic for the size it takes. */
export async function checkServiceBus(): Promise<void> {
  await sender(topic).createMessageBatch();
}
