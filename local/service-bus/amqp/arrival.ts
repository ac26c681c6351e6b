/** From the bytes that a client sends to what the broker takes in: single messages and batches. */
import { randomUUID } from 'node:crypto';
import type { Arrival } from '../broker/message.ts';
import { amqp, plain } from './codec.ts';
import {
  listItems,
  listSection,
  MalformedMessage,
  mapEntries,
  readSections,
  sectionCodes,
  withSection,
  writeSections,
} from './encoded-message.ts';

/** The message format of Service Bus's batches: each data section of the body is an encoded message. */
export const batchFormat = 0x80013700;

/** Reads what a transfer carried. Throws `MalformedMessage`. */
export function readArrivals(bytes: Buffer, format: number): Arrival[] {
  if (format === 0) return [readArrival(bytes)];
  if (format !== batchFormat) throw new MalformedMessage(`The message format ${format} is not known.`);
  const messages = readSections(bytes).filter((section) => section.code === sectionCodes.data);
  return messages.map((section) => readArrival(Buffer.from(plain(section.value) as Uint8Array)));
}

/** Reads one encoded message, and gives it an id where it has none. Throws `MalformedMessage`. */
export function readArrival(bytes: Uint8Array): Arrival {
  let sections = readSections(bytes);
  const header = listItems(sections, sectionCodes.header);
  const annotations = mapEntries(sections, sectionCodes.messageAnnotations);
  const properties = listItems(sections, sectionCodes.properties);
  let id = messageId(plain(properties[0]));
  if (id === undefined) {
    // SDKs cannot renew the lock of a message without an id.
    id = randomUUID().replaceAll('-', '');
    properties[0] = amqp.wrap_string(id);
    sections = withSection(sections, listSection(sectionCodes.properties, properties));
  }
  return {
    id,
    session: sessionId(plain(properties[10])),
    content: writeSections(sections),
    timeToLive: asNumber(plain(header[2])),
    scheduledFor: asTime(plain(annotations.get('x-opt-scheduled-enqueue-time'))),
  };
}

function sessionId(id: unknown): string | undefined {
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Ids of different types are different ids. */
function messageId(id: unknown): string | undefined {
  if (id === undefined || id === null || id === '') return undefined;
  if (typeof id === 'string') return id;
  if (id instanceof Uint8Array) return `binary:${Buffer.from(id).toString('hex')}`;
  return `${typeof id}:${JSON.stringify(id)}`;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function asTime(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : value;
  return typeof time === 'number' && !Number.isNaN(time) ? time : undefined;
}
