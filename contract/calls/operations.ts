/** Calls about how the service is. */
import { degraded, health, metrics } from '../operations.ts';
import type { Calls } from './call.ts';

export const operationsCalls: Calls = {
  '/health': {
    get: {
      id: 'readHealth',
      tag: 'operations',
      summary: 'Ask whether all is well',
      open: true,
      answer: [200, 'All parts answer.', health],
      otherwise: [503, 'A part does not answer.', degraded],
      refuses: [],
    },
  },
  '/metrics': {
    get: {
      id: 'readMetrics',
      tag: 'operations',
      summary: 'Read the counters',
      description: 'As Prometheus text for who asks for `text/plain`.',
      answer: [200, 'The counters.', metrics],
      refuses: [],
    },
  },
};
