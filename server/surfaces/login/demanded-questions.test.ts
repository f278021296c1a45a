import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { codeOf, secretOn } from '../../../test/authenticator-app.ts';
import { askFor } from '../../../test/consents.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { askLive, contentOf, pauseFor } from '../../../test/questions.ts';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { consentHistory } from '../../features/consents/consents.ts';
import { identitiesOf, knownOf, learn } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';
import { changeQuestion, readAsks, removeQuestion } from '../../features/questions/questions.ts';

// `api.prompt.render` of an action at post-login.

let scene: RuleScene;
const password = 'a long enough phrase';
const claim = 'https://shop.example/prompt';
const size = { type: 'number', key: 'size', labels: { en: 'Which size?' }, path: 'user_metadata.size', most: 50 };
const scent = { type: 'text', key: 'scent', labels: { en: 'Which scent?' }, path: 'user_metadata.scent' };
before(async () => {
  scene = await openRuleScene();
  await scene.allow('password');
  await pauseFor(scene.base, 0);
});
after(() => scene.close());

let live: string[] = [];
afterEach(async () => {
  await scene.noRules();
  for (const id of live) await removeQuestion(scene.base, id);
  live = [];
  await scene.base.settings.refresh();
});

/** A question that nobody but code asks. */
async function draft(fields: readonly object[] = [size], more: object = {}, name = 'Sizes'): Promise<string> {
  const id = await askLive(scene.base, { name, state: 'draft', content: contentOf(fields), ...more });
  live.push(id);
  return id;
}

/** Asks at every sign-in but the one that signs up, and puts into the tokens what was answered. */
function asks(form: string, options: object = {}): string {
  return `exports.onExecutePostLogin = async (event, api) => {
    if (event.prompt) throw new Error('there is none yet');
    api.idToken.setCustomClaim('${claim}/before', true);
    if (event.stats.logins_count > 1) api.prompt.render('${form}', ${JSON.stringify(options)});
  };
  exports.onContinuePostLogin = async (event, api) => {
    api.idToken.setCustomClaim('${claim}', event.prompt);
    if (event.prompt.fields.size === 13) api.access.deny('Not with this size');
  };`;
}

async function newcomer(name: string): Promise<string> {
  const email = `${name}@example.com`;
  await signUp(scene, scene.browser(), email, password);
  return email;
}

async function come(email: string): Promise<{ browser: Browser; page: Page }> {
  const browser = scene.visitor();
  return { browser, page: await signIn(scene, browser, email, password) };
}

const isAsked = ({ url }: Page) => url.pathname.endsWith('/ask');
const isAtShop = ({ url }: Page) => url.origin === 'http://lumiere.example' && url.searchParams.has('code');

async function knownAt(email: string, path: string) {
  const { known } = await knownOf(scene.base.db, (await scene.customer(email)).id);
  return known.find((one) => one.path === path);
}

async function asksOf(email: string) {
  return readAsks(scene.base.db, (await scene.customer(email)).id, { limit: 20, offset: 0 });
}

test('an action asks a question by its name, goes on in the same sign-in with the answer, which is a fact', async () => {
  const id = await draft();
  const email = await newcomer('sizes');
  await scene.actions(
    asks('Sizes', { vars: { ticket: 7 }, fields: { campaign: 'spring', size: 38 } }),
    `exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim('${claim}/behind', true);`,
  );
  const { browser, page } = await come(email);
  assert.ok(isAsked(page), page.text);
  assert.match(page.text, /One question Which size\?/);
  assert.match(page.html, /value="38"/, 'what the action gave is in the field');
  assert.doesNotMatch(page.html, /spring|ticket|question-never|ask-never/);
  assert.equal(await knownAt(email, 'user_metadata.size'), undefined);
  const wrong = await browser.submit(page, 'ask', { 'field.size': '99' });
  assert.deepEqual([wrong.status, isAsked(wrong)], [400, true]);
  assert.match(wrong.text, /too small or too large/);
  const done = await browser.submit(wrong, 'ask', { 'field.size': '41' });
  const { claims } = await scene.tokens(done);
  assert.deepEqual(claims[claim], { id: 'Sizes', fields: { campaign: 'spring', size: 41 }, vars: { ticket: 7 } });
  assert.deepEqual([claims[`${claim}/before`], claims[`${claim}/behind`]], [true, true]);
  const fact = await knownAt(email, 'user_metadata.size');
  assert.partialDeepStrictEqual(fact, { value: 41, source: 'asked', origin: id });
  assert.partialDeepStrictEqual(await asksOf(email), [{ outcome: 'answered', sign_in_number: 2, place: 'page' }]);
  const kinds = await scene.base.db.selectFrom('question_asks').select('demanded').distinct().execute();
  assert.deepEqual(kinds, [{ demanded: true }], 'it is compared with no hold-out');
  const next = await come(email);
  assert.ok(isAtShop(next.page), 'what is known is not asked');
  const told = (await scene.tokens(next.page)).claims[claim];
  assert.deepEqual(told, { id: 'Sizes', fields: { campaign: 'spring', size: 38 }, vars: { ticket: 7 } });
});

