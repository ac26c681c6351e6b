/**
 * Service Bus messages as typed data: what the handler gets, and its trigger metadata, with the names and forms of
 * the real extension. Pure functions.
 */
import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { TypedData } from '../worker/typed-data.ts';

type Metadata = Record<string, TypedData>;
type Value = string | number | Date | object | undefined;

/** The body of one message; bytes where the binding asks for them (`dataType: 'binary'`). */
export function bodyData(message: ServiceBusReceivedMessage, isBinary: boolean): TypedData {
  const bytes = bodyBytes(message);
  return isBinary ? { bytes } : { string: bytes.toString() };
}

/** The bodies of a batch. */
export function bodiesData(messages: ServiceBusReceivedMessage[], isBinary: boolean): TypedData {
  const bodies = messages.map(bodyBytes);
  return isBinary
    ? { collectionBytes: { bytes: bodies } }
    : { collectionString: { string: bodies.map((bytes) => bytes.toString()) } };
}

function bodyBytes({ body }: ServiceBusReceivedMessage): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body);
  // An AMQP value or sequence instead of bytes.
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}

/** Metadata of a single message; what it does not have is left out. */
export function metadataOf(message: ServiceBusReceivedMessage, body: TypedData): Metadata {
  const metadata: Metadata = {};
  for (const [name, value] of Object.entries(fields(message))) {
    const data = toData(value);
    if (data) metadata[name] = data;
  }
  return Object.assign(metadata, fromJsonBody(body));
}

/** Metadata of a batch: a list for each name, called `<name>Array`. */
export function batchMetadataOf(messages: ServiceBusReceivedMessage[]): Metadata {
  const metadata: Metadata = {};
  const all = messages.map(fields);
  for (const name of Object.keys(all[0] ?? {})) {
    const values = all.map((each) => each[name]);
    const texts = values.filter((value) => typeof value === 'string');
    // The real host cannot send a null in a list of texts and leaves it out, so such a list may be shorter.
    const isText = texts.length + values.filter((value) => value === undefined).length === values.length;
    metadata[`${name}Array`] = isText
      ? { collectionString: { string: texts } }
      : {
          json: JSON.stringify(
            values.map((value) => value ?? null),
            replacer,
          ),
        };
  }
  return metadata;
}

function fields(message: ServiceBusReceivedMessage): Record<string, Value> {
  const properties = message.applicationProperties ?? {};
  return {
    // .NET counts deliveries from 1, the wire and the JavaScript SDK from 0.
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    DeadLetterSource: message.deadLetterSource,
    LockToken: message.lockToken,
    ExpiresAtUtc: message.expiresAtUtc,
    ExpiresAt: withOffset(message.expiresAtUtc),
    EnqueuedTimeUtc: message.enqueuedTimeUtc,
    EnqueuedTime: withOffset(message.enqueuedTimeUtc),
    MessageId: text(message.messageId),
    ContentType: message.contentType,
    ReplyTo: message.replyTo,
    SequenceNumber: Number(message.sequenceNumber ?? 0),
    To: message.to,
    Subject: message.subject,
    Label: message.subject,
    CorrelationId: text(message.correlationId),
    ApplicationProperties: properties,
    UserProperties: properties,
    SessionId: message.sessionId,
    ReplyToSessionId: message.replyToSessionId,
    PartitionKey: message.partitionKey,
  };
}

/** Ids may be numbers or bytes on the wire; .NET has text. */
function text(id: string | number | Buffer | undefined): string | undefined {
  return id === undefined ? undefined : String(id);
}

/** A DateTimeOffset as .NET writes it, so that it stays apart from a DateTime; wrapped, being no plain text. */
function withOffset(date: Date | undefined): { toJSON(): string } | undefined {
  return date && { toJSON: () => date.toISOString().replace('Z', '+00:00') };
}

function toData(value: Value): TypedData | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? { string: value } : { json: JSON.stringify(value, replacer) };
}

/** Bytes among the properties become base64, as .NET's JSON has them. */
function replacer(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const raw = this[key];
  return Buffer.isBuffer(raw) ? raw.toString('base64') : value;
}

/** The real host also puts the top-level members of a JSON object body, but for lists, among the metadata. */
function fromJsonBody({ string: body }: TypedData): Metadata {
  const metadata: Metadata = {};
  if (!body?.trimStart().startsWith('{')) return metadata;
  let parsed: object;
  try {
    parsed = JSON.parse(body) as object;
  } catch {
    return metadata;
  }
  for (const [name, value] of Object.entries(parsed) as [string, unknown][]) {
    if (value === null || Array.isArray(value)) continue;
    metadata[name] = typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) };
  }
  return metadata;
}

/** The log line about what has arrived. */
export function detailsOf(messages: ServiceBusReceivedMessage[], isBatch: boolean): string {
  const [first] = messages;
  if (!isBatch && first) {
    return (
      `Trigger Details: MessageId: ${String(first.messageId)}, SequenceNumber: ${String(first.sequenceNumber)}, ` +
      `DeliveryCount: ${(first.deliveryCount ?? 0) + 1}, EnqueuedTimeUtc: ${iso(first.enqueuedTimeUtc)}, ` +
      `LockedUntilUtc: ${iso(first.lockedUntilUtc)}, SessionId: ${first.sessionId ?? '(null)'}`
    );
  }
  const list = (each: (message: ServiceBusReceivedMessage) => unknown): string =>
    messages.map((message) => String(each(message))).join(',');
  return (
    `Trigger Details: MessageIdArray: ${list((message) => message.messageId)}, ` +
    `SequenceNumberArray: ${list((message) => message.sequenceNumber)}, ` +
    `DeliveryCountArray: ${list((message) => (message.deliveryCount ?? 0) + 1)}`
  );
}

const iso = (date: Date | undefined): string => date?.toISOString() ?? '(null)';
