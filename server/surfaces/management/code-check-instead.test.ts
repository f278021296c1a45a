import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Manage, manageAt } from '../../../test/api-calls.ts';
import { contentOf } from '../../../test/questions.ts';
import { startTestServer, type TestServer } from '../../../test/server.ts';

let server: TestServer;
let manage: Manage;
before(async () => {
  server = await startTestServer();
  manage = await manageAt(server);
});
after(() => server.stop());

// In pieces: what stands in a text of this file is no import of its own.
const [statement, call] = ['import', 'import('];

async function lookAt(path: 'rules' | 'actions', one: Record<string, unknown>): Promise<Record<string, unknown>[]> {
  const { checked } = await manage('POST', `${path}/check`, { [path]: [{ name: 'one', ...one }] });
  assert.ok(Array.isArray(checked));
  return checked.flatMap(({ findings }) => findings);
}

function lookAtAction(code: string): Promise<Record<string, unknown>[]> {
  return lookAt('actions', { trigger: 'post-login', dependencies: [], code });
}

const inAction = (lines: string[], before = '') =>
  `${before} exports.onExecutePostLogin = async (event, api) => {\n${lines.join('\n')}\n};`;

test('code of Auth0: what Node’s newer modules have is told with what to write instead', async () => {
  const rule = 'function (u, c, cb) { cb(null, u, c); }';
  const [ofRule] = await lookAt('rules', { script: `${statement} _ from 'lodash';\n${rule}` });
  assert.partialDeepStrictEqual(ofRule, { line: 1, stops: true });
  assert.match(String(ofRule?.message), /^A rule has no import and export: write const name = require\("name"\)/);
  const [later] = await lookAt('rules', {
    script: `async function (u, c, cb) {\n await ${call}'lodash');\n cb(null, u, c);\n}`,
  });
  assert.partialDeepStrictEqual(later, { line: 2, stops: true });
  assert.match(String(later?.message), /does not work here: use require\('name'\)/);
  const instead =
    /^import and export \(column 1\) cannot work here: write const .* = require\("name"\) .* exports\.onExecutePostLogin = /;
  for (const first of [`${statement} axios from 'axios';`, 'export const onExecutePostLogin = async () => {};']) {
    const [told, ...others] = await lookAtAction(`${first}\n${inAction([])}`);
    assert.partialDeepStrictEqual([told, others], [{ line: 1, stops: true }, []]);
    assert.match(String(told?.message), instead);
  }
  const [ofAction] = await lookAtAction(inAction([`const { get } = await ${call}'axios');`]));
  assert.partialDeepStrictEqual(ofAction, { line: 2, stops: true });
  assert.match(String(ofAction?.message), /cannot work here: use require\("name"\)$/);
});

test('an action that shows a question waits until there is one of this id or name', async () => {
  const asks = inAction(["if (event.a) api.prompt.render('ap_abc');", "api.prompt.render('ap_abc', { fields: {} });"]);
  const [told, ...others] = await lookAtAction(asks);
  assert.partialDeepStrictEqual([told, others], [{ line: 2, stops: false, waits: true }, []]);
  assert.match(String(told?.message), /^There is no question "ap_abc": .* Make a question of this name/);
  assert.equal((await lookAtAction(inAction(['api.prompt.render(FORM);'], "const FORM = 'ap_abc';"))).length, 1);
  const unknown = inAction(['api.prompt.render(event.secrets.FORM); event.prompt.render; view.render("a");']);
  assert.deepEqual(await lookAtAction(unknown), []);
  const asking = { type: 'text', key: 'size', labels: { en: 'Size' }, path: 'user_metadata.size' };
  await manage('POST', 'questions', { name: 'ap_abc', state: 'draft', content: contentOf([asking]) });
  assert.deepEqual(await lookAtAction(asks), []);
});
