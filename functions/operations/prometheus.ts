/** Metrics in the text format of Prometheus 0.0.4. Pure. */
import type { Metrics } from '../../contract/operations.ts';

const described: Record<keyof Metrics, { name: string; type: 'gauge' | 'counter'; help: string }> = {
  total_rooms: { name: 'hubbub_rooms', type: 'gauge', help: 'Rooms that exist.' },
  active_rooms: {
    name: 'hubbub_active_rooms',
    type: 'gauge',
    help: 'Rooms that somebody wrote in today or yesterday (UTC), estimated.',
  },
  total_connections: { name: 'hubbub_connections', type: 'gauge', help: 'Open Web PubSub connections.' },
  messages_sent: {
    name: 'hubbub_messages_sent_total',
    type: 'counter',
    help: 'Messages stored since the first start.',
  },
  uptime: { name: 'hubbub_uptime_seconds', type: 'gauge', help: 'Age of the answering instance.' },
};

/** Whether an `Accept` header asks for this format before JSON. */
export function wantsPrometheus(accept: string | null): boolean {
  const types = (accept ?? '').split(',').map((range) => range.split(';')[0]?.trim().toLowerCase());
  const first = types.find((type) => type && ['application/json', ...textTypes].includes(type));
  return first !== undefined && textTypes.includes(first);
}

const textTypes = ['text/plain', 'application/openmetrics-text'];

export function toPrometheus(metrics: Metrics): string {
  const keys = Object.keys(described) as (keyof Metrics)[];
  const lines = keys.flatMap((key) => {
    const { name, type, help } = described[key];
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${metrics[key]}`];
  });
  return `${lines.join('\n')}\n`;
}
