/** The address of a request, taken apart. */
import type { IncomingMessage } from 'node:http';
import { badRequest } from './errors.ts';

/** Throws a 400 `Refusal` for what is no address. */
export function readUrl(message: IncomingMessage): URL {
  const url = URL.parse(message.url ?? '/', 'http://localhost');
  if (!url) throw badRequest('The address of the request is not valid.');
  return url;
}

/**
 * The decoded segments of a path. The real service does not decode `%2F`: who has a slash in the name cannot be
 * addressed as such. Throws a 400 `Refusal`.
 */
export function readSegments({ pathname }: URL): string[] {
  try {
    return pathname.split('/').map((segment) => decodeURIComponent(segment.replace(/%(2f)/gi, '%25$1')));
  } catch {
    throw badRequest('The path is not well encoded.');
  }
}
