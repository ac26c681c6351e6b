/** Granting, revoking and checking what a live connection may do with groups. */
import type { Connection } from '../connection/connection.ts';
import { isPermission, type Permission } from '../connection/roles.ts';
import { badRequest, invalidGroup, noConnection } from '../errors.ts';
import { isGroupName } from '../names.ts';
import { param, type RestAnswer, type RestRequest } from './request.ts';

export function grantPermission(request: RestRequest): RestAnswer {
  const { permission, group, connection } = read(request);
  if (!connection) throw noConnection(param(request, 'connectionId'));
  connection.roles.grant(permission, group);
  return { status: 200 };
}

export function revokePermission(request: RestRequest): RestAnswer {
  const { permission, group, connection } = read(request);
  connection?.roles.revoke(permission, group);
  return { status: 204 };
}

export function checkPermission(request: RestRequest): RestAnswer {
  const { permission, group, connection } = read(request);
  return { status: connection?.roles.isGranted(permission, group) ? 200 : 404 };
}

/** `targetName` absent means all groups. */
function read(request: RestRequest): {
  permission: Permission;
  group: string | undefined;
  connection: Connection | undefined;
} {
  const permission = param(request, 'permission');
  if (!isPermission(permission)) throw badRequest(`Unknown permission '${permission}'.`, 'permission');
  const group = request.query.get('targetName') ?? undefined;
  if (group !== undefined && !isGroupName(group)) throw invalidGroup(group);
  return { permission, group, connection: request.hub.connection(param(request, 'connectionId')) };
}
