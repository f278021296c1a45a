import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signUp } from '../../../test/sign-in-world.ts';

// Code hands out texts that no database keeps: NUL, half a surrogate pair, also one that is made by cutting a text.

let scene: RuleScene;
let browser: ReturnType<RuleScene['visitor']>;
const email = 'texts@example.com';
const claim = 'https://shop.example/told';
const [nul, half, cut] = [`'a\\u0000b'`, `'a\\ud800'`, `'x'.repeat(999) + '\\u{1f600}'`];
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
  browser = scene.visitor();
  await signUp(scene, browser, email, 'a long enough phrase');
});
after(() => scene.close());
beforeEach(() => scene.noRules());

const come = () => browser.open(scene.door('lumiere'));

/** What the last sign-in's actions left, as `/api/v2/actions/executions/{id}` tells it. */
async function lastError(): Promise<{ id: string; msg: string } | undefined> {
  const { user_id: id } = await scene.customer(email);
  const [row] = Object.values(await scene.api('GET', `/users/${id}/logs?per_page=1`));
  const [execution] = Object(row).details?.actions?.executions ?? [];
  const { results } = await scene.api('GET', `/actions/executions/${execution}`);
  return Object(results)[0]?.error;
}

/** Signs in with an action of this body that the sign-in can do without. @returns how it failed */
async function act(body: string): ReturnType<typeof lastError> {
  await scene.actions({ code: `exports.onExecutePostLogin = async (event, api) => { ${body} };`, on_failure: 'go_on' });
  const page = await come();
  assert.ok(page.url.searchParams.has('code'), `${body}: ${page.status} ${page.url} ${page.text.slice(0, 200)}`);
  return lastError();
}

test('what an action fails with is told as far as it can be kept', async () => {
  assert.deepEqual(await act(`throw new Error(${nul});`), { id: 'Error', msg: 'ab' });
  assert.deepEqual(await act(`throw new Error(${half});`), { id: 'Error', msg: 'a\ufffd' });
  assert.deepEqual(await act(`throw new Error(${cut});`), { id: 'Error', msg: `${'x'.repeat(999)}\ufffd` });
  assert.deepEqual(await act(`const e = new Error('x'); e.name = ${nul}; throw e;`), { id: 'ab', msg: 'x' });
  assert.match((await act(`api.prompt.render(${nul});`))?.msg ?? '', /There is no question ab/);
});

test('an action that asks for what cannot be kept has failed under its own policy, and is told so in words', async () => {
  for (const text of [nul, half]) {
    for (const [body, message] of [
      [`api.cache.set(${text}, 'v');`, /: The key holds/],
      [`api.cache.set('k', ${text});`, /: The value holds/],
      [`api.cache.delete(${text});`, /: The key holds/],
      [`api.user.setAppMetadata('k', ${text});`, /: The value holds/],
      [`api.user.setUserMetadata('k', { a: [{ [${text}]: 1 }] });`, /: The value holds/],
      [`api.user.setAppMetadata(${text}, 1);`, /: The key holds/],
      [`api.user.setAppMetadata('__proto__', { x: 1 });`, /: The key cannot be __proto__/],
      [`api.idToken.setCustomClaim('${claim}', [${text}]);`, /: The value of the claim holds/],
      [`api.accessToken.setCustomClaim(${text}, 1);`, /: The name of the claim holds/],
      [`api.authentication.setPrimaryUser(${text});`, /: The id of the user holds/],
    ] as const) {
      const { msg = '' } = (await act(`api.user.setAppMetadata('own', 1); ${body}`)) ?? {};
      assert.match(msg, message, body);
      assert.equal(msg.split(':')[0], body.split('(')[0], 'it says which member does not take it');
    }
  }
  const deep = `let deep = 1; for (let n = 0; n < 64; n++) deep = [deep]; api.user.setAppMetadata('k', deep);`;
  assert.match((await act(deep))?.msg ?? '', /too deeply/);
  assert.match((await act(`api.user.setAppMetadata('k'.repeat(256), 1);`))?.msg ?? '', /more than 255/);
  assert.match((await act(`api.user.setUserMetadata('a\\tb', 1);`))?.msg ?? '', /: The key holds/);
  assert.match((await act(`api.user.setAppMetadata('k', 'x'.repeat(65536));`))?.msg ?? '', /more than 64 kB/);
  assert.deepEqual((await scene.customer(email)).app_metadata, {});
  assert.equal(await act(`api.user.setAppMetadata('k', '\\u{1f600}'); api.cache.set('k', '\\u{1f600}');`), undefined);
  assert.deepEqual((await scene.customer(email)).app_metadata, { k: '\u{1f600}' });
});

