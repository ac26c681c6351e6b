/** Sending to all, a group, a user or a connection. Fire and forget: nobody there is no error. */
import type { Connection } from '../connection/connection.ts';
import { Delivery, type Source } from '../delivery.ts';
import { deliverTo } from '../hub.ts';
import {
  groupParam,
  param,
  readAccepts,
  readMetadata,
  readPayload,
  readTtl,
  type RestAnswer,
  type RestRequest,
} from './request.ts';

const fromServer: Source = { from: 'server' };

export const sendToAll = (request: RestRequest): Promise<RestAnswer> =>
  send(request, fromServer, () => request.hub.connections());

export function sendToGroup(request: RestRequest): Promise<RestAnswer> {
  const group = groupParam(request);
  return send(request, { from: 'group', group, fromUserId: undefined }, () => request.hub.group(group));
}

export const sendToUser = (request: RestRequest): Promise<RestAnswer> =>
  send(request, fromServer, () => request.hub.user(param(request, 'userId')));

export const sendToConnection = (request: RestRequest): Promise<RestAnswer> =>
  send(request, fromServer, () => {
    const connection = request.hub.connection(param(request, 'connectionId'));
    return connection ? [connection] : [];
  });

/** `targets` is asked after the body has arrived: who is there then gets it. */
async function send(
  request: RestRequest,
  source: Source,
  targets: () => Iterable<Connection>,
): Promise<RestAnswer> {
  const ttlSeconds = readTtl(request);
  const accepts = readAccepts(request);
  const metadata = readMetadata(request);
  const payload = await readPayload(request);
  deliverTo(targets(), new Delivery(source, payload, { metadata, ttlSeconds }), accepts);
  return { status: 202 };
}
