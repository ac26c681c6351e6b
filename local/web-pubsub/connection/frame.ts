/** What a WebSocket server sends: unmasked, whole messages (RFC 6455, section 5.2). Knows no socket and no protocol. */

/** Bytes in order, of which a large part may be shared with other frames. */
export type Frame = readonly Buffer[];

const final = 0x80;
const opcodes = { text: 0x1, binary: 0x2 };

/** From here on sharing costs less than a copy. */
const largeBytes = 16 * 1024;

/** A frame whose payload is `prefix` and then `rest`. */
export function toFrame(kind: keyof typeof opcodes, prefix: string, rest?: Buffer): Frame {
  const restLength = rest?.length ?? 0;
  const prefixLength = Buffer.byteLength(prefix);
  const length = prefixLength + restLength;
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const isLarge = restLength > largeBytes;
  const start = Buffer.allocUnsafe(headerLength + prefixLength + (isLarge ? 0 : restLength));
  start[0] = final | opcodes[kind];
  if (headerLength === 2) start[1] = length;
  else if (headerLength === 4) {
    start[1] = 126;
    start.writeUInt16BE(length, 2);
  } else {
    start[1] = 127;
    start.writeBigUInt64BE(BigInt(length), 2);
  }
  start.write(prefix, headerLength);
  if (!rest) return [start];
  if (isLarge) return [start, rest];
  rest.copy(start, headerLength + prefixLength);
  return [start];
}
