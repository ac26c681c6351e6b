/**
 * AMQP's type system as rhea has it, with the types that rhea's typings leave out.
 * Values read here keep their exact AMQP type, so that what a client sent as a long goes out as a long.
 */
import rhea, { type Typed } from 'rhea';

interface Reader {
  position: number;
  read(): Typed;
}

interface Writer {
  write(value: Typed): void;
  toBuffer(): Buffer;
}

interface Codec {
  Reader: new (buffer: Buffer) => Reader;
  Writer: new () => Writer;
  unwrap(value: Typed): unknown;
  described(descriptor: Typed, value: Typed): Typed;
}

const codec = rhea.types as unknown as Codec;

/** Makers of values with a given AMQP type. */
export const amqp = rhea.types;

/** The value where it is text, else nothing. */
export function textOf(value: Typed | undefined): string | undefined {
  const text = plain(value);
  return typeof text === 'string' ? text : undefined;
}

/** Type codes for the elements of arrays. */
export const typeCodes = { long: 0x81, timestamp: 0x83 } as const;

/** Reads values one after the other. Throws where bytes are not AMQP, or end too early. */
export function* readValues(bytes: Buffer): Generator<{ value: Typed; start: number; end: number }> {
  const reader = new codec.Reader(bytes);
  while (reader.position < bytes.length) {
    const start = reader.position;
    const value = reader.read();
    // rhea cuts a slice short without a word.
    if (reader.position > bytes.length) throw new RangeError('A value ends after the end of the message.');
    yield { value, start, end: reader.position };
  }
}

export function writeValue(value: Typed): Buffer {
  const writer = new codec.Writer();
  writer.write(value);
  return writer.toBuffer();
}

/** A described value with a numeric descriptor. */
export function described(descriptor: number, value: Typed): Typed {
  return codec.described(amqp.wrap_ulong(descriptor) as Typed, value);
}

/** The plain JavaScript value; descriptors are lost. */
export function plain(value: Typed | undefined): unknown {
  return value === undefined ? undefined : codec.unwrap(value);
}
