import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * What an IP address means for a request that leaves the server:
 * `public` may be called; `own` (private, loopback, carrier-grade NAT, unique local) only if the umbrella listed the
 * host; `never` (link-local with the clouds' metadata, multicast, reserved, documentation, and every IPv6 form that
 * carries an IPv4 address) under no circumstances.
 */
export type AddressKind = 'public' | 'own' | 'never';

// IANA special-purpose registry for IPv4 (RFC 6890 and later), but what is in `own4`.
const never4 = blocks('ipv4', [
  ['0.0.0.0', 8],
  ['168.63.129.16', 32], // Azure's host agent: a public number that answers machines inside
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]);
const own4 = blocks('ipv4', [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
]);

// IPv6 is refused unless it is global unicast (RFC 4291), so mapped, compatible, NAT64, link-local, site-local and
// multicast addresses need no line of their own; these are the exceptions inside 2000::/3.
const global6 = blocks('ipv6', [['2000::', 3]]);
const never6 = blocks('ipv6', [
  ['2001::', 23], // Teredo, benchmarking, ORCHID
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
]);
const own6 = blocks('ipv6', [
  ['::1', 128],
  ['fc00::', 7],
]);
// Amazon's and Google's metadata services have unique local addresses.
const metadata6 = blocks('ipv6', [
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
]);

/** Judges one address as resolvers give it (`10.0.0.1`, `2001:db8::1`); anything else is `never`. */
export function judgeAddress(address: string): AddressKind {
  if (isIPv4(address)) {
    if (never4.check(address, 'ipv4') || address === '100.100.100.200') return 'never'; // the latter: Alibaba's metadata
    return own4.check(address, 'ipv4') ? 'own' : 'public';
  }
  if (!isIPv6(address) || address.includes('%')) return 'never';
  if (own6.check(address, 'ipv6')) return metadata6.check(address, 'ipv6') ? 'never' : 'own';
  return global6.check(address, 'ipv6') && !never6.check(address, 'ipv6') ? 'public' : 'never';
}

function blocks(family: 'ipv4' | 'ipv6', ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [start, bits] of ranges) list.addSubnet(start, bits, family);
  return list;
}
