/**
 * Every call of the API by its id, with the handler that the app registers for it. Import this before anything else
 * of the functions: what registered itself earlier was not heard.
 */
import { app, type HttpHandler, type HttpMethodFunctionOptions } from '@azure/functions';
import { vi } from 'vitest';
import { calls } from '../../contract/calls.ts';
import type { Problem } from '../../contract/problems.ts';
import { call, type Called } from '../functions/call.ts';

const registering = vi.spyOn(app, 'http').mockImplementation(() => {});
await import('../../functions/index.ts');

const handlers = new Map(
  registering.mock.calls.flatMap(([, options]) => {
    const {
      methods = [],
      route = '',
      handler,
    } = options as HttpMethodFunctionOptions & { methods?: string[] };
    return methods.map((method): [string, HttpHandler] => [`${method} /${route}`, handler]);
  }),
);

interface Way {
  method: string;
  path: string;
}

/** Method and path of each call by its id. */
export const ways: Record<string, Way> = Object.fromEntries(
  Object.entries(calls).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { id }]) => [id, { method: method.toUpperCase(), path }]),
  ),
);

/** What a call is given. */
export type Given = Pick<Parameters<typeof call>[1] & object, 'params' | 'query' | 'body' | 'headers'>;

/** Makes a call of the contract by its id, as whom the token says. */
export function ask<T = object>(
  id: string,
  token: string | undefined,
  given: Given = {},
): Promise<Called<T & Omit<Problem, 'status'>>> {
  const { method = '', path = '' } = ways[id] ?? {};
  const handler = handlers.get(`${method} ${path}`);
  if (!handler) throw new Error(`Nothing is registered for ${id}`);
  return call(handler as Parameters<typeof call>[0], {
    method,
    ...(token !== undefined && { token }),
    ...given,
  });
}

/** The same, where it must be done. */
export async function must<T = object>(id: string, token: string, given: Given = {}): Promise<T> {
  const { status, body } = await ask<T>(id, token, given);
  if (status >= 300) throw new Error(`${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}
