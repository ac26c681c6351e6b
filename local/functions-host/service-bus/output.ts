/** The Service Bus output binding: what a function returned or set is sent once it has succeeded. */
import type { ServiceBusMessage, ServiceBusSender } from '@azure/service-bus';
import type { FunctionDefinition } from '../catalogue.ts';
import type { Output } from '../invocations.ts';
import type { Binding } from '../worker/protocol.ts';
import type { InvocationResponse, TypedData } from '../worker/typed-data.ts';
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

  return async (definition, response) => {
    for (const [name, binding] of outputs(definition)) {
      const messages = toMessages(valueOf(name, response));
      // One after another, in the order of the bindings.
      // oxlint-disable-next-line no-await-in-loop
      if (messages.length > 0) await (await sender(binding)).sendMessages(messages);
    }
  };
}

function outputs(definition: FunctionDefinition): [string, Binding][] {
  return Object.entries(definition.bindings).filter(
    ([, { type, direction }]) => direction === 'out' && type.toLowerCase() === 'servicebus',
  );
}

/** Set by name through the context, returned, or returned as a member of an object. */
function valueOf(name: string, { outputData, returnValue }: InvocationResponse): TypedData | undefined {
  const set = outputData.find((each) => each.name === name)?.data;
  if (set) return set;
  if (name === '$return') return returnValue ?? undefined;
  const returned: unknown = returnValue?.json === undefined ? undefined : JSON.parse(returnValue.json);
  if (typeof returned !== 'object' || returned === null || !(name in returned)) return undefined;
  const value = (returned as Record<string, unknown>)[name];
  return typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) };
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
