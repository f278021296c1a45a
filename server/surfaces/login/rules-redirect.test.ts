import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openRuleScene, otherSite, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
const email = 'away@example.com';
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
  await signUp(scene, scene.browser(), email, password);
});
after(() => scene.close());

const sendsAway = `function (user, context, callback) {
  context.idToken['https://shop.example/runs'] = (context.idToken['https://shop.example/runs'] || 0) + 1;
  if (context.protocol === 'redirect-callback') {
    const { query, body } = context.request;
    context.idToken['https://shop.example/answer'] = query.answer || body.answer;
    if (query.answer === 'no') return callback(new UnauthorizedError('They said no'));
  }
  context.redirect = { url: '${otherSite}/ask?lang=en' };
  callback(null, user, context);
}`;
beforeEach(async () => {
  await scene.noRules();
  await scene.rule(sendsAway);
});

function backFrom(page: Page, more = ''): string {
  return `${scene.url}/continue?state=${encodeURIComponent(page.url.searchParams.get('state') ?? '')}${more}`;
}

async function sentAway(browser: Browser = scene.visitor()): Promise<Page> {
  const page = await signIn(scene, browser, email, password);
  assert.equal(page.url.origin + page.url.pathname, `${otherSite}/ask`);
  assert.equal(page.url.searchParams.get('lang'), 'en');
  return page;
}

test('a rule sends the customer elsewhere; back at /continue all rules run again, and none sends away twice', async () => {
  const browser = scene.visitor();
  const away = await sentAway(browser);
  const page = await browser.open(backFrom(away, '&answer=yes'));
  const { claims } = await scene.tokens(page);
  assert.deepEqual([claims['https://shop.example/answer'], claims['https://shop.example/runs']], ['yes', 1]);
});

test('the other site may answer by a form that it posts, state in the address or in the form', async () => {
  for (const inForm of [false, true]) {
    const browser = scene.visitor();
    const away = await sentAway(browser);
    const state = away.url.searchParams.get('state') ?? '';
    const posted = await browser.send(inForm ? `${scene.url}/continue` : backFrom(away), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: otherSite },
      body: new URLSearchParams({ answer: 'posted', ...(inForm && { state }) }).toString(),
    });
    assert.equal(posted.status, 303);
    const page = await browser.open(new URL(posted.headers.get('location') ?? '', scene.url));
    assert.equal((await scene.tokens(page)).claims['https://shop.example/answer'], 'posted');
  }
});

test('a session is sent away by a plain redirect, and refused when the rule says so after it', async () => {
  const browser = scene.visitor();
  await scene.noRules();
  await signIn(scene, browser, email, password);
  await scene.rule(sendsAway);
  const away = await browser.open(scene.door());
  assert.equal(away.url.host, 'checks.example');
  const page = await browser.open(backFrom(away, '&answer=no'));
  assert.equal(page.url.searchParams.get('error'), 'access_denied');
  assert.equal(page.url.searchParams.get('error_description'), 'They said no');
});

test('the state is good once, in the browser that was sent away, and for three days', async () => {
  const browser = scene.visitor();
  const away = await sentAway(browser);
  const state = away.url.searchParams.get('state') ?? '';
  const [flow = ''] = state.split('.');
  const row = await scene.base.db.selectFrom('flows').select('expires_at').where('id', '=', flow).executeTakeFirst();
  const days = ((row?.expires_at.getTime() ?? 0) - Date.now()) / 86_400_000;
  assert.ok(days > 2.9 && days < 3.1, String(days));

  for (const [who, address] of [
    [scene.visitor(), backFrom(away, '&answer=stolen')],
    [browser, `${scene.url}/continue?state=${flow}.00000000-0000-0000-0000-000000000000`],
    [browser, `${scene.url}/continue?state=nothing`],
    [browser, `${scene.url}/continue`],
  ] as const) {
    const lost = await who.open(address);
    assert.equal(lost.status, 400);
    assert.match(lost.text, /state of this sign-in is unknown/);
  }
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => browser.open(backFrom(away, '&answer=yes'))));
  const codes = answers.filter((page) => page.url.searchParams.get('code'));
  assert.ok(codes.length >= 1);
  const { logins_count: count } = await scene.customer(email);
  await browser.open(backFrom(away, '&answer=again'));
  assert.equal((await scene.customer(email)).logins_count, count);
});

test('a rule that was deleted while the customer was away is gone, and the sign-in goes on', async () => {
  const browser = scene.visitor();
  const away = await sentAway(browser);
  await scene.noRules();
  const { claims } = await scene.tokens(await browser.open(backFrom(away, '&answer=no')));
  assert.equal(claims['https://shop.example/runs'], undefined);
});

test('where no page can be shown nobody is sent anywhere: interaction_required', async () => {
  await scene.noRules();
  const browser = scene.visitor();
  const { body } = await scene.tokens(await signIn(scene, browser, email, password));
  await scene.rule(sendsAway);
  const silent = await browser.open(scene.door('lumiere', { prompt: 'none' }));
  assert.equal(silent.url.searchParams.get('error'), 'interaction_required');
  const direct = await scene.token({ grant_type: 'password', username: email, password, scope: 'openid' });
  assert.equal(direct.body.error, 'interaction_required');
  const refreshed = await scene.token({ grant_type: 'refresh_token', refresh_token: String(body.refresh_token) });
  assert.equal(refreshed.body.error, 'interaction_required');
});

test('security row 9: code sends nobody to what is no web address', async () => {
  for (const url of [
    'javascript:alert(1)',
    'data:text/html,x',
    '//checks.example',
    'file:///etc',
    'https://a@b.example',
  ]) {
    await scene.noRules();
    await scene.rule(`function (user, context, callback) {
      context.redirect = { url: ${JSON.stringify(url)} };
      callback(null, user, context);
    }`);
    const page = await signIn(scene, scene.visitor(), email, password);
    assert.equal(page.url.searchParams.get('error'), 'access_denied', url);
  }
});
