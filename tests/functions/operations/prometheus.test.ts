/** Metrics for Prometheus: whom they are for, and in which format. */
import { describe, expect, it } from 'vitest';
import { toPrometheus, wantsPrometheus } from '../../../functions/operations/prometheus.ts';

describe('metrics as text', () => {
  it('are for who asks for text before JSON', () => {
    for (const accept of [
      'text/plain',
      'text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'application/openmetrics-text;version=1.0.0,text/plain;q=0.5',
      'TEXT/PLAIN, application/json',
    ]) {
      expect(wantsPrometheus(accept)).toBe(true);
    }
    for (const accept of [null, '', '*/*', 'application/json', 'application/json, text/plain', 'text/html']) {
      expect(wantsPrometheus(accept)).toBe(false);
    }
  });

  it('have a help, a type and a value line for each figure', () => {
    const text = toPrometheus({
      total_rooms: 5,
      active_rooms: 3,
      total_connections: 10,
      messages_sent: 1234,
      uptime: 60,
    });
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBe(15);
    expect(lines.slice(9, 12)).toEqual([
      '# HELP hubbub_messages_sent_total Messages stored since the first start.',
      '# TYPE hubbub_messages_sent_total counter',
      'hubbub_messages_sent_total 1234',
    ]);
    for (const line of lines) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+ \d+)$/);
    expect(text.endsWith('\n')).toBe(true);
  });
});
