import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import { goOn, type Heard, person, refuse, runBodies } from './test-bodies.ts';

const base = await testBase();
after(() => base.close());

test('a rule that takes `Object` away, or puts another there, fails nothing behind it, and its own errors are told', async () => {
  const heard: Heard = { calls: 0, printed: [] };
  for (const spoils of ['delete globalThis.Object;', 'globalThis.Object = () => { throw new Error("not ours"); };']) {
    const late = 'setTimeout(() => { nosuch.thing; }, 5);';
    const { outcome } = await runBodies(
      base,
      heard,
      [`${spoils} user.own = 1; callback(null, user, context);`, refuse],
      [`${spoils} callback(new Error('no'));`, goOn],
      [`${spoils} context.idToken.text = '\\u0041'; callback(null, user, context);`, refuse],
      [`${spoils} ${late}`, goOn],
      ['callback(null, user, context);', refuse],
    );
    assert.deepEqual([outcome.refused, outcome.user], [undefined, { ...person, own: 1 }], spoils);
    assert.deepEqual(
      outcome.runs.map(({ error }) => error && { ...error }),
      [
        undefined,
        { name: 'Error', message: 'no', line: 1 },
        undefined,
        { name: 'ReferenceError', message: 'nosuch is not defined', line: 1 },
        undefined,
      ],
    );
    assert.deepEqual(
      heard.printed.filter((line) => /is not defined|not ours/.test(line)),
      [],
    );
  }
});

test('a rule that says how all is read as JSON, while what it left is read, is judged by what it left', async () => {
  const heard: Heard = { calls: 0, printed: [] };
  const last = '{ toJSON() { Object.prototype.toJSON = () => ({}); return 1; } }';
  const { outcome } = await runBodies(
    base,
    heard,
    [`context.idToken.text = 'a\\u0000'; context.last = ${last}; callback(null, user, context);`, goOn],
    ['user.behind = true; callback(null, user, context);', refuse],
  );
  assert.deepEqual([outcome.refused, outcome.user], [undefined, { ...person, behind: true }]);
  assert.match(outcome.runs[0]?.error?.message ?? '', /hold what is no text/);
  assert.match(heard.printed.join('\n'), /This was changed, and put back: .*toJSON/);
});
