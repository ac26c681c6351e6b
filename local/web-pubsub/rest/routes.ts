/** The table of REST operations (API version 2024-12-01), and finding the one that a request means. */
import { generateToken } from './client-tokens.ts';
import * as connections from './connections.ts';
import { listConnections } from './group-members.ts';
import * as groups from './groups.ts';
import * as permissions from './permissions.ts';
import type { RestAnswer, RestRequest } from './request.ts';
import * as send from './send.ts';

export type Operation = (request: RestRequest) => RestAnswer | Promise<RestAnswer>;

/** Below `/api/hubs/{hub}`. */
const routes: [method: string, path: string, operation: Operation][] = [
  ['POST', ':send', send.sendToAll],
  ['POST', 'groups/{group}/:send', send.sendToGroup],
  ['POST', 'users/{userId}/:send', send.sendToUser],
  ['POST', 'connections/{connectionId}/:send', send.sendToConnection],
  ['HEAD', 'connections/{connectionId}', connections.connectionExists],
  ['HEAD', 'groups/{group}', connections.groupExists],
  ['HEAD', 'users/{userId}', connections.userExists],
  ['DELETE', 'connections/{connectionId}', connections.closeConnection],
  ['POST', ':closeConnections', connections.closeAll],
  ['POST', 'groups/{group}/:closeConnections', connections.closeGroup],
  ['POST', 'users/{userId}/:closeConnections', connections.closeUser],
  ['GET', 'groups/{group}/connections', listConnections],
  ['PUT', 'groups/{group}/connections/{connectionId}', groups.addConnection],
  ['DELETE', 'groups/{group}/connections/{connectionId}', groups.removeConnection],
  ['DELETE', 'connections/{connectionId}/groups', groups.removeConnectionFromAll],
  ['PUT', 'users/{userId}/groups/{group}', groups.addUser],
  ['DELETE', 'users/{userId}/groups/{group}', groups.removeUser],
  ['DELETE', 'users/{userId}/groups', groups.removeUserFromAll],
  ['POST', ':addToGroups', groups.addToGroups],
  ['POST', ':removeFromGroups', groups.removeFromGroups],
  ['PUT', 'permissions/{permission}/connections/{connectionId}', permissions.grantPermission],
  ['DELETE', 'permissions/{permission}/connections/{connectionId}', permissions.revokePermission],
  ['HEAD', 'permissions/{permission}/connections/{connectionId}', permissions.checkPermission],
  ['POST', ':generateToken', generateToken],
];

const table = routes.map(([method, path, operation]) => ({ method, parts: path.split('/'), operation }));

/** The operation for decoded path segments below the hub, with what its `{…}` stand for. */
export function findOperation(
  method: string,
  segments: string[],
): { operation: Operation; params: Record<string, string> } | undefined {
  for (const route of table) {
    if (route.method !== method || route.parts.length !== segments.length) continue;
    const params = match(route.parts, segments);
    if (params) return { operation: route.operation, params };
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
