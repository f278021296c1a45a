import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { bindActions } from '../../../test/actions.ts';
import { testBase } from '../../../test/base.ts';
import * as actions from './actions.ts';

const base = await testBase();
after(() => base.close());
afterEach(async () => {
  await actions.changeBindings(base, 'post-login', []);
});

async function signIn(...bodies: readonly string[]) {
  const codes = bodies.map((body) => `exports.onExecutePostLogin = async (event, api) => { ${body} };`);
  await bindActions(base, 'post-login', codes);
  const event = { user: { user_id: 'auth0|1', app_metadata: {} }, request: { ip: '192.0.2.1', query: {}, body: {} } };
  const host: actions.TriggerRun['host'] = async (_, argument) => {
    await pause(50);
    if (JSON.stringify(argument).includes('nobody'))
      return { refused: { code: 'EACCES', message: 'Not for actions.' } };
    return { status: 200, statusText: 'OK', headers: [], body: '' };
  };
  const outcome = await actions.runPostLogin(base, { event, host, canRedirect: true, executedRules: [] });
  assert.ok(outcome, 'something is bound');
  return { ...outcome, lines: outcome.printed.map(({ by, line }) => [by === outcome.runs[0]?.id, line]) };
}

const lost = `(async () => { await null; throw new Error('lost'); })();`;
const asks = `await fetch('http://one.test/');`;

test('a promise that nobody waits for and that is rejected fails its action at once', async () => {
  const { refused, runs } = await signIn(`${lost} ${asks}`, asks);
  assert.partialDeepStrictEqual(refused, { by: 'failed' });
  assert.equal(runs[0]?.error?.message, 'lost');
});

test('one that is rejected when its action is over is told in its log, and fails none behind it', async () => {
  for (const left of [`fetch('http://one.test/').then(() => { throw new Error('lost'); });`]) {
    const { refused, lines } = await signIn(left, `${asks} ${asks}`);
    assert.equal(refused, undefined);
    assert.deepEqual(lines, [[true, 'This action left an error that nobody caught, which changes nothing: lost']]);
  }
  const { refused, lines } = await signIn(lost);
  assert.equal(refused, undefined);
  assert.deepEqual(lines, [[true, 'This action left an error that nobody caught, which changes nothing: lost']]);
});

test('a request that is not awaited is told as one that may not have been sent', async () => {
  const told = 'It ended before a request was answered, which may not even have been sent: requests must be awaited.';
  for (const request of [
    `fetch('http://one.test/'); fetch('http://one.test/');`,
    `require('axios').post('http://one.test/', {});`,
  ]) {
    const { refused, lines } = await signIn(request, '');
    assert.equal(refused, undefined);
    assert.deepEqual(lines, [[true, told]], request);
    assert.deepEqual((await signIn(`await ${request.split(';')[0]}`)).lines, []);
  }
});

test('what follows an answer is of the action that asked, though another has used the connection before', async () => {
  const get = (done: string) =>
    `require('https').get('https://one.test/', (r) => r.resume().on('end', () => { ${done} }));`;
  const asks = `await new Promise((done) => { ${get('done();')} });`;
  for (const before of [[], [asks], [asks, asks]]) {
    const { refused, runs } = await signIn(...before, `await new Promise(() => { ${get('nosuch.thing;')} });`);
    assert.equal(runs[before.length]?.error?.message, 'nosuch is not defined');
    assert.partialDeepStrictEqual(refused, { by: 'failed' });
    const left = await signIn(...before, get(''));
    assert.equal(left.lines.length, 1);
    assert.equal(left.printed[0]?.by, left.runs[before.length]?.id);
  }
});

test('security row 10: what an action before it did to lists, unseen, swallows nothing that an action asks for', async () => {
  const swallows = `const { push } = Array.prototype;
    Object.defineProperty(Array.prototype, 'push', { configurable: true, get: () =>
      /NearLook|mend/.test(new Error().stack) ? push : () => 0 });`;
  const asked = `api.accessToken.setCustomClaim('https://one.test/', 1); api.user.setAppMetadata('seen', true);`;
  const { runs, accessToken, appMetadata } = await signIn(swallows, asked);
  assert.equal(runs.length, 2);
  assert.deepEqual(accessToken, { 'https://one.test/': 1 });
  assert.deepEqual(appMetadata, { seen: true });
});

test('why a request failed is told, not only that it did', async () => {
  const { runs } = await signIn(`await fetch('http://nobody.test/');`);
  assert.equal(runs[0]?.error?.message, 'fetch failed (Not for actions.)');
});
