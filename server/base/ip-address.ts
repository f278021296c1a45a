import { isIPv6 } from 'node:net';

/**
 * The address as it is meant: an IPv4 address that is written as IPv6 (`::ffff:192.0.2.1`, as a server that listens at
 * `::` sees every IPv4 client) is that IPv4 address. Anything else stays as it is.
 */
export function plainAddress(ip: string): string {
  if (!isIPv6(ip) || ip.includes('%')) return ip;
  // The URL parser writes every address in one way (RFC 5952), IPv4 tails included.
  const [, high, low] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(new URL(`http://[${ip}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return ip;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}