test('where code has changed the language, too, what cannot be kept is no page of an error', async () => {
  const blind = `String.prototype.isWellFormed = () => true; String.prototype.includes = () => false;`;
  for (const body of [
    `api.user.setAppMetadata('k', ${nul});`,
    `api.cache.set('k', ${nul});`,
    `throw new Error(${nul});`,
  ]) {
    assert.ok(await act(`${blind} ${body}`), body);
  }
});

test('a registration goes on without an action that asks for what cannot be kept', async () => {
  for (const [place, body] of Object.entries({
    value: `api.user.setUserMetadata('k', ${nul});`,
    key: `api.user.setAppMetadata('k'.repeat(256), 1);`,
    error: `throw new Error(${cut});`,
  })) {
    const code = `exports.onExecutePreUserRegistration = async (event, api) => { ${body} };`;
    await scene.trigger('pre-user-registration', { code, on_failure: 'go_on' });
    await signUp(scene, scene.browser(), `new-${place}@example.com`, 'a long enough phrase');
    assert.deepEqual((await scene.customer(`new-${place}@example.com`)).user_metadata, {}, place);
  }
  const code = `exports.onExecutePreUserRegistration = async (event, api) => api.access.deny(${nul}, 'Not ' + ${nul});`;
  await scene.trigger('pre-user-registration', code);
  const page = await signUp(scene, scene.browser(), 'new-denied@example.com', 'a long enough phrase');
  assert.match(page.text, /Not ab/);
  await scene.trigger('pre-user-registration');
});

test('a scope that is none is dropped, of actions and of rules', async () => {
  for (const scope of [nul, half, `'a b'`, `'a"b'`, `''`, `'x'.repeat(281)`]) {
    const asks =
      scope === `''` ? '' : `api.accessToken.addScope(${scope}); api.accessToken.removeScope(${scope} + 'x');`;
    await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
      ${asks}
      api.accessToken.addScope('read:offers');
    };`);
    await scene.rule(`function (user, context, callback) {
      context.accessToken.scope = [...context.accessToken.scope ?? [], ${scope}, 'read:more'];
      callback(null, user, context);
    }`);
    const { body } = await scene.tokens(await come());
    const told = String(body.scope).split(' ').sort();
    assert.deepEqual(told, ['email', 'offline_access', 'openid', 'profile', 'read:more', 'read:offers'], scope);
    await scene.noRules();
  }
});

test('a rule that writes what cannot be kept is told by its promise', async () => {
  const cannot = [
    `user.user_id, { k: ${nul} }`,
    `user.user_id, { k: [${half}] }`,
    `user.user_id, { [${nul}]: 1 }`,
    `user.user_id, { ['k'.repeat(256)]: 1 }`,
    `${nul}, { k: 1 }`,
    `${half}, { k: 1 }`,
  ];
  await scene.rule(`async function (user, context, callback) {
    const told = [];
    for (const write of [${cannot.map((given) => `() => auth0.users.updateAppMetadata(${given})`)}]) {
      told.push(await write().then(() => 'done', (error) => error.code ?? error.message));
    }
    context.idToken['${claim}'] = told;
    callback(null, user, context);
  }`);
  const { claims } = await scene.tokens(await come());
  assert.deepEqual(
    claims[claim],
    cannot.map(() => 'invalid_body'),
  );
});

test('a refusal is told as far as it can be kept', async () => {
  for (const [text, told] of [
    [nul, 'a b'],
    [half, 'a\ufffd'],
    [cut, `${'x'.repeat(999)}\ufffd`],
  ] as const) {
    await scene.rule(`function (user, context, callback) { callback(new UnauthorizedError(${text})); }`);
    assert.equal((await come()).url.searchParams.get('error_description'), told);
    await scene.noRules();
    await scene.actions(`exports.onExecutePostLogin = async (event, api) => api.access.deny(${text});`);
    assert.equal((await come()).url.searchParams.get('error_description'), told === 'a b' ? 'ab' : told);
    await scene.noRules();
  }
});
