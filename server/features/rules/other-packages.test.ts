import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeScript } from './rules.ts';

async function look(...lines: string[]) {
  const script = `function (user, context, cb) {\n${lines.join('\n')}\ncb(null, user, context); }`;
  return (await judgeScript(script, true)).findings;
}
const itRuns = { stops: false, waits: false };

test('a package or a version in whose place another runs is told, and stops nothing', async () => {
  const found = await look(
    "require('@onfido/api@1.5.1');",
    "bcrypt.hashSync('a', 4);",
    "require('@onfido/api@1.5.4');",
    "require('lodash@4');",
  );
  assert.deepEqual(
    found.map(({ message: _, ...rest }) => rest),
    [
      { ...itRuns, line: 2 },
      { ...itRuns, line: 3 },
    ],
  );
  assert.equal(found[0]?.message, '@onfido/api 1.5.1 could not be had from npm; 1.5.4 runs instead.');
  assert.match(found[1]?.message ?? '', /^bcrypt has native code, .*; bcryptjs \d\S+ runs instead\.$/);
  const named = await look("const bcrypt = require('bcrypt');", "bcrypt.hashSync('a', 4);");
  assert.deepEqual(
    named.map(({ line, stops }) => [line, stops]),
    [[2, false]],
  );
  assert.deepEqual(await look("const bcrypt = require('bcryptjs');", "bcrypt.hashSync('a', 4);"), []);
});

test('a package that npm does not have is told with what an operator can do', async () => {
  for (const name of ['@auth0/rule-utilities@0.1.0', '@auth0/rule-utilities@0.2.0', '@incognia/api@1.1.1']) {
    const [found] = await look(`require('${name}');`);
    assert.deepEqual([found?.line, found?.stops], [2, true], name);
    const alias = `rules-${name.slice(1).replace('/', '-').replace('@', '-')}`;
    assert.ok(found?.message.includes(`npm install --save-exact ${alias}@file:`), found?.message);
    assert.match(
      found?.message ?? '',
      /registry did not have this package .* write what is needed of it into the code\.$/,
    );
  }
});
