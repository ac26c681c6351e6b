/** What the suites need of an entity beside the SDK: an empty one to begin with, and all that is in it. */
import type { ServiceBusClient, ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import Long from 'long';
import { until } from '../../support/until.ts';

/** The client of the namespace under test, known once the tests run. */
export type Bus = () => ServiceBusClient;

/** Removes what earlier tests or runs left in a queue and its dead letters, as far as it is not locked. */
export async function emptyQueue(client: ServiceBusClient, queue: string): Promise<void> {
  await emptyOut(client.createReceiver(queue, { receiveMode: 'receiveAndDelete' }));
  await emptyOut(
    client.createReceiver(queue, { receiveMode: 'receiveAndDelete', subQueueType: 'deadLetter' }),
  );
}

export async function emptySubscription(
  client: ServiceBusClient,
  topic: string,
  subscription: string,
): Promise<void> {
  await emptyOut(client.createReceiver(topic, subscription, { receiveMode: 'receiveAndDelete' }));
}

/** The messages that are there, from the first on: the SDK would go on where any receiver peeked last. */
export function peekAll(
  receiver: Pick<ServiceBusReceiver, 'peekMessages'>,
): Promise<ServiceBusReceivedMessage[]> {
  return receiver.peekMessages(10, { fromSequenceNumber: Long.ZERO });
}

/** Receives until there are as many messages as wanted. */
export async function receiveAll(
  receiver: ServiceBusReceiver,
  count: number,
): Promise<ServiceBusReceivedMessage[]> {
  const received: ServiceBusReceivedMessage[] = [];
  return until(
    async () => {
      received.push(
        ...(await receiver.receiveMessages(count - received.length, { maxWaitTimeInMs: 10_000 })),
      );
      return received.length >= count ? received : undefined;
    },
    { what: `${count} messages` },
  );
}

/** Receives one message; fails where none comes. */
export async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiveAll(receiver, 1);
  return message!;
}

async function emptyOut(receiver: ServiceBusReceiver): Promise<void> {
  for (;;) {
    // Peeking answers at once where there is nothing, and receiving as many as there are does not wait.
    const { length } = (await peekAll(receiver)).filter((each) => each.state === 'active');
    if (length === 0) break;
    if ((await receiver.receiveMessages(length, { maxWaitTimeInMs: 500 })).length === 0) break;
  }
  await receiver.close();
}
