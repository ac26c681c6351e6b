/** From what the broker holds to the bytes that a client receives, and the changes that settling makes to them. */
import type { Typed } from 'rhea';
import type { Lock } from '../broker/locks.ts';
import type { StoredMessage } from '../broker/message.ts';
import { amqp } from './codec.ts';
import {
  listItems,
  listSection,
  mapEntries,
  mapSection,
  readSections,
  sectionCodes,
  withSection,
  writeSections,
  type Section,
} from './encoded-message.ts';

const messageStates = { active: 0, deferred: 1, scheduled: 2 } as const;
const bodyCodes = new Set<number>([sectionCodes.data, sectionCodes.sequence, sectionCodes.value]);
const longestTimeToLive = 0xffff_ffff;

/** The message as a receiver gets it: with the broker's header and annotations, all else as it was sent. */
export function encodeDeparture(message: StoredMessage, lock?: Lock): Buffer {
  const sections = readSections(message.content).filter(
    (section) => section.code !== sectionCodes.deliveryAnnotations,
  );
  const withHeader = withSection(sections, header(message, { sections, locked: lock !== undefined }));
  return writeSections(withSection(withHeader, annotations(message, { sections, lock })));
}

/** A message without its body, for who wants to see what is there. */
export function withoutBody(encoded: Uint8Array): Buffer {
  return writeSections(readSections(encoded).filter(({ code }) => !bodyCodes.has(code)));
}

/** The content with these application properties added or replaced. */
export function withApplicationProperties(content: Uint8Array, changes: Map<string, Typed>): Buffer {
  const sections = readSections(content);
  const entries = mapEntries(sections, sectionCodes.applicationProperties);
  for (const [name, value] of changes) entries.set(name, value);
  return writeSections(withSection(sections, mapSection(sectionCodes.applicationProperties, entries)));
}

/** The content with the reason why it is a dead letter. */
export function stampDeadLetter(content: Uint8Array, reason: string, description: string): Buffer {
  return withApplicationProperties(
    content,
    new Map([
      ['DeadLetterReason', amqp.wrap_string(reason)],
      ['DeadLetterErrorDescription', amqp.wrap_string(description)],
    ]),
  );
}

function header(
  message: StoredMessage,
  { sections, locked }: { sections: Section[]; locked: boolean },
): Section {
  const [durable, priority] = listItems(sections, sectionCodes.header);
  const lives = message.expiresAt === undefined ? message.timeToLive : message.expiresAt - message.enqueuedAt;
  // The count is of the attempts before this one; the broker counts a locked one already.
  const failed = locked ? message.attempts - 1 : message.attempts;
  return listSection(sectionCodes.header, [
    durable,
    priority,
    lives === undefined || lives > longestTimeToLive ? undefined : amqp.wrap_uint(lives),
    undefined,
    amqp.wrap_uint(failed),
  ]);
}

function annotations(
  message: StoredMessage,
  { sections, lock }: { sections: Section[]; lock: Lock | undefined },
): Section {
  const entries = mapEntries(sections, sectionCodes.messageAnnotations);
  entries.set('x-opt-sequence-number', amqp.wrap_long(message.sequence));
  entries.set('x-opt-enqueue-sequence-number', amqp.wrap_long(message.originalSequence));
  entries.set('x-opt-enqueued-time', amqp.wrap_timestamp(message.enqueuedAt));
  entries.set('x-opt-message-state', amqp.wrap_int(messageStates[message.state]));
  if (message.deadLetterSource !== undefined) {
    entries.set('x-opt-deadletter-source', amqp.wrap_string(message.deadLetterSource));
  }
  if (lock) entries.set('x-opt-locked-until', amqp.wrap_timestamp(lock.until));
  else entries.delete('x-opt-locked-until');
  return mapSection(sectionCodes.messageAnnotations, entries);
}
