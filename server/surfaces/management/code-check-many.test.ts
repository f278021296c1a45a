import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { actionsChecked, rulesChecked } from '../../../contract/code-check.ts';
import { type ManagementTest, managementTest } from '../../../test/management.ts';
import { fewFindings } from './few-findings.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

const linesOf = (line: (place: number) => string) => Array.from({ length: 3000 }, (_, place) => line(place)).join('\n');
const inRule = (body: string) => `function (user, context, callback) {\n${body}\n callback(null, user, context);\n}`;
const inAction = (body: string) => `exports.onExecutePostLogin = async (event, api) => {\n${body}\n};`;
const answers = z.union([rulesChecked, actionsChecked]);

test('security row 10: of one script at most 50 findings are told, and the last says that there are more', async () => {
  const action = { trigger: 'post-login', dependencies: [] };
  for (const [path, body] of [
    ['/rules/check', { rules: [{ name: 'modules', script: inRule(linesOf((place) => `require('gone${place}');`)) }] }],
    [
      '/actions/check',
      {
        actions: [
          { ...action, name: 'modules', code: inAction(linesOf((place) => `require('gone${place}');`)) },
          { ...action, name: 'forms', code: inAction(linesOf((place) => `api.prompt.render('gone${place}');`)) },
          {
            ...action,
            name: 'factors',
            code: inAction(linesOf((at) => `api.authentication.challengeWith({type:'a${at}'});`)),
          },
        ],
      },
    ],
  ] as const) {
    const answer = await api.call('POST', path, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.ok(JSON.stringify(answer.body).length < 100_000, path);
    for (const { name, findings } of answers.parse(answer.body).checked) {
      assert.equal(findings.length, 50, name);
      assert.deepEqual([findings[0]?.line, findings[48]?.line], [2, 50], name);
      const { message, line, ...rest } = findings[49] ?? {};
      assert.equal(message, 'Up to here there are 2951 more: mend the others first.');
      assert.deepEqual([line, rest], [3001, { stops: name !== 'forms', waits: name === 'forms' }], name);
    }
  }
});

test('each is told once; what stops a script is told before what does not, and what is left out counts all the same', () => {
  const finding = (place: number, more: object = {}) => {
    return { message: `m${place}`, line: place, stops: false, waits: false, ...more };
  };
  const fifty = Array.from({ length: 50 }, (_, place) => finding(place + 1));
  assert.deepEqual(fewFindings([...fifty, finding(1, { line: 90 })]), fifty);
  const stops = finding(200, { stops: true });
  const waits = finding(100, { waits: true });
  const few = fewFindings([...fifty, waits, stops]);
  assert.deepEqual(few.slice(0, -1), [...fifty.slice(0, 47), waits, stops]);
  assert.deepEqual(few.at(-1), {
    ...{ message: 'Up to here there are 3 more: mend the others first.', line: 200 },
    ...{ stops: false, waits: false },
  });
  const nowhere = fewFindings(Array.from({ length: 60 }, (_, place) => finding(place, { line: null, stops: true })));
  assert.deepEqual(nowhere.at(-1), {
    ...{ message: 'There are 11 more: mend the others first.', line: null },
    ...{ stops: true, waits: false },
  });
});
