/** REST: health, for load balancers and people, and metrics, as JSON or as Prometheus reads them. */
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { requirePrincipal } from '../identity/principal.ts';
import { json, registerHttp } from '../platform/http.ts';
import { note } from '../platform/trace.ts';
import { flushCounts } from './counters.ts';
import { toPrometheus, wantsPrometheus } from './prometheus.ts';
import { readHealth, readMetrics } from './status.ts';

export async function getHealth(): Promise<HttpResponseInit> {
  const health = await readHealth();
  if (health.status === 'healthy') {
    const { connections, rooms, active_rooms } = health;
    note({ connections, rooms, active_rooms });
  }
  return json(health.status === 'healthy' ? 200 : 503, health, { 'cache-control': 'no-store' });
}

export async function getMetrics(request: HttpRequest): Promise<HttpResponseInit> {
  await requirePrincipal(request, 'read_metrics');
  const metrics = await readMetrics();
  if (!wantsPrometheus(request.headers.get('accept'))) return json(200, metrics);
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: toPrometheus(metrics),
  };
}

registerHttp('health', ['GET'], 'health', getHealth);
registerHttp('metrics', ['GET'], 'metrics', getMetrics);
// What was counted in the last seconds would be lost.
app.hook.appTerminate(flushCounts);
