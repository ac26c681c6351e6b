/**
 * HTTP streaming (`app.setup({ enableHttpStream: true })`): the library listens inside the app's process, and the
 * host passes requests on to it, while the invocation goes its usual way without a body.
 */
import { request as newRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Firing } from '../invocations.ts';
import type { TypedData } from '../worker/typed-data.ts';
import { headerPairs, joined } from './exchange.ts';

/** Headers that belong to one connection, not to the message. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The library has written its answer before the invocation ends; it may only still be on its way (milliseconds). */
const answerLimit = 1_000;

export interface StreamedCall {
  httpUri: string;
  url: URL;
  params: Record<string, string>;
  invocationId: string;
  /** Headers of ours that the function must not overrule. */
  fixedHeaders: Record<string, string>;
  /** Runs the invocation; rejects when it fails. */
  run: (firing: Pick<Firing, 'input' | 'triggerMetadata'>) => Promise<unknown>;
}

/** Answers a request by the app's own stream; rejects when the invocation fails before it has answered. */
export async function stream(
  request: IncomingMessage,
  response: ServerResponse,
  call: StreamedCall,
): Promise<void> {
  const { url, params, invocationId, run } = call;
  const { promise: answered, resolve, reject } = Promise.withResolvers<void>();
  const forwarded = newRequest(
    new URL(url.pathname + url.search, call.httpUri),
    {
      method: request.method ?? 'GET',
      headers: {
        ...withoutHops(request.headers),
        'x-ms-invocation-id': invocationId,
        'x-forwarded-host': url.host,
        'x-forwarded-proto': 'http',
      },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 200, { ...withoutHops(answer.headers), ...call.fixedHeaders });
      answer.pipe(response);
      answer.once('error', () => response.destroy());
      response.once('close', resolve);
    },
  );
  forwarded.once('error', reject);
  // A caller that goes away takes its request along.
  response.once('close', () => forwarded.destroy());
  // The invocation may fail first and be what the caller hears of.
  answered.catch(() => undefined);
  request.pipe(forwarded);
  try {
    await run({ input: { http: {} }, triggerMetadata: metadata(request, url, params) });
    // A function that returns nothing leaves the forwarded request open for ever.
    const timer = setTimeout(() => {
      if (!response.headersSent) response.writeHead(204).end();
      resolve();
    }, answerLimit);
    await answered;
    clearTimeout(timer);
  } finally {
    if (!response.headersSent) forwarded.destroy();
  }
}

function withoutHops(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}

function metadata(
  request: IncomingMessage,
  url: URL,
  params: Record<string, string>,
): Record<string, TypedData> {
  const texts = Object.entries(params).map(([name, value]): [string, TypedData] => [name, { string: value }]);
  return {
    ...Object.fromEntries(texts),
    Headers: { json: JSON.stringify(Object.fromEntries(joined(headerPairs(request)))) },
    Query: { json: JSON.stringify(Object.fromEntries(joined(url.searchParams))) },
  };
}
