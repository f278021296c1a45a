import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';
import { isProblem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { defaultBrand } from '../../features/brands/brands.ts';
import { identitiesOf } from '../../features/customers/customers.ts';
import { learnFacts } from './rules/learn-facts.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
const email = 'calls@example.com';
let other: string;
before(async () => {
  scene = await openRuleScene();
  await signUp(scene, scene.browser(), email, password);
  await signUp(scene, scene.browser(), 'other@example.com', password);
  other = (await scene.customer('other@example.com')).user_id;
});
after(() => scene.close());
beforeEach(() => scene.noRules());

/** Signs in with a rule of this body; its `told` is the claim that comes back. */
async function told(body: string): Promise<unknown> {
  await scene.rule(`async function (user, context, callback) {
    let told;
    const send = async (url, { method = 'GET', body, token = auth0.accessToken } = {}) => {
      try {
        const response = await fetch(url, {
          method,
          headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' },
          ...(body && { body: JSON.stringify(body) }),
        });
        return [response.status, await response.json().catch(() => null)];
      } catch (error) {
        return ['failed', String(error)];
      }
    };
    const mine = auth0.baseUrl + '/users/' + encodeURIComponent(user.user_id);
    const theirs = auth0.baseUrl + '/users/' + encodeURIComponent(${JSON.stringify(other)});
    ${body}
    context.idToken['https://shop.example/told'] = told;
    callback(null, user, context);
  }`);
  const { claims } = await scene.tokens(await signIn(scene, scene.browser(), email, password));
  return claims['https://shop.example/told'];
}

test('auth0.accessToken reads and changes the customer who signs in, at auth0.baseUrl', async () => {
  const answer = await told(`
    const [status, read] = await send(mine);
    const [changed] = await send(mine, { method: 'PATCH', body: { user_metadata: { size: 'M' }, given_name: 'Ada' } });
    told = [status, read.email, changed];`);
  assert.deepEqual(answer, [200, email, 200]);
  const customer = await scene.customer(email);
  assert.deepEqual([customer.user_metadata.size, customer.given_name], ['M', 'Ada']);
});

test('security row 16: neither another customer nor any other operation, by token or by verb', async () => {
  const answer = await told(`
    const statuses = [];
    for (const [url, init] of [
      [theirs], [theirs, { method: 'PATCH', body: { blocked: true } }],
      [auth0.baseUrl + '/users'], [auth0.baseUrl + '/users-by-email?email=other@example.com'],
      [mine, { method: 'DELETE' }], [mine + '/identities', { method: 'POST', body: {} }],
      [auth0.baseUrl + '/clients'], [auth0.baseUrl + '/rules'], [auth0.baseUrl + '/../../oauth/token'],
      [mine, { token: 'x' }], [mine, { token: '' }], [auth0.baseUrl.replace('/api/v2', '/userinfo')],
    ]) statuses.push((await send(url, init))[0]);
    const refused = await auth0.users.updateAppMetadata(${JSON.stringify(other)}, { vip: true })
      .then(() => 'done', (error) => error.message);
    told = [statuses, refused];`);
  assert.ok(Array.isArray(answer));
  const [statuses, refused] = answer;
  assert.deepEqual(statuses, [403, 403, 403, 403, 403, 403, 403, 403, 404, 401, 401, 401]);
  assert.match(refused, /nobody else/);
  const untouched = await scene.customer('other@example.com');
  assert.deepEqual([untouched.blocked, untouched.app_metadata], [false, {}]);
});

test('a host that only looks like ours is the outside', async () => {
  const port = new URL(scene.url).port;
  const answer = await told(`
    told = [];
    for (const host of ['127.0.0.1:${port}', 'localhost.:${port}', '[::1]:${port}', 'a@localhost:${port}',
      '0x7f.1:${port}', 'localhost:${port}.example']) {
      told.push((await send('http://' + host + '/api/v2/users/' + encodeURIComponent(user.user_id)))[0]);
    }
    told.push((await send('https://localhost:${port}/api/v2/users/' + encodeURIComponent(user.user_id)))[0]);`);
  assert.deepEqual(answer, ['failed', 'failed', 'failed', 'failed', 'failed', 'failed', 200]);
});

test('the token is worth nothing from outside', async () => {
  const token = await told('told = auth0.accessToken;');
  const headers = { authorization: `Bearer ${token}` };
  const { user_id: id } = await scene.customer(email);
  const response = await fetch(`${scene.url}/api/v2/users/${encodeURIComponent(id)}`, { headers });
  assert.equal(response.status, 401);
});

test('the umbrella may let its code reach everybody', async () => {
  await scene.api('PATCH', '/umbrella', { code_reaches: 'everybody' });
  const answer = await told(`
    const [status] = await send(theirs);
    await auth0.users.updateUserMetadata(${JSON.stringify(other)}, { met: user.email });
    const picture = await send(theirs + '/picture');
    told = [status, (await send(theirs, { method: 'DELETE' }))[0], (await send(auth0.baseUrl + '/clients'))[0]];
    told.push(picture[0], picture[1].errorCode ?? 'no operation of JSON');`);
  await scene.api('PATCH', '/umbrella', { code_reaches: 'customer' });
  assert.deepEqual(answer, [200, 403, 403, 404, 'no operation of JSON']);
  assert.equal((await scene.customer('other@example.com')).user_metadata.met, email);
});

test('what is written after the callback still counts', async () => {
  await scene.rule(`function (user, context, callback) {
    callback(null, user, context);
    auth0.users.updateAppMetadata(user.user_id, { late: 1 })
      .then(() => auth0.users.updateAppMetadata(user.user_id, { later: 2 }));
  }`);
  await signIn(scene, scene.browser(), email, password);
  for (let tries = 0; tries < 40 && !('later' in (await scene.customer(email)).app_metadata); tries += 1)
    await sleep(50);
  assert.partialDeepStrictEqual((await scene.customer(email)).app_metadata, { late: 1, later: 2 });
});

test('code that hands back all it was given says nothing of what others have said; what it changes holds', async () => {
  const { user_id: id } = await scene.customer(email);
  const path = `/users/${encodeURIComponent(id)}`;
  await scene.api('PATCH', path, { user_metadata: { colour: 'red', kept: true } });
  await scene.rule(`async function (user, context, callback) {
    user.user_metadata.colour = 'blue';
    await auth0.users.updateUserMetadata(user.user_id, user.user_metadata);
    callback(null, user, context);
  }`);
  await signIn(scene, scene.browser(), email, password);
  const { user_metadata } = await scene.customer(email);
  assert.partialDeepStrictEqual(user_metadata, { colour: 'blue', kept: true });
  const facts: unknown[] = Object.values(await scene.api('GET', `${path}/facts`));
  const byRule = facts.filter((fact) => /"path":"user_metadata.*"origin":"rule:/.test(JSON.stringify(fact)));
  assert.ok(
    byRule.every((fact) => JSON.stringify(fact).includes('user_metadata.colour')),
    JSON.stringify(byRule),
  );
  assert.ok(byRule.length > 0);
});

test('a customer whom a rule blocks comes in no more, at once', async () => {
  await signUp(scene, scene.browser(), 'blocked@example.com', password);
  await scene.rule(`async function (user, context, callback) {
    await fetch(auth0.baseUrl + '/users/' + encodeURIComponent(user.user_id), {
      method: 'PATCH',
      headers: { authorization: 'Bearer ' + auth0.accessToken, 'content-type': 'application/json' },
      body: JSON.stringify({ blocked: true }),
    });
    callback(null, user, context);
  }`);
  const page = await signIn(scene, scene.browser(), 'blocked@example.com', password);
  assert.equal(page.url.searchParams.get('code'), null);
});

test('what is sensitive is learned only of who allows enrichment, and nobody is found by what a rule learned', async () => {
  await scene.api('POST', '/attributes', { path: 'app_metadata.health', type: 'text', sensitive: true });
  await scene.base.settings.refresh();
  const customer = await scene.customer(email);
  const [first] = await identitiesOf(scene.base.db, customer.id);
  const brand = await defaultBrand(scene.base);
  assert.ok(first);
  const learn = (path: string, consents: readonly JsonObject[] = []) => {
    const about = { visit: { brand }, customer, subject: first.subject, kept: { consents } };
    return learnFacts(scene.base, about, { facts: [{ path, value: 'x', confidence: 0.4 }] }, 'library:test');
  };
  assert.deepEqual(await learn('app_metadata.health'), { changed: [], left_out: ['app_metadata.health'] });
  assert.deepEqual(await learn('app_metadata.plain'), { changed: ['app_metadata.plain'], left_out: [] });
  for (const path of ['email', 'phone_number', 'username', 'user_id', 'brands.another.size', 'blocked']) {
    await assert.rejects(learn(path), (error) => isProblem(error, 'invalid_body'), path);
  }
  const given = { brand: brand.id, purpose: 'enrichment', topic: null, state: 'given' };
  const umbrella = { ...given, brand: null };
  const refused = { ...given, state: 'withdrawn' };
  assert.deepEqual((await learn('app_metadata.health', [umbrella, refused])).changed, []);
  assert.deepEqual((await learn('app_metadata.health', [given])).changed, ['app_metadata.health']);
  assert.equal((await scene.customer(email)).app_metadata.health, 'x');
});
