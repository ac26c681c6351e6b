/**
 * From which address a call comes. The Functions front end appends it to X-Forwarded-For; what stands before was
 * written by whoever called, unless proxies of ours (`TRUSTED_PROXIES`) appended it.
 */
import { settings } from '../platform/settings.ts';

interface Request {
  headers: { get(name: string): string | null };
}

/** An IPv4 address or the /64 of an IPv6 address; undefined where no front end says it, as on a laptop. */
export function addressOf(request: Request): string | undefined {
  const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
  const hop = hops.at(-1 - settings().TRUSTED_PROXIES) ?? '';
  const bare = /^\[([\da-f:.]+)\]/i.exec(hop)?.[1] ?? hop.replace(/^([\d.]+):\d+$/, '$1');
  if (!/^[\da-f:.]{2,45}$/i.test(bare)) return undefined;
  return bare.includes(':') ? network(bare) : bare;
}

/** One household or machine has a whole /64 to choose from. */
function network(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = tail === undefined ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...rest];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
