/** The addresses of links: which entity they mean, and which of its sides. */

export type Address =
  | { kind: 'cbs' }
  | { kind: 'management'; path: string }
  | { kind: 'entity'; path: string };

const managementSuffix = '/$management';

/** An address as operations are named after it. */
export function addressText(address: Address | undefined): string {
  if (address === undefined) return '';
  if (address.kind === 'cbs') return '$cbs';
  return address.kind === 'management' ? address.path + managementSuffix : address.path;
}

/** Reads an address, which may be a path or a whole URL; `undefined` where there is none. */
export function readAddress(text: unknown): Address | undefined {
  if (typeof text !== 'string') return undefined;
  const path = text.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\/+|\/+$/g, '');
  const lower = path.toLowerCase();
  if (lower === '$cbs') return { kind: 'cbs' };
  if (lower.endsWith(managementSuffix)) {
    return { kind: 'management', path: path.slice(0, -managementSuffix.length) };
  }
  return path === '' ? undefined : { kind: 'entity', path };
}
