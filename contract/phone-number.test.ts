import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalisePhone } from './phone-number.ts';

const table: [string, string | undefined][] = [
  ['+49 170 1234567', '+491701234567'],
  ['+1 (212) 555-0100', '+12125550100'],
  ['0049 170/123 45 67', '+491701234567'],
  ['\uff0b49 170 1234567', '+491701234567'],
  ['0170 1234567', undefined],
  ['+0170 1234567', undefined],
  ['+49 170 12345678901234', undefined],
  ['+49', undefined],
  ['call me', undefined],
  ['+49 170 1234567;ext=1', undefined],
];

for (const [text, expected] of table) {
  test(`${text} is ${expected}`, () => assert.equal(normalisePhone(text), expected));
}
