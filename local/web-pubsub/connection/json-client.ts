/** Acts on the frames of a JSON client, reliable or not: groups, publishing, events, acknowledgements. */
import { Delivery, toDelivery } from '../delivery.ts';
import { deliverTo } from '../hub.ts';
import { BadFrame, parseClientFrame, type ClientFrame } from './client-frames.ts';
import type { Connection } from './connection.ts';
import type { Permission } from './roles.ts';

type Failure = 'Forbidden' | 'InternalServerError' | 'BadRequest';
type Frame<Type extends ClientFrame['type']> = Extract<ClientFrame, { type: Type }>;

/** Handles one text frame. Bad ones end the connection with 1007. */
export function handleJsonFrame(connection: Connection, text: string, dropOnFailure: boolean): void {
  let frame: ClientFrame;
  try {
    frame = parseClientFrame(text);
  } catch (error) {
    if (!(error instanceof BadFrame)) throw error;
    return connection.end(error.message, 1007);
  }
  act(connection, frame, dropOnFailure);
}

function act(connection: Connection, frame: ClientFrame, dropOnFailure: boolean): void {
  switch (frame.type) {
    case 'ping':
      return connection.send({ type: 'pong' });
    case 'sequenceAck':
      return connection.buffer?.acknowledge(frame.sequenceId);
    case 'joinGroup':
      return onGroup(connection, frame, 'joinLeaveGroup', () => connection.hub.join(connection, frame.group));
    case 'leaveGroup':
      return onGroup(connection, frame, 'joinLeaveGroup', () =>
        connection.hub.leave(connection, frame.group),
      );
    case 'sendToGroup':
      return onGroup(connection, frame, 'sendToGroup', () => publish(connection, frame));
    case 'event':
      return raise(connection, frame, dropOnFailure);
    case 'invoke':
    case 'cancelInvocation':
    case 'stream':
    case 'groupState':
      return refuse(connection, frame);
  }
}

/** Does what is asked about a group, unless it was done or may not be, and acknowledges. */
function onGroup(
  connection: Connection,
  frame: Frame<'joinGroup' | 'leaveGroup' | 'sendToGroup'>,
  permission: Permission,
  action: () => void,
): void {
  const { ackId, group } = frame;
  if (isRepeat(connection, ackId)) return;
  if (!connection.roles.allows(permission, group)) {
    return fail(connection, ackId, 'Forbidden', `The connection has no ${permission} right for this group.`);
  }
  action();
  succeed(connection, ackId);
}

function publish(connection: Connection, frame: Frame<'sendToGroup'>): void {
  const { group, payload, metadata, ttlSeconds } = frame;
  const delivery = new Delivery({ from: 'group', group, fromUserId: connection.userId }, payload, {
    metadata,
    ttlSeconds,
  });
  const accepts = frame.noEcho ? (target: Connection) => target !== connection : undefined;
  deliverTo(connection.hub.group(group), delivery, accepts);
}

/** Passes an event upstream in its turn. The handler's answer reaches the client before the acknowledgement. */
function raise(connection: Connection, frame: Frame<'event'>, dropOnFailure: boolean): void {
  const { event, payload, metadata, ackId } = frame;
  connection.events.user(
    { event, payload, metadata, isWanted: () => !isRepeat(connection, ackId) },
    (outcome) => {
      if (outcome.failed) {
        fail(connection, ackId, 'InternalServerError', outcome.reason);
        if (dropOnFailure) connection.close('The event handler failed.');
        return;
      }
      if (outcome.reply) connection.deliver(toDelivery(outcome.reply));
      succeed(connection, ackId);
    },
  );
}

function refuse(
  connection: Connection,
  frame: Frame<'invoke' | 'cancelInvocation' | 'stream' | 'groupState'>,
): void {
  const message = 'This part of the protocol is not served by the local Web PubSub. See its README.';
  const error = { name: 'BadRequest', message };
  switch (frame.type) {
    case 'invoke':
      return connection.send({
        type: 'invokeResponse',
        invocationId: frame.invocationId,
        success: false,
        error,
      });
    case 'stream':
      return connection.send({ type: 'streamClosed', streamId: frame.streamId, error });
    case 'groupState':
      return fail(connection, frame.ackId, 'BadRequest', message);
    case 'cancelInvocation':
  }
}

/** Whether this was carried out before; then the client is told so. */
function isRepeat(connection: Connection, ackId: number | undefined): boolean {
  if (ackId === undefined || !connection.ackIds.has(ackId)) return false;
  acknowledge(connection, ackId, {
    name: 'Duplicate',
    message: `Message with ack-id: ${ackId} has been processed`,
  });
  return true;
}

function succeed(connection: Connection, ackId: number | undefined): void {
  if (ackId === undefined) return;
  connection.ackIds.add(ackId);
  acknowledge(connection, ackId);
}

function fail(connection: Connection, ackId: number | undefined, name: Failure, message: string): void {
  if (ackId !== undefined) acknowledge(connection, ackId, { name, message });
}

function acknowledge(
  connection: Connection,
  ackId: number,
  error?: { name: Failure | 'Duplicate'; message: string },
): void {
  connection.send({ type: 'ack', ackId, success: error === undefined, ...(error && { error }) });
}
