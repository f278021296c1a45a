import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { atShop, box, openConsentScene, password } from '../../../test/consent-scene.ts';
import { publishNew } from '../../../test/consents.ts';
import type { Browser } from '../../../test/http-browser.ts';
import { signIn, signInWith } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import { consentHistory } from '../../features/consents/consents.ts';
import { setBlocked } from '../../features/customers/customers.ts';
import { endSessions } from '../oidc/oidc.ts';

const { world, base, terms, news, said, fillSignUp } = await openConsentScene();
after(() => world.close());

test('security row 6: the form needs its token, our origin and the flow of this browser', async () => {
  const browser = world.browser();
  const email = 'forged@example.com';
  const typed = await fillSignUp(browser, email, box(terms));
  await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  await publishNew(base, terms, { en: { label: 'I accept the sixth terms.' } });
  const page = await browser.open(world.door());
  const fields = { ...page.forms[0]?.fields, ...box(terms) };
  const post = (from: Browser, origin: string, body: Record<string, string>) =>
    from.send(page.url, { method: 'POST', headers: { origin }, body: new URLSearchParams(body) });
  assert.equal((await post(browser, 'https://evil.example', fields)).status, 403);
  assert.equal((await post(browser, world.url, { ...fields, token: 'x' })).status, 403);
  assert.equal((await post(world.browser(), world.url, fields)).status, 400);
  assert.equal((await said(email)).filter(({ version }) => version === '6').length, 0);
});

test('security row 15: an empty post, doubled and foreign fields skip nothing', async () => {
  const browser = world.browser();
  const page = await signIn(world, browser, 'early@example.com', password);
  assert.match(page.url.pathname, /\/consent$/);
  const { token = '', ...shown } = page.forms[0]?.fields ?? {};
  const tick: [string, string] = [`consent.${terms}`, 'yes'];
  const good: [string, string][] = [...Object.entries(shown), tick];
  const shownTerms = `shown.${terms}`;
  const others = good.filter(([name]) => name !== shownTerms && name !== tick[0]);
  const now = shown[shownTerms] ?? '';
  const bodies: [string, string][][] = [
    [],
    [tick],
    Object.entries(shown),
    [...others, [shownTerms, 'en.1'], tick],
    [...others, [shownTerms, now.replace('en', 'xx')], tick],
    [...good, [shownTerms, now]],
    [...good, tick],
    [...good, ['shown.00000000-0000-4000-8000-000000000000', 'en.1']],
    [...others, [shownTerms, now], [tick[0], 'no']],
    [[shownTerms, now], tick],
  ];
  const post = (body: [string, string][]) =>
    browser.send(page.url, {
      method: 'POST',
      headers: { origin: world.url },
      body: new URLSearchParams([['token', token], ...body]),
    });
  for (const body of bodies) {
    const { status } = await post(body);
    assert.ok([400, 409].includes(status), `${JSON.stringify(body)}: ${status}`);
  }
  assert.equal((await said('early@example.com')).length, 0);
  assert.equal((await post(good)).status, 303, 'as the page sends it');
});

test('security row 18: what stands in a wording is text', async () => {
  const evil = '<img src=x onerror=alert(1)>"\'{{ 7919 | times: 7907 }}';
  const email = 'xss@example.com';
  const browser = world.browser();
  const typed = await fillSignUp(browser, email, box(terms));
  await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  await publishNew(base, terms, { en: { label: evil, details: evil } });
  const page = await browser.open(world.door());
  assert.doesNotMatch(page.html, /<img src=x/);
  assert.doesNotMatch(page.html, /62615533/);
  assert.ok(page.text.includes(evil));
});

test('security row 3: a page parked at the consents says nothing once all was ended', async () => {
  const browser = world.browser();
  const page = await signIn(world, browser, 'early@example.com', password);
  assert.match(page.url.pathname, /\/consent$/);
  const before = await said('early@example.com');
  const { id } = await world.customer('early@example.com');
  await transact(base.db, (tx) => endSessions(tx, id));
  assert.equal((await browser.submit(page, 'consent', box(terms))).status, 400);
  assert.deepEqual(await said('early@example.com'), before);
});

