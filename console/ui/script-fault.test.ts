import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultIn } from './script-fault.ts';

const text = 'one\nsecond line\n\nlast';
const starts = [0, 4, 16, 17];
const ends = [3, 15, 16, 21];
const doc = { lines: 4, line: (number: number) => ({ from: starts[number - 1] ?? 0, to: ends[number - 1] ?? 0 }) };

const places: [refusal: string, marked: string | undefined][] = [
  ['Unexpected token (line 2, column 8)', 'l'],
  ['Unexpected end (line 4, column 5)', 't'],
  ['api.prompt.render (line 1) cannot work here', 'o'],
  ['behind the end (line 99, column 99)', 't'],
  ['an empty line (line 3, column 1)', ''],
  ['There is a rule of that name already.', undefined],
];

for (const [refusal, marked] of places) {
  test(`a fault is marked where it is: ${refusal}`, () => {
    const fault = faultIn(refusal, doc);
    assert.equal(fault && text.slice(fault.from, fault.to).trim(), marked);
  });
}
