import { isIPv6 } from 'node:net';
import { plainAddress } from './ip-address.ts';

/**
 * What counts as one place: an IPv4 address, or the first 64 bits of an IPv6 one, which is what a single household or
 * machine is given. An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is that IPv4 address.
 */
export function ipPrefix(ip: string): string {
  const bare = plainAddress(ip.split('%')[0] ?? '');
  if (!isIPv6(bare)) return bare;
  // The URL parser writes every address in one way (RFC 5952), IPv4 tails included.
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...new Array<string>(gap).fill('0'), ...right];
  const [a, b, c, d] = groups.map((group) => Number.parseInt(group, 16));
  return `${[a, b, c, d].map((group) => (group ?? 0).toString(16)).join(':')}::/64`;
}
