/** A lock token on the wire: a delivery tag has it in the byte order of a .NET GUID, `$management` in plain order. */

/** The delivery tag for a token of 32 hexadecimal digits. */
export function tagOf(token: string): Buffer {
  return swap(Buffer.from(token, 'hex'));
}

/** The token of a delivery tag. */
export function tokenOf(tag: Uint8Array): string {
  return swap(Buffer.from(tag)).toString('hex');
}

// The first three fields of a GUID are stored with their lowest byte first.
function swap(bytes: Buffer): Buffer {
  if (bytes.length < 8) return bytes;
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
