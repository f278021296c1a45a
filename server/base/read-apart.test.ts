import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { hardBodies } from '../../test/hard-scripts.ts';
import { longestStall } from '../../test/longest-stall.ts';
import { isProblem } from './errors.ts';
import { readApart } from './read-apart.ts';

const reader = new URL('./test-readers.ts', import.meta.url);
const call = (name: string, ...values: unknown[]) => readApart(z.number(), reader, name, values);
const forSignIn = (name: string, ...values: unknown[]) =>
  readApart(z.number(), reader, name, values, { isForSignIn: true });

test('what takes too long is given up, and those that wait get their answers', async () => {
  const answers = await Promise.all([call('double', 1), call('spin', 60_000), call('double', 2), call('double', 3)]);
  assert.deepEqual(answers, [2, undefined, 4, 6]);
});

test('what takes too much memory is given up, before it takes all', async () => {
  const answers = await Promise.all([call('fill', 2 ** 30), call('double', 2)]);
  assert.deepEqual(answers, [undefined, 4]);
  assert.equal(await call('fill', 2 ** 24), 1);
});

test('one at which the process dies is given up; one that fails says so; the next is answered', async () => {
  const [died, failed, next] = await Promise.allSettled([call('die'), call('fail'), call('double', 2)]);
  assert.deepEqual(died, { status: 'fulfilled', value: undefined });
  assert.match(String(failed.status === 'rejected' && failed.reason), /This one fails/);
  assert.deepEqual(next, { status: 'fulfilled', value: 4 });
  await assert.rejects(call('nothing'), /has no nothing/);
});

test('sign-ins come first and may take longer; of others few wait, and the rest are told to come again', async () => {
  const order: string[] = [];
  const note = (name: string) => () => order.push(name);
  const running = call('spin', 300).then(note('running'));
  const many = Array.from({ length: 30 }, (_, place) => call('double', place).then(note('other')));
  await assert.rejects(call('double', 1), (error) => isProblem(error, 'busy'));
  const first = forSignIn('spin', 2500).then(note('sign-in'));
  await Promise.all([running, first, ...many]);
  assert.deepEqual(order.slice(0, 3), ['running', 'sign-in', 'other']);
  assert.equal(order.length, 32);
});

test('it has nothing of the environment', async () => {
  assert.deepEqual(await readApart(z.array(z.string()), reader, 'environment', []), []);
});

test('security row 10: a regular expression that nothing ends is ended with its process, and nobody else waits', async () => {
  const syntax = new URL('../features/rules/syntax.ts', import.meta.url);
  const script = `function () { ${hardBodies['properties of strings']} }`;
  const stalled = await longestStall(async () => {
    const began = performance.now();
    const answers = await Promise.all([
      readApart(z.null(), syntax, 'findSyntaxFault', [script]),
      readApart(z.null(), syntax, 'findSyntaxFault', ['function () {}']),
    ]);
    assert.deepEqual(answers, [undefined, null]);
    assert.ok(performance.now() - began < 8000);
  });
  assert.ok(stalled < 1000, `${stalled} ms`);
});
