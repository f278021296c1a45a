import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoSecrets } from '../../../demo/demo-secrets.ts';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
const email = 'own@example.com';
const claim = 'https://shop.example/told';
const machineSecret = 'secret-of-the-test-machine';
before(async () => {
  // The visitors' own address may speak for others: what code sends must not.
  scene = await openRuleScene({ REGULARS_TRUSTED_PROXIES: '127.0.0.0/8' });
  await scene.allow('password');
  await signUp(scene, scene.browser(), email, password);
  await signUp(scene, scene.browser(), 'another@example.com', password);
});
after(() => scene.close());
beforeEach(() => scene.noRules());

/** Auth0's library, as code uses it: with a machine's id and secret. */
const management = (version = '3.7.2') => `
  const { ManagementClient } = require('auth0@${version}');
  const domain = '${new URL(scene.url).host}';
  const secrets = { clientId: 'test-machine', clientSecret: '${machineSecret}' };
  const management = new ManagementClient({ domain, ...secrets });`;

/** What an action of this body makes of `told` at a sign-in. */
async function toldBy(body: string, before = ''): Promise<unknown> {
  await scene.actions(`${before}
    exports.onExecutePostLogin = async (event, api) => {
      let told;
      ${body}
      api.idToken.setCustomClaim('${claim}', told);
    };`);
  const page = await signIn(scene, scene.browser(), email, password);
  assert.ok(page.url.searchParams.has('code'), scene.logged.filter((line) => line.includes('action')).join('\n'));
  return (await scene.tokens(page)).claims[claim];
}

test('an action asks the Management API by Auth0’s client with a machine’s secret, for whomever the machine may', async () => {
  const told = await toldBy(
    `const [found] = await management.getUsersByEmail('another@example.com');
     await management.updateUser({ id: event.user.user_id }, { app_metadata: { by: 'action' } });
     told = found.email;`,
    management(),
  );
  assert.equal(told, 'another@example.com');
  assert.equal((await scene.customer(email)).app_metadata.by, 'action');
});

test('and by its client of version 4, which hands over data', async () => {
  const told = await toldBy(
    `const { data: [found] } = await management.usersByEmail.getByEmail({ email: 'another@example.com' });
     const changed = await management.users.update({ id: event.user.user_id }, { app_metadata: { by: 'version 4' } });
     told = [found.email, changed.status];`,
    management('4'),
  );
  assert.deepEqual(told, ['another@example.com', 200]);
  assert.equal((await scene.customer(email)).app_metadata.by, 'version 4');
});

test('so does one after a registration, for which nobody waits', async () => {
  await scene.trigger(
    'post-user-registration',
    `${management()}
    exports.onExecutePostUserRegistration = async (event) => {
      await management.updateUser({ id: event.user.user_id }, { app_metadata: { greeted: true } });
    };`,
  );
  await signUp(scene, scene.browser(), 'greeted@example.com', password);
  let greeted: unknown;
  for (let tries = 0; greeted === undefined && tries < 200; tries += 1) {
    await sleep(100);
    greeted = (await scene.customer('greeted@example.com')).app_metadata.greeted;
  }
  await scene.trigger('post-user-registration');
  assert.equal(greeted, true);
});

test('code asks the other addresses of the server as anybody may, and gets no more than anybody', async () => {
  const told = await toldBy(`
    const get = async (path, headers = {}) => {
      const response = await fetch('${scene.url}' + path, { headers });
      return [response.status, await response.text()];
    };
    const [keys, mine, wrong, staff] = await Promise.all([
      get('/.well-known/jwks.json'), get('/userinfo'),
      get('/api/v2/users', { authorization: 'Bearer nothing' }), get('/api/v2/staff/me'),
    ]);
    told = [keys[0], Object.keys(JSON.parse(keys[1])), mine[0], wrong[0], staff[0]];`);
  assert.deepEqual(told, [200, ['keys'], 401, 401, 401]);
});

test('security row 10: code that runs because code has called the server does not call it in turn', async () => {
  const direct = `{ grant_type: 'password', username: '${email}', password: '${password}', scope: 'openid',
    client_id: 'lumiere-shop', client_secret: SECRET }`;
  const asked: string[] = [];
  const outside = await scene.outside(({ url }) => {
    asked.push(url);
    return { body: '{}' };
  });
  const secret = JSON.stringify(demoSecrets(scene.base.vault).shops.lumiere);
  const told = await toldBy(`
    await fetch('${outside.url}/run');
    const response = await fetch('${scene.url}/oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' },
      body: JSON.stringify(${direct.replace('SECRET', secret)}),
    });
    told = [response.status, event.request.ip];
    if (response.status === 200) {
      const { id_token } = await response.json();
      told.push(JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url'))['${claim}']);
    }`);
  assert.deepEqual(told, [200, '127.0.0.1', [508, '127.0.0.1']]);
  assert.deepEqual(asked, ['/run', '/run']);
});

test('security row 10: what is begun afterwards by a call of code does not call in turn either', async () => {
  await scene.trigger(
    'post-user-registration',
    `${management()}
    exports.onExecutePostUserRegistration = async (event) => {
      if (!event.user.email.startsWith('loop')) return;
      const connection = 'Username-Password-Authentication';
      const email = 'loop' + Math.random() + '@example.com';
      await management.createUser({ connection, email, password: '${password}' });
    };`,
  );
  await signUp(scene, scene.browser(), 'loop@example.com', password);
  const count = async () => {
    const { rows } = await scene.base.pool.query(`select 1 from customers where email like 'loop%'`);
    return rows.length;
  };
  for (let tries = 0; (await count()) < 2 && tries < 200; tries += 1) await sleep(100);
  await sleep(2000);
  await scene.trigger('post-user-registration');
  assert.equal(await count(), 2);
});

test('an answer of the server’s own that never ends, or is too large, is cut off', async () => {
  const token = await machineToken();
  const told = await toldBy(`
    const began = Date.now();
    try {
      const response = await fetch('${scene.url}/api/v2/rules/log/live', { headers: { authorization: 'Bearer ${token}' } });
      await response.text();
      told = 'ended';
    } catch (error) {
      told = [error.cause?.code ?? error.message, Date.now() - began < 15000];
    }`);
  assert.deepEqual(told, ['ETIMEDOUT', true]);
});

test('the audience that Auth0’s client makes of the domain is the Management API’s for code inside, and for nobody outside', async () => {
  const audience = `https://${new URL(scene.url).host}/api/v2/`;
  const outside = await askToken(audience);
  assert.equal(outside.error, 'access_denied');
  assert.match(String(outside.error_description), /^Service not found: https:/);
  const body = { grant_type: 'client_credentials', client_id: 'test-machine', client_secret: machineSecret };
  const asks = (named: string) => `
    const answer = await fetch('${scene.url}/oauth/token', {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...${JSON.stringify(body)}, audience: '${named}' }) });
    const { access_token, error } = await answer.json();
    told = error ?? JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url')).aud;`;
  assert.equal(await toldBy(asks(audience)), `${scene.url}/api/v2/`);
  assert.equal(await toldBy(asks('https://elsewhere.example/api/v2/')), 'access_denied');
});

async function machineToken(): Promise<string> {
  return String((await askToken(`${scene.url}/api/v2/`)).access_token);
}

async function askToken(audience: string): Promise<Record<string, unknown>> {
  const asked = await fetch(`${scene.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', audience },
      ...{ client_id: 'test-machine', client_secret: machineSecret },
    }),
  });
  return JSON.parse(await asked.text());
}
