/** How the service is, as it crosses the wire: for people and machines that watch over it. */
import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());

/** Whether a service behind the app answers, as it was seen at most some seconds ago. Why not is in the log alone. */
const check = z.object({
  status: z.enum(['ok', 'failed']),
  /** How long it took to answer, or to fail, in whole milliseconds. */
  latency_ms: count,
});
export type Check = z.infer<typeof check>;

const checks = z.object({ storage: check, service_bus: check, web_pubsub: check });
export type Checks = z.infer<typeof checks>;

export const health = z.object({
  status: z.literal('healthy'),
  checks,
  /** Open Web PubSub connections. */
  connections: count,
  rooms: count,
  /** Rooms that somebody wrote in today or yesterday (UTC); an estimate, within a few per cent. */
  active_rooms: count,
});
export type Health = z.infer<typeof health>;

export const degraded = z.object({
  status: z.literal('degraded'),
  checks,
});
export type Degraded = z.infer<typeof degraded>;

export const metrics = z.object({
  total_rooms: count,
  /** As in `health`. */
  active_rooms: count,
  total_connections: count,
  /** Since the first start, over all instances. */
  messages_sent: count,
  /** Seconds since the answering instance started. */
  uptime: z.number().check(z.nonnegative()),
});
export type Metrics = z.infer<typeof metrics>;
