/** The Service Bus trigger behind the topic: hands each batch to the rules of delivery. */
import { app, type InvocationContext } from '@azure/functions';
import { connections, subscription, topic } from '../../contract/names.ts';
import { sweep } from '../intents/sweep.ts';
import { clock } from '../platform/clock.ts';
import { inSpan, readTraceparent } from '../platform/trace.ts';
import type { Arrival } from './arrival.ts';
import { deliver } from './delivery.ts';

async function route(bodies: unknown, context: InvocationContext): Promise<void> {
  const arrivals = readArrivals(bodies, context.triggerMetadata ?? {});
  const causes = arrivals.flatMap(({ properties }) => readTraceparent(properties['traceparent']) ?? []);
  const links = [...new Set(causes.map(({ traceId }) => traceId))];
  await inSpan('route', { messages: arrivals.length, links }, () => deliver(arrivals), {
    cause: causes[0],
    log: (line) => context.log(line),
  });
  void finishOld((line) => context.warn(line)).catch((error: unknown) => context.warn(String(error)));
}

/** While the router runs, nobody waits for the timer to be told of what a dying instance left unsaid. */
async function finishOld(log: (line: string) => void): Promise<void> {
  const now = clock.now().getTime();
  if (now < nextSweep) return;
  nextSweep = now + sweepEvery;
  await sweep(log);
}

/** Milliseconds between two looks at the intents. */
const sweepEvery = 10_000;
let nextSweep = 0;

/** A batch as the host hands it over: the bodies, and beside them arrays of what belongs to each. */
export function readArrivals(bodies: unknown, metadata: Record<string, unknown>): Arrival[] {
  const batch: unknown[] = Array.isArray(bodies) ? bodies : [bodies];
  const of = (name: string, index: number): unknown => {
    const values = metadata[`${name}Array`];
    // The host leaves missing texts out of a list: a shorter one does not say which belongs to whom.
    return Array.isArray(values) && values.length === batch.length ? values[index] : undefined;
  };
  return batch.map((body, index) => ({
    body: toBytes(body),
    contentType: toText(of('contentType', index)),
    messageId: toText(of('messageId', index)),
    position: `${String(of('sequenceNumber', index))}-${String(of('enqueuedTimeUtc', index))}`,
    properties: (of('applicationProperties', index) ?? {}) as Arrival['properties'],
  }));
}

/** A host that does not know `dataType` hands over text, or what the text was JSON of. */
function toBytes(body: unknown): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}

const toText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const trigger = {
  connection: connections.serviceBus,
  topicName: topic,
  subscriptionName: subscription,
  cardinality: 'many',
  // Bytes, so that what is rejected goes on as it came, and signatures hold.
  dataType: 'binary',
} as const;

app.serviceBusTopic('route', { ...trigger, handler: route });
