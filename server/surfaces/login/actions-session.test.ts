import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openRuleScene, otherSite, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';
import type { JsonObject } from '../../base/json.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
const claim = 'https://shop.example/event';
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
});
after(() => scene.close());
beforeEach(async () => {
  await scene.noRules();
  await scene.actions(`exports.onExecutePostLogin = async (event, api) => {
    const { session, refresh_token } = event;
    api.idToken.setCustomClaim('${claim}', { session, refresh_token });
  };`);
});

type Told = { session?: JsonObject; refresh_token?: JsonObject };

function toldOf({ claims, body }: { claims: Record<string, unknown>; body: object }): Told {
  const told = claims[claim];
  assert.ok(typeof told === 'object' && told !== null, JSON.stringify(body));
  return told;
}

test('a new sign-in tells the session that it opens, by the id that the Management API knows it by', async () => {
  const browser = scene.browser();
  const first = await scene.tokens(await signUp(scene, browser, 'session@example.com', password));
  const { session = {}, refresh_token } = toldOf(first);
  assert.equal(refresh_token, undefined);
  const { user_id } = await scene.customer('session@example.com');
  const kept = await scene.api('GET', `/sessions/${session.id}`);
  assert.equal(kept.user_id, user_id);
  const { initial_ip, last_ip, last_user_agent, initial_user_agent } = Object(session.device);
  assert.deepEqual([initial_ip, last_ip], ['127.0.0.1', '127.0.0.1']);
  assert.equal(initial_user_agent, last_user_agent);
  assert.partialDeepStrictEqual(session, {
    ...{ user_id, metadata: {}, cookie: { mode: 'persistent' }, clients: [{ client_id: 'lumiere-shop' }] },
    ...{ created_at: session.authenticated_at, updated_at: session.created_at },
  });
  const asTime = (time: unknown) => Date.parse(String(time));
  for (const name of ['created_at', 'authenticated_at', 'expires_at', 'idle_expires_at']) {
    const apart = Math.abs(asTime(session[name]) - asTime(kept[name]));
    assert.ok(apart < 5000, `${name}: ${session[name]} is not ${kept[name]}`);
  }

  // By the session, at another shop: the same one.
  const page = await browser.open(scene.door('northtrail'));
  const silent = toldOf(await scene.tokens(await browser.submit(page, 'continue'), 'northtrail'));
  assert.equal(silent.session?.id, session.id);
  assert.equal(silent.session?.created_at, kept.created_at);
  assert.deepEqual(silent.session?.clients, [{ client_id: 'lumiere-shop' }, { client_id: 'northtrail-shop' }]);
  assert.deepEqual(silent.session?.device, { last_ip: '127.0.0.1', last_user_agent: last_user_agent });
});

test('a rule is told the session by the same id: new, used again and of a refresh', async () => {
  await scene.rule(`function (user, context, callback) {
    context.idToken['${claim}/rule'] = context.sessionID;
    callback(null, user, context);
  }`);
  const browser = scene.browser();
  const first = await scene.tokens(await signUp(scene, browser, 'same@example.com', password));
  const page = await browser.open(scene.door('northtrail'));
  const again = await scene.tokens(await browser.submit(page, 'continue'), 'northtrail');
  const { refresh_token } = first.body;
  const refreshed = await scene.token({ grant_type: 'refresh_token', refresh_token: String(refresh_token) });
  const id = toldOf(first).session?.id;
  assert.ok(id);
  for (const one of [first, again, refreshed]) {
    assert.equal(toldOf(one).session?.id, id);
    assert.equal(one.claims[`${claim}/rule`], id);
  }
  // The portal's server asks, not the browser.
  const { device } = toldOf(refreshed).refresh_token ?? {};
  assert.deepEqual(device, { last_ip: '127.0.0.1', last_user_agent: 'node' });
});

test('two windows: who has signed in by the other one meanwhile stays in its session', async () => {
  await signUp(scene, scene.browser(), 'windows@example.com', password);
  const browser = scene.browser();
  const other = await browser.open(scene.door());
  const first = toldOf(await scene.tokens(await signIn(scene, browser, 'windows@example.com', password)));
  const second = await browser.submit(other, 'login', { username: 'windows@example.com', password });
  const told = toldOf(await scene.tokens(second));
  assert.equal(told.session?.id, first.session?.id);
  assert.equal((await scene.api('GET', `/sessions/${first.session?.id}`)).id, first.session?.id);
});

