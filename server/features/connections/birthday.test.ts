import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBirthday, readBirthday } from './birthday.ts';

test('birthdays are read in the precision they are told', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: new Date('2026-06-15T12:00:00Z') });
  const table: [string | undefined, string | undefined][] = [
    ['1991-04-18', '1991-04-18'],
    ['04/18/1991', '1991-04-18'],
    ['04/18', '0000-04-18'],
    ['0000-04-18', '0000-04-18'],
    ['--04-18', '0000-04-18'],
    ['1991', '1991'],
    ['02/29', '0000-02-29'],
    ['02/29/2000', '2000-02-29'],
    ['02/29/1999', undefined],
    ['02/30', undefined],
    ['13/01/1991', undefined],
    ['00/10', undefined],
    ['1899-12-31', undefined],
    ['2026-06-15', '2026-06-15'],
    ['2026-06-16', undefined],
    ['2027', undefined],
    ['0000', undefined],
    ['', undefined],
    ['18.04.1991', undefined],
    ['1991-4-18', undefined],
    ['1991-04-18T00:00:00Z', undefined],
    [undefined, undefined],
  ];
  for (const [told, expected] of table) assert.equal(readBirthday(told), expected, told);
  assert.equal(formatBirthday({ year: 1991, month: 4 }), undefined);
  assert.equal(formatBirthday({ month: 1.5, day: 2 }), undefined);
  assert.equal(formatBirthday({}), undefined);
});
