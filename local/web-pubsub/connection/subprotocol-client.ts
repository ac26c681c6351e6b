/** Acts on the frames of a client of a subprotocol, reliable or not: groups, publishing, streams, events, acknowledgements. */
import { Delivery, toDelivery } from '../delivery.ts';
import type { ClientFrame } from './client-frames.ts';
import type { Connection } from './connection.ts';
import type { Permission } from './roles.ts';
import {
  ack,
  failedInvocation,
  failureOf,
  invokeResponse,
  type Failure,
  type FrameFields,
  type ServerFrame,
} from './server-frames.ts';

type Frame<Type extends ClientFrame['type']> = Extract<ClientFrame, { type: Type }>;

/** How one frame is to be treated. */
export interface Treatment {
  /** Called when the frame has been acted on, with the frame that says so, if any does. */
  answer: (frame: ServerFrame | undefined) => void;
  /** Close the connection when an event handler fails. */
  dropOnFailure: boolean;
}

export function actOnFrame(connection: Connection, frame: ClientFrame, treatment: Treatment): void {
  const { answer } = treatment;
  switch (frame.type) {
    case 'ping':
      return answer({ type: 'pong' });
    case 'sequenceAck':
      connection.buffer?.acknowledge(frame.sequenceId);
      return answer(undefined);
    case 'joinGroup':
      return answer(
        onGroup(connection, frame, 'joinLeaveGroup', () => connection.hub.join(connection, frame.group)),
      );
    case 'leaveGroup':
      return answer(
        onGroup(connection, frame, 'joinLeaveGroup', () => connection.hub.leave(connection, frame.group)),
      );
    case 'sendToGroup':
      return answer(onGroup(connection, frame, 'sendToGroup', () => publish(connection, frame)));
    case 'event':
      return raise(connection, frame, treatment);
    case 'invoke':
      return invoke(connection, frame, answer);
    case 'cancelInvocation':
      connection.invocations.end(frame.invocationId);
      return answer(undefined);
    case 'streamStart':
      return startStream(connection, frame, answer);
    case 'streamData':
      return answer(connection.streams.data(frame.streamId, frame.part));
    case 'streamEnd':
      return answer(connection.streams.end(frame.streamId, frame.error));
    case 'groupState':
      return answer(failureOf(frame, { name: 'BadRequest', message: notServed }));
  }
}

/** Does what is asked about a group, unless it was done or may not be. Answers the acknowledgement. */
function onGroup(
  connection: Connection,
  { ackId, group }: Frame<'joinGroup' | 'leaveGroup' | 'sendToGroup' | 'streamStart'>,
  permission: Permission,
  action: () => void,
): FrameFields | undefined {
  const repeat = repeatOf(connection, ackId);
  if (repeat) return repeat;
  if (!connection.roles.allows(permission, group)) {
    const message = `The connection has no ${permission} right for this group.`;
    return failed(ackId, { name: 'Forbidden', message });
  }
  action();
  return succeeded(connection, ackId);
}

function publish(connection: Connection, frame: Frame<'sendToGroup'>): void {
  const { group, payload, metadata, ttlSeconds } = frame;
  const delivery = new Delivery({ from: 'group', group, fromUserId: connection.userId }, payload, {
    metadata,
    ttlSeconds,
  });
  const accepts = frame.noEcho ? (target: Connection) => target !== connection : undefined;
  connection.hub.publish(group, delivery, accepts);
}

/** A stream is answered in its own frames, and with an acknowledgement before where one is asked for. */
function startStream(connection: Connection, frame: Frame<'streamStart'>, answer: Treatment['answer']): void {
  const acknowledgement = onGroup(connection, frame, 'sendToGroup', () => undefined);
  if (acknowledgement) connection.send(acknowledgement);
  answer(connection.streams.start(frame));
}

/** Passes an event upstream in its turn. The handler's answer reaches the client before the acknowledgement. */
function raise(
  connection: Connection,
  { event, payload, metadata, ackId }: Frame<'event'>,
  { answer, dropOnFailure }: Treatment,
): void {
  const isWanted = (): boolean => {
    const repeat = repeatOf(connection, ackId);
    if (repeat) answer(repeat);
    return !repeat;
  };
  connection.events.user({ event, payload, metadata, isWanted }, (outcome) => {
    if (outcome.failed) {
      answer(failed(ackId, { name: 'InternalServerError', message: outcome.reason }));
      if (dropOnFailure) connection.close('The event handler failed.');
      return;
    }
    if (outcome.reply) connection.deliver(toDelivery(outcome.reply));
    answer(succeeded(connection, ackId));
  });
}

/**
 * Passes an event upstream whose answer the client waits for. A cancelled one that has not had its turn is not raised;
 * of one that has, the answer is thrown away.
 */
function invoke(
  connection: Connection,
  { invocationId, event, payload, metadata }: Frame<'invoke'>,
  answer: Treatment['answer'],
): void {
  const isWanted = connection.invocations.begin(invocationId);
  if (!isWanted) {
    const message = `There is an invocation '${invocationId}' that is not answered yet.`;
    return answer(failedInvocation(invocationId, { name: 'BadRequest', message }));
  }
  connection.events.user({ event, payload, metadata, isWanted }, (outcome) => {
    if (!isWanted()) return;
    connection.invocations.end(invocationId);
    if (outcome.failed) {
      answer(failedInvocation(invocationId, { name: 'InternalServerError', message: outcome.reason }));
    } else answer(invokeResponse(invocationId, outcome.reply?.payload));
  });
}

const notServed = 'Group state is not served by the local Web PubSub. See its OPERATIONS.md.';

/** What a client is told whose frame was carried out before; undefined where it was not. */
function repeatOf(connection: Connection, ackId: number | undefined): FrameFields | undefined {
  if (ackId === undefined || !connection.ackIds.has(ackId)) return undefined;
  return ack(ackId, { name: 'Duplicate', message: `Message with ack-id: ${ackId} has been processed` });
}

function succeeded(connection: Connection, ackId: number | undefined): FrameFields | undefined {
  if (ackId === undefined) return undefined;
  connection.ackIds.add(ackId);
  return ack(ackId);
}

const failed = (ackId: number | undefined, error: Failure): FrameFields | undefined =>
  ackId === undefined ? undefined : ack(ackId, error);
