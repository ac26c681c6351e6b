/**
 * How the service is: whether its parts answer, and its figures. Cheap whatever the number of rooms: nothing is
 * counted by reading it all, and answers are kept for some seconds.
 */
import type { Degraded, Health, Metrics } from '../../contract/operations.ts';
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

const checkParts = cached(5_000, async (): Promise<Degraded['checks']> => {
  const checks = Object.entries(parts).map(async ([name, check]) => [name, await answers(check)] as const);
  return Object.fromEntries(await Promise.all(checks));
});

async function answers(check: () => Promise<unknown>): Promise<'ok' | 'failed'> {
  const tooLate = clock.wait(patience).then(() => 'failed' as const);
  const checked = check().then(
    () => 'ok' as const,
    () => 'failed' as const,
  );
  return Promise.race([checked, tooLate]);
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
  if (Object.values(checks).includes('failed')) return { status: 'degraded', checks };
  const { connections, rooms, active } = await readFigures();
  return { status: 'healthy', connections, rooms, active_rooms: active };
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
