/**
 * The encoding of protocol buffers (https://protobuf.dev/programming-guides/encoding), as far as Web PubSub's messages
 * need it: whole numbers and what has a length. Knows no message.
 */

/** The bytes are no protocol buffer, or not the one that was expected. */
export class MalformedMessage extends Error {}

const varintType = 0;
const fixed64Type = 1;
const lengthType = 2;
const fixed32Type = 5;

/** The fields of one message by their numbers. Of a repeated one the last counts, as proto3 says. */
export class Fields {
  readonly #values = new Map<number, number | Buffer>();

  /** Throws `MalformedMessage`. */
  constructor(bytes: Buffer) {
    const reader = new Reader(bytes);
    while (!reader.isAtEnd) {
      const tag = reader.varint();
      const number = Math.floor(tag / 8);
      switch (tag % 8) {
        case varintType:
          this.#values.set(number, reader.varint());
          break;
        case lengthType:
          this.#values.set(number, reader.bytes(reader.varint()));
          break;
        case fixed64Type:
          reader.bytes(8);
          break;
        case fixed32Type:
          reader.bytes(4);
          break;
        default:
          throw new MalformedMessage('A field has an unknown type.');
      }
    }
  }

  has(number: number): boolean {
    return this.#values.has(number);
  }

  /** Undefined where it is absent. */
  bytes(number: number): Buffer | undefined {
    const value = this.#values.get(number);
    if (typeof value === 'number') throw new MalformedMessage(`Field ${number} should have a length.`);
    return value;
  }

  /** Undefined where it is absent. */
  text(number: number): string | undefined {
    return this.bytes(number)?.toString();
  }

  /** Undefined where it is absent. */
  count(number: number): number | undefined {
    const value = this.#values.get(number);
    if (typeof value === 'object') throw new MalformedMessage(`Field ${number} should be a number.`);
    return value;
  }

  /** A message within this one; undefined where it is absent. */
  message(number: number): Fields | undefined {
    const bytes = this.bytes(number);
    return bytes && new Fields(bytes);
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new MalformedMessage('The message ends within a number.');
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      if (!Number.isSafeInteger(value)) throw new MalformedMessage('A number is larger than 2^53.');
      if (byte < 0x80) return value;
    }
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new MalformedMessage('The message ends within a field.');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}

/** One field of a message to write; undefined writes nothing. */
export type Written = Buffer | undefined;

export const writeMessage = (...fields: Written[]): Buffer =>
  Buffer.concat(fields.filter((field) => field !== undefined));

/** A whole number. */
export const writeCount = (number: number, value: number | undefined): Written =>
  value === undefined ? undefined : Buffer.from([...varint(number * 8 + varintType), ...varint(value)]);

export const writeFlag = (number: number, value: boolean | undefined): Written =>
  writeCount(number, value === undefined ? undefined : Number(value));

/** Bytes, or a message within a message. */
export const writeBytes = (number: number, value: Buffer | undefined): Written =>
  value && Buffer.concat([Buffer.from([...varint(number * 8 + lengthType), ...varint(value.length)]), value]);

export const writeText = (number: number, value: string | undefined): Written =>
  writeBytes(number, value === undefined ? undefined : Buffer.from(value));

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}