test('an action that is taken off while its question is open is not gone on with; the answer is kept all the same', async () => {
  await draft();
  const email = await newcomer('taken-off');
  await scene.actions(asks('Sizes'));
  const { browser, page } = await come(email);
  await scene.noRules();
  const { claims } = await scene.tokens(await browser.submit(page, 'ask', { 'field.size': '39' }));
  assert.deepEqual([claims[`${claim}/before`], claims[claim]], [true, undefined]);
  assert.equal((await knownAt(email, 'user_metadata.size'))?.value, 39);
});

test('left out or put off, the action goes on; what code demands minds no pause, no "not now", no hold-out', async () => {
  const id = await draft([size], { content: contentOf([size], { hold_out: 50 }) });
  const email = await newcomer('skips');
  await scene.actions(asks(id));
  await pauseFor(scene.base, 7);
  for (const [act, outcome] of [
    ['ask-later', 'not_now'],
    ['ask', 'skipped'],
    ['ask-later', 'not_now'],
  ] as const) {
    const { browser, page } = await come(email);
    assert.ok(isAsked(page), page.text);
    const { claims } = await scene.tokens(await browser.submit(page, act));
    assert.deepEqual(claims[claim], { id, fields: {}, vars: {} });
    assert.equal((await asksOf(email))[0]?.outcome, outcome);
  }
  await pauseFor(scene.base, 0);
});

test('one page with a question at a sign-in: a second action goes on unasked, and no other question follows', async () => {
  const [first, second] = [await draft(), await draft([scent], {}, 'Scents')];
  const email = await newcomer('one');
  await scene.actions(asks(first), asks(second).replaceAll(`'${claim}'`, `'${claim}/second'`));
  live.push(await askLive(scene.base, { name: 'Marketer', content: contentOf([{ ...scent, key: 'theirs' }]) }));
  const { browser, page } = await come(email);
  assert.ok(isAsked(page), page.text);
  const done = await browser.submit(page, 'ask', { 'field.size': '40' });
  assert.ok(isAtShop(done), done.text);
  const { claims } = await scene.tokens(done);
  assert.partialDeepStrictEqual(claims, {
    [claim]: { fields: { size: 40 } },
    [`${claim}/second`]: { id: second, fields: {} },
  });
  assert.equal((await asksOf(email)).length, 1);
});

test('a consent that is asked for becomes one, and the action is told what was said yes to', async () => {
  const brand = (await brandBySlug(scene.base.db, 'lumiere'))?.id ?? '';
  const texts = { en: { label: 'Mail me deals.' } };
  const consent = await askFor(scene.base, {
    ...{ brand, purpose: 'email', topic: 'deals', at_sign_up: false, in_journey: false, texts },
  });
  const form = await draft([
    { type: 'topics', key: 'deals', labels: { en: 'Which deals?' }, purpose: 'email', topics: ['deals'] },
  ]);
  const email = await newcomer('deals');
  await scene.actions(asks(form));
  const { browser, page } = await come(email);
  const done = await browser.submit(page, 'ask', { [`consent.${consent}`]: 'yes' });
  assert.deepEqual((await scene.tokens(done)).claims[claim], { id: form, fields: { deals: ['deals'] }, vars: {} });
  const [row] = await consentHistory(scene.base.db, (await scene.customer(email)).id);
  assert.partialDeepStrictEqual(row, { purpose: 'email', topic: 'deals', given: true, source: 'question' });
});

