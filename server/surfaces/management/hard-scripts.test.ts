import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { actionsChecked, rulesChecked } from '../../../contract/code-check.ts';
import { hardBodies } from '../../../test/hard-scripts.ts';
import { longestStall } from '../../../test/longest-stall.ts';
import { type ManagementTest, managementTest, unique } from '../../../test/management.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

const good = 'function (user, context, callback) { callback(null, user, context); }';
const inRule = (body: string) => `function (user, context, callback) { ${body} callback(null, user, context); }`;
const inAction = (body: string) => `exports.onExecutePostLogin = async (event, api) => { ${body} };`;
const tooHard = /takes too long to be read: make it simpler/;
const mostMs = 1000;

const checks = z.union([rulesChecked, actionsChecked]);
/** Refused because it is too hard to read, or taken; a check tells it as why the code does not run. */
function wasAnswered({ status, body }: { status: number; body: unknown }, path: string): void {
  const told = JSON.stringify(body);
  if (path.endsWith('/check')) {
    const [{ findings } = { findings: [] }] = checks.parse(body).checked;
    assert.deepEqual(
      findings.filter(({ message }) => !tooHard.test(message)),
      [],
    );
    for (const { stops } of findings) assert.ok(stops);
    return;
  }
  if (status !== 200 && status !== 201) assert.match(told, tooHard);
  if (status === 400) assert.match(told, /"invalid_body"/);
  else assert.ok(status === 200 || status === 201, told);
}

for (const [what, body] of Object.entries(hardBodies)) {
  test(`security row 10: while a script with ${what} is read, the server answers, and others' scripts are read`, async () => {
    const script = inRule(body);
    const code = inAction(body);
    const asked: [path: string, body: unknown][] = [
      ['/rules', { name: unique('rule'), script, enabled: false }],
      ['/rules/check', { rules: [{ name: 'one', script }] }],
      ['/rules/try', { script, user: {}, context: {} }],
      ['/actions/actions', { name: unique('action'), code, supported_triggers: [{ id: 'post-login' }] }],
      ['/actions/check', { actions: [{ name: 'one', trigger: 'post-login', code, dependencies: [] }] }],
    ];
    for (const [path, hard] of asked) {
      const stalled = await longestStall(async () => {
        const [answer, { status }] = await Promise.all([
          api.call('POST', path, hard),
          api.call('POST', '/rules', { name: unique('rule'), script: good, enabled: false }),
        ]);
        assert.equal(status, 201);
        wasAnswered(answer, path);
      });
      assert.ok(stalled < mostMs, `${path}: nobody was answered for ${stalled} ms`);
    }
  });
}

test('security row 10: a script that V8 would read for most of a minute is refused, where it is kept and where it is changed', async () => {
  const script = inRule(hardBodies['properties of strings']);
  const refused = await api.call('POST', '/rules', { name: unique('rule'), script });
  assert.equal(refused.status, 400);
  assert.match(JSON.stringify(refused.body), tooHard);
  const made = await api.call('POST', '/rules', { name: unique('rule'), script: good, enabled: false });
  const { id } = z.object({ id: z.string() }).parse(made.body);
  const changed = await api.call('PATCH', `/rules/${id}`, { script });
  assert.equal(changed.status, 400);
  assert.match(JSON.stringify(changed.body), tooHard);
  const checked = await api.call('POST', '/rules/check', { rules: [{ name: 'one', script }] });
  const { checked: [one] = [] } = rulesChecked.parse(checked.body);
  assert.match(one?.findings[0]?.message ?? '', tooHard);
  assert.equal(one?.findings.length, 1);
});
