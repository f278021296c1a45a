import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAction } from './actions.ts';

const code = `exports.onExecutePostLogin = async (event, api) => {
  const { secrets: { DEEP, KEPT }, request } = event;
  const mine = event.secrets; const key = mine.MINE;
  helper(event.secrets['IN_BRACKETS'], event?.secrets?.ASKED);
  event.secrets.hasOwnProperty(request.method); event.secrets[request.method];
  const other = { secrets: {} }; other.secrets.OTHER;
  event.secrets.KEPT + event.secrets.DEEP;
};`;

async function told(secrets?: readonly string[]): Promise<[number | null, boolean, string][]> {
  const findings = await judgeAction({ trigger: 'post-login', code, dependencies: [], secrets }, new Set());
  return findings.map(({ line, stops, message }) => [line, stops, message]);
}
const says = (name: string) => `The code reads event.secrets.${name}; there is no secret of that name.`;

test('a secret that code reads and that is not there is told by its name, and stops nothing', async () => {
  assert.deepEqual(await told(['KEPT']), [
    [2, false, says('DEEP')],
    [3, false, says('MINE')],
    [4, false, says('IN_BRACKETS')],
    [4, false, says('ASKED')],
  ]);
  assert.deepEqual(await told(['KEPT', 'DEEP', 'MINE', 'IN_BRACKETS', 'ASKED']), []);
});

test('where it is not known which secrets there are nothing is said of them', async () => {
  assert.deepEqual(await told(), []);
});

test('code that is all names of secrets is read in time, and the first of them are told', async () => {
  const names = Array.from({ length: 5000 }, (_, place) => `event.secrets.S${place}`).join(';\n');
  const much = `exports.onExecutePostLogin = async (event) => {\n${names}\n};`;
  const began = performance.now();
  const findings = await judgeAction({ trigger: 'post-login', code: much, dependencies: [], secrets: [] }, new Set());
  assert.equal(findings.length, 20);
  assert.ok(performance.now() - began < 10_000);
});