test('two tabs, a form sent twice, and the back button: it is answered once, and everybody comes through', async () => {
  const form = await draft();
  const email = await newcomer('tabs');
  await scene.actions(asks(form));
  const { browser, page } = await come(email);
  const other = await browser.open(page.url);
  assert.ok(isAsked(other), 'a reload shows the same');
  const both = await Promise.all(
    [page, other].map((tab, number) => {
      const { fields = {} } = tab.forms.find(({ action }) => action === 'ask') ?? {};
      return browser.send(new URL('ask', tab.url), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: scene.url },
        body: new URLSearchParams({ ...fields, 'field.size': String(40 + number) }).toString(),
      });
    }),
  );
  const [first, second] = both.map((sent) => [sent.status, sent.headers.get('location')]);
  assert.deepEqual([first, first?.[0]], [second, 303], 'a double click leads where one does');
  const done = await browser.open(String(first?.[1]));
  assert.ok(isAtShop(done), done.text);
  const kept = await knownAt(email, 'user_metadata.size');
  const { claims } = await scene.tokens(done);
  assert.partialDeepStrictEqual(claims[claim], { fields: { size: kept?.value } });
  const { logins_count: count } = await scene.customer(email);
  const again = await browser.submit(page, 'ask', { 'field.size': '12' });
  assert.ok(again.status < 500, again.text);
  assert.equal((await knownAt(email, 'user_metadata.size'))?.value, kept?.value);
  assert.equal((await scene.customer(email)).logins_count, count);
  assert.equal((await asksOf(email)).length, 1);
});

test('refused after the answer, nothing of it is kept', async () => {
  const form = await draft();
  const email = await newcomer('refused');
  await scene.actions(asks(form));
  const { browser, page } = await come(email);
  const refused = await browser.submit(page, 'ask', { 'field.size': '13' });
  assert.equal(refused.url.searchParams.get('error_description'), 'Not with this size');
  assert.equal(await knownAt(email, 'user_metadata.size'), undefined);
});

test('a question that is not there is an error with a sentence; a paused or another brand’s is not asked', async () => {
  const email = await newcomer('unknown');
  await scene.actions(asks('Nothing'));
  const { page } = await come(email);
  assert.equal(page.url.searchParams.get('error'), 'access_denied');
  const rows = Object.values(await scene.api('GET', `/users/${(await scene.customer(email)).user_id}/logs`));
  const [execution] = rows.flatMap((row) => Object(Object(row).details).actions?.executions ?? []);
  const { results } = await scene.api('GET', `/actions/executions/${execution}`);
  const [result] = Array.isArray(results) ? results : [];
  const sentence = 'There is no question Nothing: api.prompt.render takes the id or the name of one.';
  assert.equal(Object(result).error?.msg, sentence);

  await scene.noRules();
  const paused = await draft();
  await changeQuestion(scene.base, paused, { state: 'paused' }, () => undefined);
  await scene.actions(asks(paused));
  assert.ok(isAtShop((await come(email)).page), 'paused');
  const northtrail = (await brandBySlug(scene.base.db, 'northtrail'))?.id ?? '';
  await changeQuestion(scene.base, paused, { state: 'draft', brand: northtrail }, () => undefined);
  await scene.base.settings.refresh();
  assert.ok(isAtShop((await come(email)).page), 'another brand');
});

test('where no page can be shown nobody is asked: interaction_required, and nothing counts as shown', async () => {
  const form = await draft();
  const email = await newcomer('silent');
  const browser = scene.visitor();
  const { body } = await scene.tokens(await signIn(scene, browser, email, password));
  await scene.actions(asks(form));
  const silent = await browser.open(scene.door('lumiere', { prompt: 'none' }));
  assert.equal(silent.url.searchParams.get('error'), 'interaction_required');
  const usual = { username: email, password, scope: 'openid' };
  const direct = await scene.token({ grant_type: 'password', ...usual });
  assert.equal(direct.body.error, 'interaction_required');
  const refreshed = await scene.token({ grant_type: 'refresh_token', refresh_token: String(body.refresh_token) });
  assert.equal(refreshed.body.error, 'interaction_required');
  assert.deepEqual(await asksOf(email), []);
  const page = await browser.open(scene.door());
  assert.ok(isAsked(page), 'a session is asked by a page');
  assert.ok(isAtShop(await browser.submit(page, 'ask', { 'field.size': '40' })));
});

test('code that renders twice, or renders and sends away, is told so; one that hides the name may try nothing else', async () => {
  const form = await draft();
  const email = await newcomer('twice');
  for (const code of [
    `exports.onExecutePostLogin = async (event, api) => api.prompt.render('${form}');
     exports.onContinuePostLogin = async (event, api) => api.prompt.render('${form}');`,
    `exports.onExecutePostLogin = async (event, api) => {
       api.redirect.sendUserTo('https://other.example/');
       api.prompt.render('${form}');
     };`,
    `exports.onExecutePostLogin = async (event, api) => api.prompt.render('${form}', { fields: 'x' });`,
    `exports.onExecutePostLogin = async (event, api) => api.prompt.render({ toString: () => '${form}' });`,
  ]) {
    await scene.actions(code);
    const { browser, page } = await come(email);
    const end = isAsked(page) ? await browser.submit(page, 'ask-later') : page;
    assert.equal(end.url.searchParams.get('error'), 'access_denied', code);
  }
});

