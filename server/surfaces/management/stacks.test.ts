// Stacks that code prints, where it is tried: its own files and those of its packages are told, none of ours.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

const lines = z.array(z.object({ line: z.string() }));
const texts = z.object({ payload: z.object({ console: z.array(z.object({ text: z.string() })) }) });
const failure = z.object({ error: z.object({ line: z.number().optional() }) });
async function printed(script: string): Promise<string[]> {
  const tried = object(await api.call('POST', '/rules/try', { script, user: {}, context: {} }));
  return lines.parse(tried.console).map(({ line }) => line);
}

test('a rule that is tried prints stacks of its own lines, with what stands behind them', async () => {
  const told = await printed(`function greet(user, context, callback) {
  const error = new TypeError('inner');
  console.log(error);
  console.log('of', Object.assign(error, { code: 'X' }), 5);
  console.log(new Error('outer', { cause: error }));
  console.log([new Error('one'), new Error('two')]);
  console.log([1].map(() => new Error('mapped').stack)[0]);
  console.trace('here');
  setTimeout(() => {
    console.log(new Error('late'));
    console.log('as a clock: at 5:10:20)\\n    at home (my:driver:1:2)');
    callback(null, user, context);
  }, 1);
}`);
  assert.deepEqual(told, [
    'TypeError: inner\n    at greet (tried.js:2:17)',
    "of TypeError: inner\n    at greet (tried.js:2:17) {\n  code: 'X'\n} 5",
    "Error: outer\n    at greet (tried.js:5:15) {\n  [cause]: TypeError: inner\n      at greet (tried.js:2:17) {\n    code: 'X'\n  }\n}",
    '[\n  Error: one\n      at greet (tried.js:6:16),\n  Error: two\n      at greet (tried.js:6:34)\n]',
    'Error: mapped\n    at tried.js:7:29\n    at Array.map (<anonymous>)\n    at greet (tried.js:7:19)',
    'Error: Trace: here\n    at greet (tried.js:8:11)',
    'Error: late\n    at Timeout._onTimeout (tried.js:10:17)',
    'as a clock: at 5:10:20)\n    at home (my:driver:1:2)',
  ]);
});

test('frames of packages are told', async () => {
  const [told] = await printed(`function greet(user, context, callback) {
  require('lodash').each([1], () => console.log(new Error('each')));
  callback(null, user, context);
}`);
  assert.match(
    String(told),
    /^Error: each\n {4}at tried\.js:2:49\n(?: {4}at [\w.]+ \(packages\/rules-lodash-\S+\)\n)+ {4}at greet \(tried\.js:2:21\)$/,
  );
});

test('an action prints stacks of its own lines, too', async () => {
  const { id } = object(
    await api.call('POST', '/actions/actions', {
      name: 'Mark',
      code: `exports.onExecutePostLogin = async function mark() {\n  console.log(new Error('one'));\n  await null;\n  console.log(new Error('two'));\n};`,
      supported_triggers: [{ id: 'post-login' }],
    }),
  );
  const { body } = await api.call('POST', `/actions/actions/${id}/test`, { payload: { event: {} } });
  assert.deepEqual(
    texts.parse(body).payload.console.map(({ text }) => text),
    ['Error: one\n    at mark (Mark.js:2:15)', 'Error: two\n    at mark (Mark.js:4:15)'],
  );
});

test('what a rule or an action failed with is told with the line of it that stands first in the stack', async () => {
  for (const [how, line] of [
    ['\n\n  user.no.such;', 3],
    ['callback(\n    new RangeError("far"));', 2],
    ['\n  require("lodash").each([1], () => {\n    user.no.such; });', 3],
    ['\n  setTimeout(() => {\n    user.no.such; });', 3],
    ['return (async () => { await null;\n    user.no.such; })();', 2],
    ['callback("a text has no stack");', undefined],
    ['callback({ message: "nor has this", stack: "at tried.js:x" });', undefined],
    ['callback({ message: "hidden", get stack() { throw 1; } });', undefined],
    ['\ncallback(new UnauthorizedError("who decides fails nowhere"));', undefined],
  ] as const) {
    const script = `function (user, context, callback) {${how} }`;
    const tried = object(await api.call('POST', '/rules/try', { script, user: {}, context: {} }));
    assert.equal(failure.parse(tried).error.line, line, how);
  }
  for (const [how, line] of [
    ['\n\n  event.no.such;', 3],
    ['require("lodash").each([1],\n () => event.no.such);', 2],
    ['await null;\n  throw new Error("far");', 2],
    ['throw "a text";', undefined],
    ['throw { message: "hidden", get stack() { throw 1; } };', undefined],
  ] as const) {
    const code = `exports.onExecutePostLogin = async (event, api) => {${how} };`;
    const name = `It's named, (so) ${how.length}`;
    const dependencies = [{ name: 'lodash', version: '4.17.21' }];
    const supported_triggers = [{ id: 'post-login' }];
    const { id } = object(await api.call('POST', '/actions/actions', { name, code, dependencies, supported_triggers }));
    const { payload } = object(await api.call('POST', `/actions/actions/${id}/test`, { payload: { event: {} } }));
    assert.equal(failure.parse(payload).error.line, line, how);
  }
});
