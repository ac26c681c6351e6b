/**
 * The list of a group's connections, page by page, ascending by connection id, so that a page begins where the
 * last one ended whoever came and went meanwhile.
 */
import { badRequest } from '../errors.ts';
import { groupParam, type RestAnswer, type RestRequest } from './request.ts';

const largestPage = 200;

export function listConnections(request: RestRequest): RestAnswer {
  const { query } = request;
  const group = groupParam(request);
  const pageSize = readCount(query, 'maxpagesize') ?? largestPage;
  if (pageSize < 1 || pageSize > largestPage) {
    throw badRequest(`maxpagesize must be from 1 to ${largestPage}.`, 'maxpagesize');
  }
  const top = readCount(query, 'top') ?? Infinity;
  if (top < 1) throw badRequest('top must be at least 1.', 'top');
  const after = readToken(query.get('continuationToken'));
  const members = [...request.hub.group(group)]
    .filter(({ id }) => after === undefined || id > after)
    .toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const page = members.slice(0, Math.min(pageSize, top));
  const value = page.map(({ id, userId }) => ({ connectionId: id, userId }));
  const last = page.at(-1);
  const more = last !== undefined && page.length < members.length && page.length < top;
  return {
    status: 200,
    body: { value, ...(more && { nextLink: nextLink(request, last.id, top - page.length) }) },
  };
}

/** The same request with what remains of `top`. */
function nextLink({ origin, message, query }: RestRequest, last: string, top: number): string {
  const next = new URLSearchParams(query);
  next.set('continuationToken', Buffer.from(last).toString('base64url'));
  if (Number.isFinite(top)) next.set('top', String(top));
  return `${origin}${message.url?.split('?', 1)[0]}?${next}`;
}

function readCount(query: URLSearchParams, name: string): number | undefined {
  const given = query.get(name);
  if (given === null) return undefined;
  if (!/^\d{1,9}$/.test(given)) throw badRequest(`${name} must be a whole number.`, name);
  return Number(given);
}

/** The connection after which a page begins. */
function readToken(token: string | null): string | undefined {
  if (token === null) return undefined;
  const id = Buffer.from(token, 'base64url').toString();
  if (!/^[\w-]+$/.test(id)) throw badRequest('continuationToken is none of ours.', 'continuationToken');
  return id;
}