test('security row 8: what was not asked is not answered, whoever adds it to the form', async () => {
  const form = await draft([size]);
  const email = await newcomer('adds');
  await scene.actions(asks(form, { fields: { role: 'customer' }, vars: { ok: false } }));
  const { browser, page } = await come(email);
  const forged = {
    ...{ 'field.size': '40', 'field.role': 'admin', 'field.scent': 'oud', role: 'admin', vars: 'x' },
    ...{ 'vars.ok': 'true', kept: 'x', 'field.app_metadata': 'x', 'none.size2': 'yes' },
  };
  const { claims } = await scene.tokens(await browser.submit(page, 'ask', forged));
  assert.deepEqual(claims[claim], { id: form, fields: { role: 'customer', size: 40 }, vars: { ok: false } });
  const { user_metadata, app_metadata } = await scene.customer(email);
  assert.deepEqual([user_metadata, app_metadata], [{ size: 40 }, {}]);
});

test('security row 7: only the browser that is asked may answer, and only from our own page', async () => {
  const form = await draft();
  const email = await newcomer('stolen');
  await scene.actions(asks(form));
  const { browser, page } = await come(email);
  const thief = scene.visitor();
  assert.ok((await thief.open(page.url)).status >= 400);
  assert.ok((await thief.submit(page, 'ask', { 'field.size': '1' })).status >= 400);
  const fields = page.forms.find(({ action }) => action === 'ask')?.fields ?? {};
  for (const [origin, changed] of [
    ['https://evil.example', {}],
    [scene.url, { token: 'x' }],
  ] as const) {
    const sent = await browser.send(new URL('ask', page.url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
      body: new URLSearchParams({ ...fields, 'field.size': '1', ...changed }).toString(),
    });
    assert.ok(sent.status >= 400, origin);
  }
  assert.ok(isAtShop(await browser.submit(page, 'ask', { 'field.size': '40' })));
});

test('security row 15: before the second factor nothing that is known is shown, and nothing that is said is kept', async () => {
  const email = await newcomer('factor');
  await updatePortal(scene.base, portalIds.lumiere, { settings: { mfa: 'always' } }, () => undefined);
  await scene.base.settings.refresh();
  try {
    const own = scene.visitor();
    const scan = await own.submit(await signIn(scene, own, email, password), 'enrol');
    const secret = secretOn(scan);
    const codes = await own.submit(scan, 'enrol-app', { code: codeOf(secret) });
    assert.ok(isAtShop(await own.submit(codes, 'recovery-codes', { kept: 'yes' })));
    const { id } = await scene.customer(email);
    const [identity] = await identitiesOf(scene.base.db, id);
    const guess = { origin: 'test', source: 'inferred', at: new Date(), confidence: 0.5 } as const;
    const fact = { ...guess, path: 'user_metadata.scent', value: 'secret oud' };
    await learn(scene.base.db, identity?.subject ?? '', [fact]);
    const form = await draft([size, { ...scent, confirm_below: 1 }]);
    await scene.actions(asks(form));
    const { browser, page } = await come(email);
    assert.ok(isAsked(page), page.text);
    // It is asked again, since it is not sure, and what it is stands nowhere.
    assert.match(page.html, /name="field\.scent"/);
    assert.doesNotMatch(page.html, /secret oud/);
    const factor = await browser.submit(page, 'ask', { 'field.size': '40' });
    assert.match(factor.url.pathname, /\/factor$/);
    assert.equal(await knownAt(email, 'user_metadata.size'), undefined, 'the password alone says nothing');
    assert.match((await browser.open(page.url)).url.pathname, /\/factor$/, 'back leads on');
    assert.ok(isAtShop(await browser.submit(factor, 'factor', { code: codeOf(secret, 1) })));
    assert.equal((await knownAt(email, 'user_metadata.size'))?.value, 40);
  } finally {
    await updatePortal(scene.base, portalIds.lumiere, { settings: { mfa: null } }, () => undefined);
    await scene.base.settings.refresh();
  }
});
