/** What a fault on request does to an HTTP exchange. */
import type { ServerResponse } from 'node:http';
import type { Verdict } from '../../fault-injection/faults.ts';

/** Does what the verdict says; answers whether that was the end of the exchange. */
export function strike(response: ServerResponse, verdict: Verdict): boolean {
  switch (verdict.kind) {
    case 'pass':
      return false;
    case 'drop':
      return true;
    case 'disconnect':
      response.destroy();
      return true;
    case 'error': {
      const { error, retryAfter } = verdict;
      const status = typeof error === 'number' && error >= 200 && error < 600 ? error : 503;
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
      response.writeHead(status, { 'content-type': 'text/plain' }).end('A fault on request.');
      return true;
    }
  }
}
