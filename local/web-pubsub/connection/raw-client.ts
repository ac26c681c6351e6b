/**
 * Acts on the frames of a client without a subprotocol: each is an event `message`, or, where the address said
 * so, a message to one group. There are no acknowledgements: what fails upstream closes the connection.
 */
import { Delivery, toDelivery } from '../delivery.ts';
import type { Payload } from '../payload.ts';
import type { Connection } from './connection.ts';

export function actOnRawFrame(connection: Connection, bytes: Buffer, isBinary: boolean): void {
  const payload: Payload = isBinary
    ? { dataType: 'binary', bytes }
    : { dataType: 'text', text: bytes.toString() };
  if (connection.rawTarget) return publish(connection, payload);
  connection.events.user(
    { event: 'message', payload, metadata: undefined, isWanted: () => true },
    (outcome) => {
      if (outcome.failed) connection.end(outcome.reason, 1011);
      else if (outcome.reply) connection.deliver(toDelivery(outcome.reply));
    },
  );
}

function publish(connection: Connection, payload: Payload): void {
  const { group, noEcho } = connection.rawTarget!;
  // There is nothing to answer on: as a JSON client's message without ackId, it is ignored.
  if (!connection.roles.allows('sendToGroup', group)) return;
  const delivery = new Delivery({ from: 'group', group, fromUserId: connection.userId }, payload);
  const accepts = noEcho ? (target: Connection) => target !== connection : undefined;
  connection.hub.publish(group, delivery, accepts);
}
