/** Requests into typed data, and typed data into responses, as the real host does with the Node worker's capabilities. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { HttpCookie, HttpData, InvocationResponse, NullableString } from '../worker/typed-data.ts';

/** The real host's limit of a request body, in bytes. */
export const bodyLimit = 104_857_600;

export class BodyTooLarge extends Error {}

/** The whole body; undefined where the request has none. Throws `BodyTooLarge`. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > bodyLimit) throw new BodyTooLarge();
  if (declared === 0 && request.headers['transfer-encoding'] === undefined) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimit) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return length === 0 ? undefined : Buffer.concat(chunks, length);
}

function nullable(entries: Iterable<[string, string]>): Record<string, NullableString> {
  return Object.fromEntries([...entries].map(([name, value]) => [name, { value }]));
}

/** Repeated names become one value, joined as .NET joins them. */
export function joined(pairs: Iterable<[string, string]>): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return values;
}

export function* headerPairs(request: IncomingMessage): Generator<[string, string]> {
  const raw = request.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    yield [(raw[index] ?? '').toLowerCase(), raw[index + 1] ?? ''];
  }
}

/** The request as the function gets it. `url` is absolute. */
export function httpInput(
  request: IncomingMessage,
  url: URL,
  rest: { params: Record<string, string>; body: Buffer | undefined },
): HttpData {
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(joined(headerPairs(request))),
    nullableQuery: nullable(joined(url.searchParams)),
    nullableParams: nullable(Object.entries(rest.params)),
    ...(rest.body && { body: { bytes: rest.body } }),
  };
}

/** Writes what a function answered; nothing becomes 204. */
export function writeResult(response: ServerResponse, result: InvocationResponse): void {
  const http = result.returnValue?.http;
  if (!http) {
    response.writeHead(204).end();
    return;
  }
  const headers: OutgoingHttpHeaders = { ...http.headers };
  const cookies = (http.cookies ?? []).map(formatCookie);
  // Headers of a fetch Response hold several Set-Cookie only joined; those of the `cookies` member are apart.
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  const status = Number(http.statusCode ?? 200);
  const body = http.body?.bytes;
  const mayHaveBody = status !== 204 && status !== 304;
  if (mayHaveBody) headers['content-length'] = body?.byteLength ?? 0;
  response.writeHead(status, headers);
  response.end(mayHaveBody ? body : undefined);
}

const sameSite: Record<string, string> = { lax: 'lax', strict: 'strict', explicitNone: 'none' };

/** One Set-Cookie value, in the order and spelling of ASP.NET Core, which encodes the value and defaults the path. */
export function formatCookie(cookie: HttpCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`];
  if (cookie.expires) parts.push(`expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`);
  if (cookie.maxAge) parts.push(`max-age=${Math.floor(cookie.maxAge.value)}`);
  if (cookie.domain?.value) parts.push(`domain=${cookie.domain.value}`);
  parts.push(`path=${cookie.path?.value ?? '/'}`);
  if (cookie.secure?.value) parts.push('secure');
  const site = sameSite[cookie.sameSite ?? ''];
  if (site) parts.push(`samesite=${site}`);
  if (cookie.httpOnly?.value) parts.push('httponly');
  return parts.join('; ');
}
