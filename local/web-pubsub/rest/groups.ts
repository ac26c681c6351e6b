/**
 * Who is in which group. A user's membership is that of the user's connections of this moment: later ones are
 * not in the group.
 */
import * as z from 'zod/mini';
import { badRequest, noConnection, noUser, unsupportedMediaType } from '../errors.ts';
import { isGroupName } from '../names.ts';
import { parseFilter } from './filter.ts';
import { groupParam, param, readBody, type RestAnswer, type RestRequest } from './request.ts';

export function addConnection(request: RestRequest): RestAnswer {
  const { hub } = request;
  const group = groupParam(request);
  const id = param(request, 'connectionId');
  const connection = hub.connection(id);
  if (!connection) throw noConnection(id);
  hub.join(connection, group);
  return { status: 200 };
}

export function removeConnection(request: RestRequest): RestAnswer {
  const connection = request.hub.connection(param(request, 'connectionId'));
  if (connection) request.hub.leave(connection, groupParam(request));
  return { status: 204 };
}

export function removeConnectionFromAll(request: RestRequest): RestAnswer {
  const connection = request.hub.connection(param(request, 'connectionId'));
  if (connection) request.hub.leaveAll(connection);
  return { status: 204 };
}

export function addUser(request: RestRequest): RestAnswer {
  const { hub } = request;
  const group = groupParam(request);
  const userId = param(request, 'userId');
  const connections = hub.user(userId);
  if (connections.size === 0) throw noUser(userId);
  for (const connection of connections) hub.join(connection, group);
  return { status: 200 };
}

export function removeUser(request: RestRequest): RestAnswer {
  const group = groupParam(request);
  for (const connection of request.hub.user(param(request, 'userId'))) request.hub.leave(connection, group);
  return { status: 204 };
}

export function removeUserFromAll(request: RestRequest): RestAnswer {
  for (const connection of request.hub.user(param(request, 'userId'))) request.hub.leaveAll(connection);
  return { status: 204 };
}

const manyGroups = z.object({
  groups: z.array(z.string().check(z.refine(isGroupName))).check(z.minLength(1)),
  filter: z.optional(z.nullable(z.string())),
});

export const addToGroups = (request: RestRequest): Promise<RestAnswer> => changeMany(request, 'join');
export const removeFromGroups = (request: RestRequest): Promise<RestAnswer> => changeMany(request, 'leave');

/** The connections that a filter finds, into or out of several groups. */
async function changeMany(request: RestRequest, change: 'join' | 'leave'): Promise<RestAnswer> {
  const { hub, message } = request;
  const contentType = message.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(contentType)) throw unsupportedMediaType(contentType);
  const { groups, filter } = parseManyGroups((await readBody(message)).toString());
  const matches = filter ? parseFilter(filter) : () => true;
  // Found first: the filter may ask for groups that are being changed.
  for (const connection of [...hub.connections()].filter(matches)) {
    for (const group of groups) hub[change](connection, group);
  }
  return { status: 200 };
}

function parseManyGroups(body: string): z.infer<typeof manyGroups> {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    throw badRequest('The body is not JSON.', 'body');
  }
  const result = z.safeParse(manyGroups, content);
  if (!result.success) throw badRequest('The body must be {"groups": [names], "filter": text}.', 'body');
  return result.data;
}
