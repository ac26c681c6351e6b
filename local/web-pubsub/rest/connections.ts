/** Whether connections are there, and closing them: one, a user's, a group's, all. */
import type { Connection } from '../connection/connection.ts';
import { groupParam, param, readAccepts, type RestAnswer, type RestRequest } from './request.ts';

const defaultReason = 'Closed by REST API.';

export const connectionExists = (request: RestRequest): RestAnswer => ({
  status: request.hub.connection(param(request, 'connectionId')) ? 200 : 404,
});

export const userExists = (request: RestRequest): RestAnswer => ({
  status: request.hub.user(param(request, 'userId')).size > 0 ? 200 : 404,
});

/** A group is there while it has a member. */
export const groupExists = (request: RestRequest): RestAnswer => ({
  status: request.hub.group(groupParam(request)).size > 0 ? 200 : 404,
});

export function closeConnection(request: RestRequest): RestAnswer {
  const connection = request.hub.connection(param(request, 'connectionId'));
  return close(request, connection ? [connection] : []);
}

export const closeAll = (request: RestRequest): RestAnswer => close(request, request.hub.connections());

export const closeGroup = (request: RestRequest): RestAnswer =>
  close(request, request.hub.group(groupParam(request)));

export const closeUser = (request: RestRequest): RestAnswer =>
  close(request, request.hub.user(param(request, 'userId')));

function close(request: RestRequest, connections: Iterable<Connection>): RestAnswer {
  const accepts = readAccepts(request);
  const reason = request.query.get('reason') ?? defaultReason;
  for (const connection of connections) {
    if (!accepts || accepts(connection)) connection.close(reason);
  }
  return { status: 204 };
}
