/** Calls a handler of the REST API as the host would, without a host. */
import {
  HttpRequest,
  InvocationContext,
  type HttpRequestInit,
  type HttpResponseInit,
} from '@azure/functions';
import type { Problem } from '../../contract/problems.ts';
import { answer } from '../../functions/platform/http.ts';

type Handler = Parameters<typeof answer>[0];

export interface Called<T> {
  status: number;
  headers: Headers;
  /** The JSON body, or the text where it is none. */
  body: T;
}

interface Options {
  method?: string;
  token?: string;
  /** Sent as JSON, or as it is where it is text. */
  body?: unknown;
  query?: Record<string, string>;
  params?: Record<string, string>;
  headers?: Record<string, string>;
}

export async function call<T = Problem>(handler: Handler, options: Options = {}): Promise<Called<T>> {
  const { method = 'POST', token, body, query, params, headers } = options;
  const init: HttpRequestInit = {
    method,
    url: `http://localhost:7071/api/anything?${new URLSearchParams(query).toString()}`,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    ...(query && { query }),
    ...(params && { params }),
    ...(body !== undefined && { body: { string: typeof body === 'string' ? body : JSON.stringify(body) } }),
  };
  const context = new InvocationContext({ functionName: 'test', logHandler: () => {} });
  const response: HttpResponseInit = await answer(handler, new HttpRequest(init), context);
  const text = typeof response.body === 'string' ? response.body : '';
  const answered = new Headers(response.headers as Record<string, string>);
  const isJson = answered.get('content-type')?.includes('json');
  return { status: response.status ?? 200, headers: answered, body: (isJson ? JSON.parse(text) : text) as T };
}
