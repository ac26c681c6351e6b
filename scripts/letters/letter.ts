/** One message that waits for an operator, and the message that it becomes when it is sent again. Pure. */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import { originalId } from '../../functions/messages/arrival.ts';
import { newId } from '../../functions/platform/ids.ts';

type Properties = NonNullable<ServiceBusReceivedMessage['applicationProperties']>;
type AnnotatedMessage = ServiceBusReceivedMessage['_rawAmqpMessage'];

export interface Letter {
  /** Its sequence number: unique, and the same for as long as it lies there. */
  number: string;
  /** When it came, ISO 8601. */
  since: string;
  /** Why it lies there, by the router or by Service Bus; `unknown` where nobody said. */
  reason: string;
  description: string;
  message_id: string | undefined;
  room_id: string | undefined;
  content_type: string | undefined;
  /** All application properties, with those that say why it lies there. */
  properties: Properties;
  body: Buffer;
}

/** What Service Bus and the router (`functions/messages/reject.ts`) add to say why a message was put aside. */
const added = ['DeadLetterReason', 'DeadLetterErrorDescription', 'reason', 'description'];

export function readLetter(message: ServiceBusReceivedMessage): Letter {
  const properties = message.applicationProperties ?? {};
  const text = (name: string): string | undefined => {
    const value = properties[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    number: String(message.sequenceNumber),
    since: message.enqueuedTimeUtc?.toISOString() ?? '',
    reason: text('reason') ?? message.deadLetterReason ?? text('DeadLetterReason') ?? 'unknown',
    description: text('description') ?? message.deadLetterErrorDescription ?? '',
    message_id: idOf(message),
    room_id: text('room_id'),
    content_type: message.contentType,
    properties,
    body: toBytes(message.body),
  };
}

/**
 * The message to send for one that lies there: the same body, properties and headers, under an id of its own, because
 * duplicate detection would swallow the old one. The id that a message from outside had goes on in the property
 * `message_id`, where the router looks for it first: so what is in a room's log already is not appended again, however
 * often it is sent. One without an id gets one made of its place, the same at each attempt.
 */
export function toResend(message: ServiceBusReceivedMessage): AnnotatedMessage {
  const { applicationProperties = {}, contentType, subject, correlationId, to, replyTo } = message;
  const kept = Object.fromEntries(
    Object.entries(applicationProperties).filter(([name]) => !added.includes(name)),
  );
  const place = `resent-${String(message.sequenceNumber)}-${message.enqueuedTimeUtc?.getTime() ?? 0}`;
  const given = kept[originalId];
  const id = typeof given === 'string' ? given : (idOf(message) ?? place);
  return {
    body: message.body as unknown,
    bodyType: message._rawAmqpMessage.bodyType ?? 'data',
    applicationProperties: { ...kept, [originalId]: id },
    properties: {
      messageId: newId(),
      ...(contentType !== undefined && { contentType }),
      ...(subject !== undefined && { subject }),
      ...(correlationId !== undefined && { correlationId }),
      ...(to !== undefined && { to }),
      ...(replyTo !== undefined && { replyTo }),
    },
  };
}

/** As the router reads it: text alone counts. */
function idOf({ messageId }: ServiceBusReceivedMessage): string | undefined {
  return typeof messageId === 'string' && messageId !== '' ? messageId : undefined;
}

function toBytes(body: unknown): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}
