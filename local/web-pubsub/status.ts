/** `GET /status`: who is connected, which groups there are, and the latest operations, for the person who watches. */
import type { ServerResponse } from 'node:http';
import type { Connection } from './connection/connection.ts';
import type { Hub } from './hub.ts';
import type { PubSub } from './service.ts';

export function serveStatus(pubSub: PubSub, response: ServerResponse): void {
  const status = {
    hubs: Array.from(pubSub.hubs(), ({ hub }) => describeHub(hub)),
    recent: pubSub.activity.list(),
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(status));
}

const describeHub = (hub: Hub) => ({
  name: hub.name,
  connections: Array.from(hub.connections(), describeConnection),
  groups: Array.from(hub.groups(), ([name, members]) => ({
    name,
    count: members.size,
    members: Array.from(members, ({ id, userId }) => ({ connectionId: id, userId })),
  })),
});

const describeConnection = (connection: Connection) => ({
  connectionId: connection.id,
  userId: connection.userId,
  subprotocol: connection.subprotocol,
  connectedAt: new Date(connection.connectedAt).toISOString(),
  groups: [...connection.groups],
  /** Its socket is gone, and it can still be recovered. */
  isLost: connection.isLost,
  /** What its client has not acknowledged; absent where clients do not. */
  unacknowledged: connection.buffer?.size,
});
