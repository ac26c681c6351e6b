/** `/faults` over HTTP: `GET` shows the faults in force, `PUT` sets them, `DELETE` ends them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { faultsSchema } from './fault.ts';
import type { Faults } from './faults.ts';

/** Answers a request to `/faults`, whatever its method. */
export async function serveFaults(
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const { method = '' } = request;
  if (method === 'PUT') {
    const parsed = faultsSchema.safeParse(await json(request).catch(() => undefined));
    if (!parsed.success) return answer(400, { error: 'Send {"faults": […]}.', issues: parsed.error.issues });
    faults.set(parsed.data.faults);
  } else if (method === 'DELETE') {
    faults.set([]);
  } else if (method !== 'GET') {
    return answer(405, { error: 'Use GET, PUT or DELETE.' });
  }
  answer(200, { faults: faults.list() });
}
