import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defuse, toCsv } from './csv.ts';

test('a table as CSV', () => {
  const columns = [
    { name: 'Name', of: ([name]: [string, number | null]) => name },
    { name: 'Sign-ins', of: ([, count]: [string, number | null]) => count },
  ];
  const rows: [string, number | null][] = [
    ['Ada, "the first"', 3],
    ['two\nlines', null],
  ];
  assert.equal(toCsv(columns, rows), '\ufeffName,Sign-ins\r\n"Ada, ""the first""",3\r\n"two\nlines",\r\n');
});

test('formulas are text', () => {
  for (const text of [
    '=HYPERLINK("https://evil.example")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠SUM(A1)',
  ])
    assert.equal(defuse(text), `'${text}`);
  for (const text of ['', 'Ada', 'a=b', "'=1", '1-1', ' =1']) assert.equal(defuse(text), text);
});

test('no cell begins a formula, whatever customers call themselves', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (values) => {
      const [, line = ''] = toCsv([{ name: 'x', of: (value: string) => value }], [values.join('')]).split(
        /^\ufeffx\r\n/,
      );
      return !/^"?[=+\-@\t\r\n＝＋－＠]/.test(line) || line === '\r\n';
    }),
  );
});
