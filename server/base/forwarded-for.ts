import { isIP } from 'node:net';
import { plainAddress } from './ip-address.ts';

/**
 * `X-Forwarded-For` without what is no address: some proxies add ports, and who speaks to the first one may write
 * anything. Read from the right, where the nearest proxy wrote, as far as there are addresses.
 *
 * @returns undefined when nothing is left of it
 */
export function forwardedAddresses(header: string): string | undefined {
  const addresses: string[] = [];
  for (const part of header.split(',').reverse()) {
    const address = bare(part.trim());
    if (isIP(address) === 0) break;
    addresses.unshift(plainAddress(address));
  }
  return addresses.length > 0 ? addresses.join(', ') : undefined;
}

/** An address without port, brackets and zone. */
function bare(text: string): string {
  const inBrackets = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1];
  const beforePort = /^([\d.]+):\d+$/.exec(text)?.[1];
  return (inBrackets ?? beforePort ?? text).split('%', 1)[0] ?? '';
}
