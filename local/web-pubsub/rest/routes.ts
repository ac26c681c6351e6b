/** The table of REST operations (API version 2024-12-01), and finding the one that a request means. */
import { generateToken } from './client-tokens.ts';
import * as connections from './connections.ts';
import { listConnections } from './group-members.ts';
import * as groups from './groups.ts';
import * as permissions from './permissions.ts';
import type { RestAnswer, RestRequest } from './request.ts';
import * as send from './send.ts';

export type Operation = (request: RestRequest) => RestAnswer | Promise<RestAnswer>;

/** Below `/api/hubs/{hub}`; the names are those of faults and of the status. */
const routes: Record<string, [method: string, path: string, operation: Operation]> = {
  sendToAll: ['POST', ':send', send.sendToAll],
  sendToGroup: ['POST', 'groups/{group}/:send', send.sendToGroup],
  sendToUser: ['POST', 'users/{userId}/:send', send.sendToUser],
  sendToConnection: ['POST', 'connections/{connectionId}/:send', send.sendToConnection],
  connectionExists: ['HEAD', 'connections/{connectionId}', connections.connectionExists],
  groupExists: ['HEAD', 'groups/{group}', connections.groupExists],
  userExists: ['HEAD', 'users/{userId}', connections.userExists],
  closeConnection: ['DELETE', 'connections/{connectionId}', connections.closeConnection],
  closeAllConnections: ['POST', ':closeConnections', connections.closeAll],
  closeGroupConnections: ['POST', 'groups/{group}/:closeConnections', connections.closeGroup],
  closeUserConnections: ['POST', 'users/{userId}/:closeConnections', connections.closeUser],
  listConnectionsInGroup: ['GET', 'groups/{group}/connections', listConnections],
  addConnectionToGroup: ['PUT', 'groups/{group}/connections/{connectionId}', groups.addConnection],
  removeConnectionFromGroup: ['DELETE', 'groups/{group}/connections/{connectionId}', groups.removeConnection],
  removeConnectionFromAllGroups: [
    'DELETE',
    'connections/{connectionId}/groups',
    groups.removeConnectionFromAll,
  ],
  addUserToGroup: ['PUT', 'users/{userId}/groups/{group}', groups.addUser],
  removeUserFromGroup: ['DELETE', 'users/{userId}/groups/{group}', groups.removeUser],
  removeUserFromAllGroups: ['DELETE', 'users/{userId}/groups', groups.removeUserFromAll],
  addConnectionsToGroups: ['POST', ':addToGroups', groups.addToGroups],
  removeConnectionsFromGroups: ['POST', ':removeFromGroups', groups.removeFromGroups],
  grantPermission: [
    'PUT',
    'permissions/{permission}/connections/{connectionId}',
    permissions.grantPermission,
  ],
  revokePermission: [
    'DELETE',
    'permissions/{permission}/connections/{connectionId}',
    permissions.revokePermission,
  ],
  checkPermission: [
    'HEAD',
    'permissions/{permission}/connections/{connectionId}',
    permissions.checkPermission,
  ],
  generateToken: ['POST', ':generateToken', generateToken],
};

const table = Object.entries(routes).map(([name, [method, path, operation]]) => ({
  name,
  method,
  parts: path.split('/'),
  operation,
}));

/** Every operation: its name, method and path below the hub. */
export const operations = table.map(({ name, method, parts }) => ({ name, method, path: parts.join('/') }));

export interface FoundOperation {
  /** Such as `sendToGroup`. */
  name: string;
  operation: Operation;
  /** What the `{…}` of the path stand for, in its order. */
  params: Record<string, string>;
}

/** The operation for decoded path segments below the hub. */
export function findOperation(method: string, segments: string[]): FoundOperation | undefined {
  for (const route of table) {
    if (route.method !== method || route.parts.length !== segments.length) continue;
    const params = match(route.parts, segments);
    if (params) return { name: route.name, operation: route.operation, params };
  }
  return undefined;
}

function match(parts: string[], segments: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index]!;
    if (part.startsWith('{')) params[part.slice(1, -1)] = segment;
    else if (part !== segment) return undefined;
  }
  return params;
}