test('who is blocked while the page stands says nothing and gets no tokens', async () => {
  const browser = world.browser();
  const page = await signIn(world, browser, 'early@example.com', password);
  const before = await said('early@example.com');
  const { id } = await world.customer('early@example.com');
  const act = { by: 'api', origin: 'test', at: new Date() } as const;
  await setBlocked(base.db, id, true, act);
  for (const form of ['consent', 'consent-leave']) {
    assert.match((await browser.submit(page, form, box(terms))).text, /This account is blocked/);
  }
  await setBlocked(base.db, id, false, act);
  assert.deepEqual(await said('early@example.com'), before);
});

test('leaving without agreeing, when all was agreed to in another tab, goes on', async () => {
  const browser = world.browser();
  const email = 'two.tabs@example.com';
  const typed = await fillSignUp(browser, email, box(terms));
  await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  await publishNew(base, terms, { en: { label: 'I accept the terms of two tabs.' } });
  const [one, two] = [await browser.open(world.door()), await browser.open(world.door())];
  assert.ok(atShop(await browser.submit(one, 'consent', box(terms))));
  const end = await browser.submit(two, 'consent-leave');
  assert.ok(atShop(end) && end.url.searchParams.has('code'), end.url.href);
});

test('nobody but its customer sees the page', async () => {
  const page = await signIn(world, world.browser(), 'early@example.com', password);
  const other = await world.browser().open(page.url);
  assert.equal(other.status, 400);
  assert.doesNotMatch(other.text, /terms/);
  const fresh = world.browser();
  const door = await fresh.open(world.door());
  const early = await fresh.open(`${world.url}${door.url.pathname.replace(/login$/, 'consent')}`);
  assert.match(early.url.pathname, /\/login$/, 'not before somebody is known');
});

test('security row 19: the sign-up of an address that is known looks the same, and writes nothing to its consents', async () => {
  const email = 'quiet@example.com';
  const own = world.browser();
  const first = await fillSignUp(own, email, box(terms));
  assert.ok(atShop(await own.submit(first, 'verify', { code: (await world.mail(email)).code })));
  await publishNew(base, terms, { en: { label: 'I accept the newest terms.' } });
  const before = await said(email);
  const typed = await fillSignUp(world.browser(), email, { ...box(terms), ...box(news) });
  const other = await fillSignUp(world.browser(), 'unknown.one@example.com', { ...box(terms), ...box(news) });
  assert.equal(typed.text.replace(email, ''), other.text.replace('unknown.one@example.com', ''));
  const browser = world.browser();
  const again = await fillSignUp(browser, email, { ...box(terms), ...box(news) });
  const inside = await browser.submit(again, 'verify', { code: (await world.mail(email)).code });
  assert.match(inside.url.pathname, /\/consent$/, 'they are asked what is due to them');
  assert.deepEqual(await said(email), before);
});

test('what was ticked for a sign-up that was not finished is nobody else’s', async () => {
  const browser = world.browser();
  const typed = await fillSignUp(browser, 'unfinished@example.com', { ...box(terms), ...box(news) });
  const login = await browser.open(`${world.url}${typed.url.pathname.replace(/verify$/, 'login?stay')}`);
  const count = (await said('early@example.com')).length;
  const page = await browser.submit(login, 'login', { username: 'early@example.com', password });
  assert.match(page.url.pathname, /\/consent$/);
  assert.equal((await said('early@example.com')).length, count);
});

test('security row 4: who comes with an address that their network does not vouch for answers for nobody else', async () => {
  const email = 'asked.victim@gmail.com';
  const own = world.browser();
  const typed = await fillSignUp(own, email, box(terms));
  assert.ok(atShop(await own.submit(typed, 'verify', { code: (await world.mail(email)).code })));
  const before = await said(email);
  const { id: victim } = await world.customer(email);
  const id = '500000000000009204';
  world.networks.google.people.add({ id, name: 'Mallory', givenName: 'Mal', familyName: 'Lory', email });
  world.networks.google.misbehave('email_verified_string');
  const attacker = world.browser();
  const conflict = await signInWith(world, attacker, 'google-oauth2', id);
  world.networks.google.misbehave(null);
  assert.match(conflict.url.pathname, /\/conflict$/, conflict.text);
  const page = await attacker.submit(conflict, 'conflict-apart');
  assert.match(page.url.pathname, /\/consent$/, page.text);
  await attacker.submit(page, 'consent', { ...box(terms), ...box(news), customer: victim, email });
  const history = await consentHistory(world.base.db, victim);
  assert.deepEqual(history.length, before.length, 'nothing is written to the victim');
});
