/**
 * Cross-origin answers as `func start` gives them (ASP.NET Core's middleware, any method and header for the listed
 * origins). It exposes no response headers: a function that wants the page to read some says so itself.
 */
import type { IncomingMessage } from 'node:http';

export interface CorsOptions {
  /** Exact origins; `*` stands for all. None: no CORS headers at all. */
  origins: string[];
  credentials: boolean;
}

export interface CorsAnswer {
  headers: Record<string, string>;
  /** The browser only asks whether it may: the host answers, the function does not run. */
  isPreflight: boolean;
}

/** What the origin rules add to the answer of this request. */
export function corsAnswer(request: IncomingMessage, { origins, credentials }: CorsOptions): CorsAnswer {
  const origin = request.headers.origin;
  if (origins.length === 0 || origin === undefined) return { headers: {}, isPreflight: false };
  const wantedMethod = request.headers['access-control-request-method'];
  const isPreflight = request.method === 'OPTIONS' && wantedMethod !== undefined;
  const isOpen = origins.includes('*');
  const isAllowed = isOpen || origins.some((known) => known.toLowerCase() === origin.toLowerCase());
  if (!isAllowed) return { headers: {}, isPreflight };
  const headers: Record<string, string> = { 'access-control-allow-origin': isOpen ? '*' : origin };
  if (!isOpen && origins.length > 1) headers['vary'] = 'Origin';
  if (credentials && !isOpen) headers['access-control-allow-credentials'] = 'true';
  if (isPreflight) {
    headers['access-control-allow-methods'] = wantedMethod;
    const wantedHeaders = request.headers['access-control-request-headers'];
    if (wantedHeaders) headers['access-control-allow-headers'] = wantedHeaders;
  }
  return { headers, isPreflight };
}
