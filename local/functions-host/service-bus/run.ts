/** A Service Bus function's invocation, for one message, for several, or by hand. */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { batchMetadataOf, bodiesData, bodyData, detailsOf, metadataOf } from './message-data.ts';
import { isBinary, type ServiceBusTriggerOptions } from './trigger-options.ts';

type Runner = Pick<ServiceBusTriggerOptions, 'invocations' | 'definition'>;

export async function runOne(
  { invocations, definition }: Runner,
  message: ServiceBusReceivedMessage,
): Promise<void> {
  const input = bodyData(message, isBinary(definition));
  await invocations.run(definition, {
    reason: '(null)',
    details: detailsOf([message], false),
    input,
    triggerMetadata: metadataOf(message, input),
  });
}

export async function runMany(
  { invocations, definition }: Runner,
  messages: ServiceBusReceivedMessage[],
): Promise<void> {
  await invocations.run(definition, {
    reason: '(null)',
    details: detailsOf(messages, true),
    input: bodiesData(messages, isBinary(definition)),
    triggerMetadata: batchMetadataOf(messages),
  });
}

export async function runByHand(
  { invocations, definition }: Runner,
  input: string,
  isBatch: boolean,
): Promise<void> {
  await invocations.run(definition, {
    reason: 'This function was programmatically called via the host APIs.',
    input: isBatch ? { collectionString: { string: [input] } } : { string: input },
  });
}
