/** Sending to all, a group, a user or a connection. Fire and forget: nobody there is no error. */
import { Delivery, type Source } from '../delivery.ts';
import { deliverTo, type Accepts } from '../hub.ts';
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
  send(request, fromServer, (delivery, accepts) => deliverTo(request.hub.connections(), delivery, accepts));

export function sendToGroup(request: RestRequest): Promise<RestAnswer> {
  const group = groupParam(request);
  const source: Source = { from: 'group', group, fromUserId: undefined };
  return send(request, source, (delivery, accepts) => request.hub.publish(group, delivery, accepts));
}

export const sendToUser = (request: RestRequest): Promise<RestAnswer> =>
  send(request, fromServer, (delivery, accepts) =>
    deliverTo(request.hub.user(param(request, 'userId')), delivery, accepts),
  );

export const sendToConnection = (request: RestRequest): Promise<RestAnswer> =>
  send(request, fromServer, (delivery) =>
    request.hub.connection(param(request, 'connectionId'))?.deliver(delivery),
  );

/** `deliver` is called when the body has arrived: who is there then gets it. */
async function send(
  request: RestRequest,
  source: Source,
  deliver: (delivery: Delivery, accepts: Accepts | undefined) => void,
): Promise<RestAnswer> {
  const ttlSeconds = readTtl(request);
  const accepts = readAccepts(request);
  const metadata = readMetadata(request);
  const payload = await readPayload(request);
  deliver(new Delivery(source, payload, { metadata, ttlSeconds }), accepts);
  return { status: 202 };
}
