/** What the rules ask of open connections, in their words; the only caller of Web PubSub's REST side. */
import { hubClient, isAbsent } from '../platform/web-pubsub.ts';

/** Sends a frame to every connection in a group. Groups need not exist. */
export async function pushToGroup(group: string, frame: object): Promise<void> {
  await hubClient().group(group).sendToAll(frame);
}

/** Sends a frame to every connection of a person; none is no error. */
export async function pushToUser(userId: string, frame: object): Promise<void> {
  await hubClient().sendToUser(userId, frame);
}

/** Whether the connection exists, and so is in the group now. */
export async function addToGroup(connectionId: string, group: string): Promise<boolean> {
  try {
    await hubClient().group(group).addConnection(connectionId);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** The same for many groups; nothing happens where the connection is gone. */
export async function addToGroups(connectionId: string, groups: string[]): Promise<void> {
  await hubClient().addConnectionsToGroups(groups, `connectionId eq '${connectionId.replaceAll("'", "''")}'`);
}

export async function removeFromGroup(connectionId: string, group: string): Promise<void> {
  await hubClient().group(group).removeConnection(connectionId);
}

/** Takes every connection out of a group. */
export async function emptyGroup(group: string): Promise<void> {
  await hubClient().removeConnectionsFromGroups([group], `'${group}' in groups`);
}

export async function closeConnection(connectionId: string, reason: string): Promise<void> {
  await hubClient().closeConnection(connectionId, { reason });
}

export async function connectionExists(connectionId: string): Promise<boolean> {
  return hubClient().connectionExists(connectionId);
}

/** An address with which one person can open a connection, for five minutes. */
export async function clientUrl(userId: string): Promise<string> {
  const { url } = await hubClient().getClientAccessToken({ userId, expirationTimeInMinutes: 5 });
  return url;
}
