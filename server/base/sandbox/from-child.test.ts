import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFromChild } from './from-child.ts';
import * as limits from './limits.ts';

const call = { kind: 'call', id: 1, call: 1, name: 'http' };
const ended = { kind: 'ended', id: 1, console: [], cpuMs: 1, idle: 0 };
const long = (most: number) => 'x'.repeat(most + 1);

test('what a child of ours says is heard', () => {
  assert.deepEqual(readFromChild(call, 'x'.repeat(limits.mostArgument)), call);
  assert.deepEqual(readFromChild(ended, 'x'.repeat(limits.mostOutput)), ended);
});

const refused: [what: string, message: object, body?: string][] = [
  ['of no kind', { kind: 'other' }],
  ['a text with what has none', { kind: 'started' }, 'x'],
  ['an argument', call, long(limits.mostArgument)],
  ['an output', ended, long(limits.mostOutput)],
  ['a name', { ...call, name: long(limits.mostName) }],
  ['a checkpoint', { ...call, checkpoint: long(limits.mostOutput) }],
  ['an error', { ...ended, failure: { kind: 'error', message: long(limits.mostMessage) } }],
  ['a stack', { ...ended, failure: { kind: 'error', message: '', stack: long(limits.mostStack) } }],
  ['a line', { ...ended, console: [{ level: 'log', text: long(limits.mostLineText) }] }],
  ['lines', { ...ended, console: Array(limits.mostLines + 2).fill({ level: 'log', text: '' }) }],
];
for (const [what, message, body = ''] of refused) {
  test(`security row 10: a child that says too much is not heard: ${what}`, () => {
    assert.throws(() => readFromChild(message, body));
  });
}
