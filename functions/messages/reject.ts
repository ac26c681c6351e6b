/** What the router cannot or cannot yet deliver, sent on: to the queue of the rejected, or to itself for later. */
import { rejectedQueue, topic } from '../../contract/names.ts';
import { clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { send, sendAt, type OutgoingMessage } from '../platform/service-bus.ts';
import { originalId, type Arrival, type RejectReason } from './arrival.ts';

/** Longer texts have been seen to fill the 64 KB that all properties may take together. */
const mostOfDescription = 1_000;

/** Puts it, unchanged, where an operator finds it, with the reason why. */
export async function reject(arrival: Arrival, reason: RejectReason, description: string): Promise<void> {
  await send(
    rejectedQueue,
    copy(arrival, { reason, description: description.slice(0, mostOfDescription) }, arrival.messageId),
  );
}

/** Puts a message from outside back onto the topic for `seconds` from now; it stays the same message. */
export async function postpone(arrival: Arrival, messageId: string, seconds: number): Promise<void> {
  const again = copy(arrival, { [originalId]: messageId }, newId());
  await sendAt(topic, again, new Date(clock.now().getTime() + seconds * 1_000));
}

function copy(
  { body, contentType, properties }: Arrival,
  added: Record<string, string>,
  messageId: string | undefined,
): OutgoingMessage {
  return {
    body,
    ...(contentType !== undefined && { contentType }),
    ...(messageId !== undefined && { messageId }),
    applicationProperties: { ...properties, ...added },
  };
}
