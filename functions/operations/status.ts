/**
 * How the service is: whether its parts answer, and its figures. Cheap whatever the number of rooms: nothing is
 * counted by reading it all, and answers are kept for some seconds.
 */
import type { Check, Checks, Degraded, Health, Metrics } from '../../contract/operations.ts';
import { countConnections } from '../presence/presence.ts';
import { clock } from '../platform/clock.ts';
import { checkServiceBus } from '../platform/service-bus.ts';
import { checkTables } from '../platform/tables.ts';
import { checkWebPubSub } from '../platform/web-pubsub.ts';
import { cached } from './cached.ts';
import { flushCounts, readCounts } from './counters.ts';

/** Milliseconds within which a part has to answer. */
const patience = 3_000;
const day = 86_400_000;

const parts = { storage: checkTables, service_bus: checkServiceBus, web_pubsub: checkWebPubSub };

const checkParts = cached(5_000, async (): Promise<Checks> => {
  const [storage, service_bus, web_pubsub] = await Promise.all([
    checkPart('storage'),
    checkPart('service_bus'),
    checkPart('web_pubsub'),
  ]);
  return { storage, service_bus, web_pubsub };
});

async function checkPart(name: keyof typeof parts): Promise<Check> {
  const began = clock.now().getTime();
  const tooLate = clock.wait(patience).then(() => `no answer within ${patience} ms`);
  const checked = parts[name]().then(() => undefined, String);
  const failure = await Promise.race([checked, tooLate]);
  // Whoever asks is not told why: nobody has said who they are.
  if (failure !== undefined)
    console.error(JSON.stringify({ what: 'A part does not answer', part: name, error: failure }));
  return { status: failure === undefined ? 'ok' : 'failed', latency_ms: clock.now().getTime() - began };
}

const readFigures = cached(5_000, async () => {
  await flushCounts();
  const yesterday = new Date(clock.now().getTime() - day).toISOString().slice(0, 10);
  const [counts, connections] = await Promise.all([readCounts(yesterday), countConnections()]);
  // An instance that died before it wrote may have left more ends than beginnings.
  return {
    connections,
    rooms: Math.max(0, counts.rooms),
    active: counts.active.estimate(),
    sent: counts.messages,
  };
});

/** Whether all parts answer, and if so the figures. */
export async function readHealth(): Promise<Health | Degraded> {
  const checks = await checkParts();
  if (Object.values(checks).some(({ status }) => status === 'failed')) return { status: 'degraded', checks };
  const { connections, rooms, active } = await readFigures();
  return { status: 'healthy', checks, connections, rooms, active_rooms: active };
}

/** The figures. */
export async function readMetrics(): Promise<Metrics> {
  const { connections, rooms, active, sent } = await readFigures();
  return {
    total_rooms: rooms,
    active_rooms: active,
    total_connections: connections,
    messages_sent: sent,
    uptime: Math.round(process.uptime()),
  };
}
