// What a sign-in asks for, as rules and actions are told it: by whatever way it comes, and wherever it has been since.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { readJwt } from '../../../test/portal-client.ts';
import { openRuleScene, otherSite, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
const api = 'https://api.example/';
const password = 'a long enough phrase';
const email = 'asks@example.com';
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
  await scene.api('POST', '/resource-servers', { name: 'Shop', identifier: api, allow_offline_access: true });
  await signUp(scene, scene.browser(), email, password);
});
after(() => scene.close());
beforeEach(() => scene.noRules());

const told = 'https://shop.example/told';
const spoils = '&scope=read:all&audience=other&redirect_uri=https://evil.example&acr_values=gold';
const back = (state: string | null) => `${scene.url}/continue?state=${encodeURIComponent(state ?? '')}${spoils}`;
const scopesOf = ({ body }: { body: Record<string, unknown> }) => String(body.scope).split(' ').sort().join(' ');

test('a scope that a rule takes away stays away: at a refresh, and behind a redirect, whatever comes back from there', async () => {
  const left = 'offline_access openid profile';
  await scene.rule(`function (user, context, callback) {
    context.idToken['${told}'] = context.accessToken.scope;
    context.accessToken.scope = context.accessToken.scope.filter((one) => one !== 'email');
    callback(null, user, context);
  }`);
  const tokens = await scene.tokens(await signIn(scene, scene.browser(), email, password));
  assert.equal(scopesOf(tokens), left);
  const asked = tokens.claims[told];
  let refresh_token = String(tokens.body.refresh_token);
  for (const scope of [undefined, 'openid profile email offline_access']) {
    const again = await scene.token({ grant_type: 'refresh_token', refresh_token, ...(scope && { scope }) });
    assert.equal(scopesOf(again), left, scope);
    assert.deepEqual(Object.values(Object(again.claims[told])).sort(), Object.values(Object(asked)).sort(), scope);
    refresh_token = String(again.body.refresh_token ?? refresh_token);
  }
  await scene.rule(`function (user, context, callback) {
    context.redirect = { url: '${otherSite}/ask' };
    callback(null, user, context);
  }`);
  const browser = scene.visitor();
  const away = await signIn(scene, browser, email, password);
  const behind = await scene.tokens(await browser.open(back(away.url.searchParams.get('state'))));
  assert.equal(scopesOf(behind), left);
  assert.deepEqual(behind.claims[told], asked);
});

test('actions are told the API that tokens will be for, and what was asked, by every way to tokens', async () => {
  const tells = `api.idToken.setCustomClaim('${told}', [event.resource_server?.identifier, event.transaction]);`;
  const goes = `if (event.user.user_metadata.goes) api.redirect.sendUserTo('${otherSite}/ask');`;
  await scene.actions(
    `exports.onExecutePostLogin = async (event, api) => { ${goes} }; exports.onContinuePostLogin = async () => {};`,
    `exports.onExecutePostLogin = async (event, api) => { ${tells} };`,
  );
  const seen = ({ claims, body }: { claims: Record<string, unknown>; body: Record<string, unknown> }) => {
    const [identifier, transaction] = Object.values(Object(claims[told]));
    const { aud } = readJwt(String(body.access_token)).claims;
    assert.ok([aud].flat().includes(identifier), 'it is the API that the token opens');
    return { identifier, ...Object(transaction) };
  };
  const signInFor = async (asked: Record<string, string>) => {
    const browser = scene.browser();
    return browser.submit(await browser.open(scene.door('lumiere', asked)), 'login', { username: email, password });
  };
  const atPage = await scene.tokens(await signInFor({ audience: api }));
  const first = seen(atPage);
  assert.equal(first.identifier, api);
  const bySpelling = seen(await scene.tokens(await signInFor({ audience: 'other', resource: urnOf(api) })));
  assert.deepEqual(bySpelling.identifier, api, 'a resource beside an audience is what counts');

  const { user_id } = await scene.customer(email);
  const path = `/users/${encodeURIComponent(user_id)}`;
  await scene.api('PATCH', path, { user_metadata: { goes: true } });
  const browser = scene.visitor();
  const door = await browser.open(scene.door('lumiere', { audience: api }));
  const away = await browser.submit(door, 'login', { username: email, password });
  const behind = seen(await scene.tokens(await browser.open(back(away.url.searchParams.get('state')))));
  for (const name of ['identifier', 'requested_scopes', 'redirect_uri', 'acr_values', 'response_type']) {
    assert.deepEqual(behind[name], first[name], name);
  }

  await scene.api('PATCH', path, { user_metadata: { goes: null } });
  const scope = 'openid profile email offline_access';
  const granted = await scene.token({ grant_type: 'password', username: email, password, scope, audience: api });
  assert.deepEqual(seen(granted).requested_scopes, scope.split(' '));
  assert.equal(seen(granted).identifier, api);
  const refresh_token = String(atPage.body.refresh_token);
  const refreshed = seen(await scene.token({ grant_type: 'refresh_token', refresh_token }));
  assert.equal(refreshed.identifier, api);
});

test('several resources at once are not asked for: code would be told of one', async () => {
  const url = new URL(scene.door('lumiere'));
  for (const one of [api, `${scene.url}/api/v2/`]) url.searchParams.append('resource', urnOf(one));
  const page = await scene.browser().open(url.href);
  assert.match(page.url.href, /error=invalid_target/);
});

function urnOf(audience: string): string {
  return `urn:regulars:api:${Buffer.from(audience).toString('base64url')}`;
}
