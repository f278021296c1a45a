// What other sites send back by a form: anybody may post it, so it is kept only for who is waited for, and not without end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createBrowser } from '../../../test/http-browser.ts';
import { openRuleScene, otherSite, type RuleScene } from '../../../test/rule-scene.ts';
import { atNetwork, signIn, signUp } from '../../../test/sign-in-world.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
const email = 'returns@example.com';
const most = 120;
before(async () => {
  scene = await openRuleScene();
  await signUp(scene, scene.browser(), email, password);
  await scene.rule(`function (user, context, callback) {
    context.redirect = { url: '${otherSite}/ask' };
    if (context.request.body) context.idToken['https://shop.example/answer'] = context.request.body.answer;
    callback(null, user, context);
  }`);
});
after(() => scene.close());

function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields);
  return fetch(`${scene.url}${path}`, { method: 'POST', redirect: 'manual', body, headers });
}

async function howManyKept(): Promise<number> {
  return (await scene.base.db.selectFrom('network_notes').select('handle_hash').execute()).length;
}

/** A browser that a rule has sent away, and the state that it took along. */
async function sentAway() {
  const browser = scene.visitor();
  const page = await signIn(scene, browser, email, password);
  assert.equal(page.url.origin, otherSite);
  return { browser, state: page.url.searchParams.get('state') ?? '' };
}

/** A browser that a network has sent back, and what it took along. */
async function fromNetwork() {
  const browser = createBrowser({ stopAt: [`${scene.url}/login/callback`] });
  const page = await browser.submit(await browser.open(scene.door()), 'network', {}, 'google-oauth2');
  const { url } = await atNetwork(browser, page, '108204268033311374519');
  return Object.fromEntries(url.searchParams);
}

test('what nobody waits for is not kept, and told as it is by GET', async () => {
  const flow = (await scene.browser().open(scene.door())).url.pathname.split('/')[2];
  const none = '00000000-0000-4000-8000-000000000000';
  const { browser, state } = await sentAway();
  await browser.open(`${scene.url}/continue?state=${encodeURIComponent(state)}`);
  const kept = await howManyKept();
  const large = 'x'.repeat(50_000);
  for (const [path, states] of [
    ['/continue', ['', 'x', 'x.y', `${flow}.${none}`, state]],
    ['/login/callback', ['', 'x', `x.${none}`, `${flow}.${none}`, `link.${none}`]],
  ] as const) {
    for (const one of states) {
      const posted = await post(path, { state: one, user: large.slice(0, 8000), answer: large });
      assert.equal(posted.status, 303, `${path} ${one}`);
      assert.equal(await howManyKept(), kept, `${path} ${one}`);
      const told = await fetch(new URL(posted.headers.get('location') ?? '', scene.url), { redirect: 'manual' });
      assert.ok(told.status >= 400 || /^\/account\/linked$/.test(told.headers.get('location') ?? ''), one);
    }
  }
  await fetch(`${scene.url}/login/callback?state=link.${none}&code=${'x'.repeat(8000)}`, { redirect: 'manual' });
  assert.equal(await howManyKept(), kept, 'by GET for the account page');
});

test('from one place no more is kept than a whole office sends; the page says how long to wait', async () => {
  const { browser, state } = await sentAway();
  const fields = await fromNetwork();
  const first = await post(`/continue?state=${encodeURIComponent(state)}`, { answer: 'kept' });
  const before = await howManyKept();
  const answers = await Promise.all(Array.from({ length: most }, () => post('/login/callback', fields)));
  assert.equal(answers.filter(({ status }) => status === 303).length, most - 1);
  assert.equal(await howManyKept(), before + most - 1);

  for (const [path, sent] of [
    ['/login/callback', fields],
    ['/continue', { state, answer: 'too much' }],
  ] as const) {
    const refused = await post(path, sent, { 'accept-language': 'de' });
    assert.equal(refused.status, 429);
    const wait = Number(refused.headers.get('retry-after'));
    assert.ok(wait >= 1 && wait <= 61, String(wait));
    assert.match(await refused.text(), /Warten Sie eine Minute, und laden Sie diese Seite dann neu/);
  }
  const page = await browser.open(new URL(first.headers.get('location') ?? '', scene.url));
  assert.equal((await scene.tokens(page)).claims['https://shop.example/answer'], 'kept', 'what was kept is good');
});