test('api.session.revoke ends the session that the action was told of, also where another window has opened it', async () => {
  await signUp(scene, scene.browser(), 'revoked@example.com', password);
  const browser = scene.browser();
  const other = await browser.open(scene.door());
  const first = toldOf(await scene.tokens(await signIn(scene, browser, 'revoked@example.com', password)));
  await scene.actions(
    `exports.onExecutePostLogin = async (event, api) => { api.session.revoke('Gone: ' + event.session.id); };`,
  );
  const refused = await browser.submit(other, 'login', { username: 'revoked@example.com', password });
  assert.equal(refused.url.searchParams.get('error_description'), `Gone: ${first.session?.id}`);
  await assert.rejects(scene.api('GET', `/sessions/${first.session?.id}`));
});

test('who signs in by the page that another customer left is told another session', async () => {
  const people = ['one@example.com', 'two@example.com'];
  for (const email of people) await signUp(scene, scene.browser(), email, password);
  // The first of them is on the way elsewhere when the other comes: it is one flow.
  await scene.actions(
    `exports.onExecutePostLogin = async (event, api) => api.redirect.sendUserTo('${otherSite}/' + event.session.id);`,
  );
  const browser = scene.visitor();
  const page = await browser.open(scene.door());
  const told: string[] = [];
  for (const username of people) {
    const left = await browser.submit(page, 'login', { username, password });
    assert.equal(left.url.origin, otherSite, left.text);
    told.push(left.url.pathname);
  }
  assert.equal(new Set(told).size, 2, told.join(', '));
});

test('a browser that somebody else is signed in with gets a session of its own', async () => {
  const browser = scene.browser();
  const first = toldOf(await scene.tokens(await signUp(scene, browser, 'before@example.com', password)));
  await signUp(scene, scene.browser(), 'after@example.com', password);
  const page = await browser.open(scene.door('lumiere', { prompt: 'login' }));
  const second = toldOf(
    await scene.tokens(await browser.submit(page, 'login', { username: 'after@example.com', password })),
  );
  assert.notEqual(second.session?.id, first.session?.id);
  const { user_id } = await scene.customer('after@example.com');
  assert.equal((await scene.api('GET', `/sessions/${second.session?.id}`)).user_id, user_id);
});

test('a refresh tells its token, which keeps its id, and its session; a password grant has neither', async () => {
  const { body, claims } = await scene.tokens(await signUp(scene, scene.browser(), 'refresh@example.com', password));
  const { session = {} } = toldOf({ claims, body });
  const refresh = (token: unknown) => scene.token({ grant_type: 'refresh_token', refresh_token: String(token) });
  const first = await refresh(body.refresh_token);
  const told = toldOf(first);
  assert.equal(told.session?.id, session.id);
  const { user_id } = await scene.customer('refresh@example.com');
  assert.partialDeepStrictEqual(told.refresh_token, {
    ...{ user_id, client_id: 'lumiere-shop', session_id: session.id, rotating: false, device: {}, metadata: {} },
  });
  const { created_at, expires_at, idle_expires_at } = told.refresh_token ?? {};
  for (const time of [created_at, expires_at, idle_expires_at]) assert.ok(!Number.isNaN(Date.parse(String(time))));
  const next = toldOf(await refresh(body.refresh_token));
  assert.equal(next.refresh_token?.id, told.refresh_token?.id);
  assert.equal(next.refresh_token?.created_at, created_at);

  const direct = await scene.token({
    grant_type: 'password',
    username: 'refresh@example.com',
    password,
    scope: 'openid',
  });
  assert.deepEqual(toldOf(direct), {});
});

test('a way that an action has recorded is told by its address, at the next sign-in by that session, too', async () => {
  await scene.actions(`const way = 'https://ways.example/card';
  exports.onExecutePostLogin = async (event, api) => {
    const { methods } = event.authentication;
    api.idToken.setCustomClaim('${claim}', { methods, session: event.session.authentication.methods });
    if (!methods.some(({ name }) => name === way)) api.redirect.sendUserTo('${otherSite}/card');
  };
  exports.onContinuePostLogin = async (event, api) => { api.authentication.recordMethod(way); };`);
  const browser = scene.visitor();
  const away = await signUp(scene, browser, 'recorded@example.com', password);
  const state = away.url.searchParams.get('state') ?? '';
  await scene.tokens(await browser.open(`${scene.url}/continue?state=${encodeURIComponent(state)}`));
  const { claims } = await scene.tokens(await browser.open(scene.door()));
  const [, timestamp] = /"timestamp":"([^"]+)"/.exec(JSON.stringify(claims)) ?? [];
  const methods = ['email', 'https://ways.example/card'].map((name) => ({ name, timestamp }));
  assert.deepEqual(claims[claim], { methods, session: methods });
});
