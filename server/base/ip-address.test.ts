import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainAddress } from './ip-address.ts';

test('an IPv4 address that is written as IPv6 is that IPv4 address, and no other address changes', () => {
  const mapped = ['::ffff:192.0.2.7', '::FFFF:192.0.2.7', '::ffff:c000:207', '0:0:0:0:0:ffff:192.0.2.7'];
  for (const ip of mapped) assert.equal(plainAddress(ip), '192.0.2.7', ip);
  assert.equal(plainAddress('::ffff:0.0.0.1'), '0.0.0.1');
  const others = ['192.0.2.7', '2001:db8::1', '::1', '::', '::192.0.2.7', '64:ff9b::192.0.2.7', '::ffff:0:1.2.3.4'];
  for (const ip of [...others, 'fe80::1%eth0', '', 'x', '::ffff:1.2.3.999']) assert.equal(plainAddress(ip), ip);
});
