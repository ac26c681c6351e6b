/** Traces: what a header says, which span follows from which, and what a line of the log holds. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  currentSpan,
  inSpan,
  note,
  readTraceparent,
  traceparent,
} from '../../../functions/platform/trace.ts';

const traced = vi.hoisted(() => ({ TRACES: 'on' }));
vi.mock('../../../functions/platform/settings.ts', () => ({ settings: () => traced }));

const lines: Record<string, unknown>[] = [];
const log = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
beforeEach(() => void lines.splice(0));
afterEach(() => void (traced.TRACES = 'on'));

describe('traceparent', () => {
  const digits = (count: number) =>
    fc
      .string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: count, maxLength: count })
      .filter((text) => !/^0+$/.test(text));

  it('is read, whatever version and flags it has', () => {
    fc.assert(
      fc.property(digits(32), digits(16), fc.constantFrom('00', '01', 'cc'), (traceId, spanId, version) => {
        expect(readTraceparent(`${version}-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId });
      }),
    );
  });

  it.each([
    undefined,
    7,
    '',
    `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
    `00-${'1'.repeat(32)}-${'0'.repeat(16)}-01`,
    `ff-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
    `00-${'1'.repeat(31)}-${'1'.repeat(16)}-01`,
    `00-${'G'.repeat(32)}-${'1'.repeat(16)}-01`,
    `x00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`,
  ])('is none in %s', (text) => {
    expect(readTraceparent(text)).toBeUndefined();
  });
});

describe('a span', () => {
  it('begins a trace where nothing caused it, and those inside belong to it', async () => {
    await inSpan(
      'outer',
      { room_id: 'r' },
      async () => {
        expect(readTraceparent(traceparent())).toEqual({
          traceId: currentSpan()!.traceId,
          spanId: currentSpan()!.spanId,
        });
        await inSpan('inner', {}, async () => note({ status: 200 }));
      },
      { log },
    );
    const [inner, outer] = lines;
    expect(outer).toMatchObject({ what: 'span', name: 'outer', outcome: 'done', room_id: 'r' });
    expect(outer).not.toHaveProperty('parent_id');
    expect(inner).toMatchObject({ trace_id: outer!['trace_id'], parent_id: outer!['span_id'], status: 200 });
    expect(currentSpan()).toBeUndefined();
  });

  it('follows from what it is told, and says that it failed', async () => {
    const cause = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    const failing = inSpan('route', {}, () => Promise.reject(new Error('secret')), { cause, log });
    await expect(failing).rejects.toThrow('secret');
    expect(lines).toMatchObject([{ trace_id: cause.traceId, parent_id: cause.spanId, outcome: 'failed' }]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('leaves no line where traces are off', async () => {
    traced.TRACES = 'off';
    expect(await inSpan('quiet', {}, async () => traceparent(), { log })).toMatch(/^00-/);
    expect(lines).toEqual([]);
  });
});
