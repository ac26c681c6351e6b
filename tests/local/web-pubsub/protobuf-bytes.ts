/** Protocol buffers for tests, written apart from the service's own: fields by number, nothing checked. */

/** A message from pairs of number and content; a list of pairs is a message within it. */
export function encode(fields: [number, unknown][]): Buffer {
  return Buffer.concat(
    fields.map(([number, content]) => {
      if (typeof content === 'number') return Buffer.concat([varint(number << 3), varint(content)]);
      const bytes = Array.isArray(content)
        ? encode(content as [number, unknown][])
        : Buffer.from(content as string);
      return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
    }),
  );
}

function varint(value: number): Buffer {
  let rest = BigInt(value);
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** The fields of a message: numbers as numbers, everything else as bytes. */
export function decode(bytes: Buffer): Map<number, number | Buffer> {
  const fields = new Map<number, number | Buffer>();
  let at = 0;
  const read = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < bytes.length) {
    const tag = read();
    const size = read();
    if ((tag & 7) === 0) fields.set(tag >> 3, size);
    else {
      fields.set(tag >> 3, bytes.subarray(at, at + size));
      at += size;
    }
  }
  return fields;
}

/** What stands at the end of a way through messages: `at(frame, 2, 3, 1)`. */
export function at(bytes: Buffer, ...way: number[]): number | Buffer | undefined {
  let here: number | Buffer | undefined = bytes;
  for (const number of way) here = here instanceof Buffer ? decode(here).get(number) : undefined;
  return here;
}

/** The same as text. */
export const textAt = (bytes: Buffer, ...way: number[]): string | undefined => at(bytes, ...way)?.toString();
