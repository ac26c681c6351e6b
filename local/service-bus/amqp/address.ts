/** The addresses of links: which entity they mean, and which of its sides. */

export type Address =
  | { kind: 'cbs' }
  | { kind: 'management'; path: string }
  | { kind: 'entity'; path: string };

const managementSuffix = '/$management';

/** Reads an address, which may be a path or a whole URL; `undefined` where there is none. */
export function readAddress(text: string | null | undefined): Address | undefined {
  if (!text) return undefined;
  const path = text.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\/+|\/+$/g, '');
  const lower = path.toLowerCase();
  if (lower === '$cbs') return { kind: 'cbs' };
  if (lower.endsWith(managementSuffix)) {
    return { kind: 'management', path: path.slice(0, -managementSuffix.length) };
  }
  return path === '' ? undefined : { kind: 'entity', path };
}
