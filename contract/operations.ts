/** How the service is, as it crosses the wire: for people and machines that watch over it. */
import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());

export const health = z.object({
  status: z.literal('healthy'),
  /** Open Web PubSub connections. */
  connections: count,
  rooms: count,
  /** Rooms that somebody wrote in today or yesterday (UTC); an estimate, within a few per cent. */
  active_rooms: count,
});
export type Health = z.infer<typeof health>;

export const degraded = z.object({
  status: z.literal('degraded'),
  /** Each part by name: does it answer? */
  checks: z.record(z.string(), z.enum(['ok', 'failed'])),
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
