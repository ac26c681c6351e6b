/**
 * An encoded AMQP message, taken apart into its sections and put together again. What is not changed goes on byte for
 * byte: decoding and encoding a whole message would lose the types of numbers.
 */
import type { Typed } from 'rhea';
import { amqp, described, plain, readValues, writeValue } from './codec.ts';

export const sectionCodes = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
  footer: 0x78,
} as const;

const symbolicCodes: Record<string, number> = {
  'amqp:header:list': sectionCodes.header,
  'amqp:delivery-annotations:map': sectionCodes.deliveryAnnotations,
  'amqp:message-annotations:map': sectionCodes.messageAnnotations,
  'amqp:properties:list': sectionCodes.properties,
  'amqp:application-properties:map': sectionCodes.applicationProperties,
  'amqp:data:binary': sectionCodes.data,
  'amqp:amqp-sequence:list': sectionCodes.sequence,
  'amqp:amqp-value:*': sectionCodes.value,
  'amqp:value:*': sectionCodes.value,
  'amqp:footer:map': sectionCodes.footer,
};

export interface Section {
  code: number;
  value: Typed;
  bytes: Uint8Array;
}

/** The bytes are no AMQP message. */
export class MalformedMessage extends Error {}

/** Takes a message apart. Throws `MalformedMessage`. */
export function readSections(bytes: Uint8Array): Section[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sections: Section[] = [];
  try {
    for (const { value, start, end } of readValues(buffer)) {
      sections.push({ code: sectionCode(value), value, bytes: buffer.subarray(start, end) });
    }
  } catch (cause) {
    throw new MalformedMessage(`The message cannot be decoded: ${(cause as Error).message}`, { cause });
  }
  if (sections.length === 0) throw new MalformedMessage('The message is empty.');
  return sections;
}

export function writeSections(sections: Pick<Section, 'bytes'>[]): Buffer {
  return Buffer.concat(sections.map((section) => section.bytes));
}

/** The items of a list section (header, properties); empty where the section is missing. */
export function listItems(sections: Section[], code: number): (Typed | undefined)[] {
  const items: unknown = find(sections, code)?.value.value;
  return Array.isArray(items) ? [...(items as Typed[])] : [];
}

/** The entries of a map section by their names; empty where the section is missing. */
export function mapEntries(sections: Section[], code: number): Map<string, Typed> {
  return entriesOf(find(sections, code)?.value);
}

/** The entries of a map by their names, with their exact types; empty for anything else. */
export function entriesOf(map: Typed | undefined): Map<string, Typed> {
  const entries = new Map<string, Typed>();
  const items: unknown = map?.value;
  if (!Array.isArray(items)) return entries;
  for (let at = 0; at + 1 < items.length; at += 2) {
    entries.set(String(plain(items[at] as Typed)), items[at + 1] as Typed);
  }
  return entries;
}

export function listSection(code: number, items: (Typed | undefined)[]): Section {
  const value = amqp.wrap_list(Array.from(items, (item) => item ?? null));
  return encodeSection(code, value);
}

/** Annotations have symbols for names, application properties strings. */
export function mapSection(code: number, entries: Map<string, Typed>): Section {
  const wrapName = (name: string) =>
    code === sectionCodes.applicationProperties ? amqp.wrap_string(name) : amqp.wrap_symbol(name);
  const value = amqp.wrap_map({});
  value.value = [...entries].flatMap(([name, entry]) => [wrapName(name), entry]);
  return encodeSection(code, value);
}

/** The message with this section instead of its own of that kind, in the order that the standard asks for. */
export function withSection(sections: Section[], section: Section): Section[] {
  return [
    ...sections.filter((each) => each.code < section.code),
    section,
    ...sections.filter((each) => each.code > section.code),
  ];
}

function encodeSection(code: number, value: Typed): Section {
  return { code, value, bytes: writeValue(described(code, value)) };
}

function find(sections: Section[], code: number): Section | undefined {
  return sections.find((section) => section.code === code);
}

function sectionCode({ descriptor }: Typed): number {
  const name: unknown = plain(descriptor as Typed | undefined);
  const code = typeof name === 'string' ? symbolicCodes[name] : name;
  if (typeof code !== 'number' || code < sectionCodes.header || code > sectionCodes.footer) {
    throw new TypeError(`${String(name)} is no section of a message`);
  }
  return code;
}
