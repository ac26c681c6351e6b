/** The Service Bus output binding: what a function returned or set is sent once it has succeeded. */
import type { ServiceBusMessage, ServiceBusSender } from '@azure/service-bus';
import type { Output } from '../invocations.ts';
import { outputValue } from '../output-value.ts';
import type { Binding } from '../worker/protocol.ts';
import type { TypedData } from '../worker/typed-data.ts';
import type { Connections } from './connections.ts';

/** Sends by way of these connections; senders are kept. */
export function serviceBusOutput(connections: Connections): Output {
  const senders = new Map<string, Promise<ServiceBusSender>>();

  const sender = (binding: Binding): Promise<ServiceBusSender> => {
    const connection = typeof binding['connection'] === 'string' ? binding['connection'] : undefined;
    const entity = binding['queueName'] ?? binding['topicName'];
    if (typeof entity !== 'string') throw new Error('The Service Bus output names no queue and no topic.');
    const key = `${connection}/${entity}`;
    const known =
      senders.get(key) ?? connections.client(connection).then((client) => client.createSender(entity));
    senders.set(key, known);
    return known;
  };

  return async (bindings, response) => {
    for (const [name, binding] of Object.entries(bindings)) {
      if (binding.direction !== 'out' || binding.type.toLowerCase() !== 'servicebus') continue;
      const messages = toMessages(outputValue(name, response));
      // One after another, in the order of the bindings.
      // oxlint-disable-next-line no-await-in-loop
      if (messages.length > 0) await (await sender(binding)).sendMessages(messages);
    }
  };
}

/** An array is several messages; an object goes as JSON; text and bytes go as they are. */
function toMessages(data: TypedData | undefined): ServiceBusMessage[] {
  if (data?.bytes) return [{ body: Buffer.from(data.bytes) }];
  if (data?.string !== undefined) return [{ body: Buffer.from(data.string) }];
  if (data?.int !== undefined || data?.double !== undefined) {
    return [{ body: Buffer.from(String(data.int ?? data.double)) }];
  }
  if (data?.json === undefined) return [];
  const value: unknown = JSON.parse(data.json);
  return (Array.isArray(value) ? value : [value]).map((each: unknown) =>
    typeof each === 'string'
      ? { body: Buffer.from(each) }
      : { body: Buffer.from(JSON.stringify(each)), contentType: 'application/json' },
  );
}
