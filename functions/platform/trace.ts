/**
 * Traces by hand: spans that belong together have one trace id (W3C Trace Context), which crosses Service Bus in the
 * application property `traceparent`. Each is one line of the log when it ends. A bundle cannot be instrumented from
 * outside (docs/decisions/0017). Facts are ids and numbers: never a text, a name, a token.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { settings } from './settings.ts';

export interface SpanContext {
  /** 32 hexadecimal digits. The page gives a message's own id. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
}

export type Facts = Record<string, string | number | readonly string[] | undefined>;

/** Where lines go: that of the invocation, so that Application Insights knows what they belong to. */
type Log = (line: string) => void;

interface Span extends SpanContext {
  log: Log;
  facts: Facts;
}

const spans = new AsyncLocalStorage<Span>();

/** The span that is under way here, to be named as `cause` of one elsewhere. */
export const currentSpan = (): Span | undefined => spans.getStore();

/** The span under way as the header `traceparent` has it; undefined where there is none. */
export function traceparent(): string | undefined {
  const span = spans.getStore();
  return span && `00-${span.traceId}-${span.spanId}-01`;
}

/** What a `traceparent` says; undefined where it is none, as the standard wants it. */
export function readTraceparent(text: unknown): SpanContext | undefined {
  if (typeof text !== 'string') return undefined;
  const [, version, traceId = '', spanId = ''] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(?:-.*)?$/.exec(text) ?? [];
  if (version === undefined || version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId))
    return undefined;
  return { traceId, spanId };
}

/** Adds to what the span under way says when it ends. */
export function note(facts: Facts): void {
  Object.assign(spans.getStore()?.facts ?? {}, facts);
}

interface Origin {
  /** What it follows from; else the span under way, else it begins a trace. */
  cause?: SpanContext | undefined;
  /** Else that of the span that it follows from. */
  log?: Log;
}

/** Runs something as a span. What it throws, it throws. */
export async function inSpan<T>(
  name: string,
  facts: Facts,
  run: () => Promise<T>,
  { cause = spans.getStore(), log }: Origin = {},
): Promise<T> {
  const inherited = cause && 'log' in cause ? (cause as Span).log : undefined;
  const span: Span = {
    traceId: cause?.traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    log: log ?? inherited ?? console.log,
    facts: { ...facts },
  };
  const began = performance.now();
  let outcome = 'failed';
  try {
    const result = await spans.run(span, run);
    outcome = 'done';
    return result;
  } finally {
    if (settings().TRACES === 'on') {
      const { traceId: trace_id, spanId: span_id } = span;
      const ids = { trace_id, span_id, ...(cause && { parent_id: cause.spanId }) };
      const ms = Math.round(performance.now() - began);
      span.log(JSON.stringify({ what: 'span', name, ...ids, ms, outcome, ...span.facts }));
    }
  }
}
