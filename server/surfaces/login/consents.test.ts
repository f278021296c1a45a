import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { atShop, box, openConsentScene, password } from '../../../test/consent-scene.ts';
import { publishNew } from '../../../test/consents.ts';
import { signIn, signInWith } from '../../../test/sign-in-world.ts';
import { changeEntry, withdrawWording } from '../../features/consents/consents.ts';
import { timelineOf, update } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';

const { world, base, brand, terms, news, said, fillSignUp } = await openConsentScene();
after(() => world.close());

test('the sign-up page asks, ticks nothing, and does not go on without what is required', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
  assert.match(page.text, /I accept the terms of Lumière\. \(needed to go on\)/);
  assert.match(page.text, /Mail me skincare news\. About once a month\./);
  assert.doesNotMatch(page.html, /\schecked/);
  assert.match(page.html, /href="http:\/\/lumiere\.example\/terms"/);
  const refused = await browser.submit(page, 'signup', { username: 'new@example.com', password, ...box(news) });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /Lumière needs this to go on/);
  assert.equal((await world.mails('new@example.com')).length, 0);
  assert.match(refused.html, new RegExp(`name="consent.${news}" value="yes" checked`), 'what was ticked stays ticked');

  const typed = await browser.submit(refused, 'signup', { username: 'new@example.com', password, ...box(terms) });
  const done = await browser.submit(typed, 'verify', { code: (await world.mail('new@example.com')).code });
  assert.ok(atShop(done), done.text);
  const rows = await said('new@example.com');
  const common = { given: true, version: '1', language: 'en', source: 'sign_up', portal: 'lumiere-shop', brand };
  assert.partialDeepStrictEqual(rows, [
    {
      ...common,
      purpose: 'terms',
      topic: null,
      wording: 'I accept the terms of Lumière.\n\nhttp://lumiere.example/terms',
      ip: '127.0.0.1',
    },
    { ...common, purpose: 'email', topic: 'skincare news', wording: 'Mail me skincare news.\n\nAbout once a month.' },
  ]);
});

test('a box that was shown and not ticked is a no, and is not asked again', async () => {
  const browser = world.browser();
  const typed = await fillSignUp(browser, 'quiet@example.com', box(terms));
  assert.ok(atShop(await browser.submit(typed, 'verify', { code: (await world.mail('quiet@example.com')).code })));
  assert.deepEqual(
    (await said('quiet@example.com')).map(({ purpose, given }) => [purpose, given]),
    [
      ['terms', true],
      ['email', false],
    ],
  );
  const { text } = await browser.open(`${world.url}/account/activity`);
  assert.match(
    text,
    /You did not allow: Messages by e-mail \(Mail me skincare news\.\)/,
    'with its topic, as it was asked',
  );
  assert.doesNotMatch(text, /You took back/, 'what was never given');
  assert.ok(atShop(await signIn(world, world.browser(), 'quiet@example.com', password)));
});

test('who was there before is asked after the next sign-in, and the sign-in is counted once', async () => {
  const browser = world.browser();
  const page = await signIn(world, browser, 'early@example.com', password);
  assert.match(page.url.pathname, /\/consent$/);
  assert.match(page.text, /Before you go on/);
  assert.doesNotMatch(page.html, /\schecked/);
  // No other page of the flow leads around it, and neither does a reload.
  for (const step of ['login?stay', 'signup', 'code', 'verify', 'consent']) {
    const other = await browser.open(`${world.url}${page.url.pathname.replace(/consent$/, step)}`);
    assert.match(other.url.pathname, /\/consent$/, step);
  }
  const silent = await browser.open(world.door('lumiere', { prompt: 'none' }));
  assert.equal(silent.url.searchParams.get('error'), 'login_required', 'nobody is signed in before');
  const refused = await browser.submit(page, 'consent', {}, 'Continue');
  assert.equal(refused.status, 400);
  assert.match(refused.text, /Lumière needs this to go on/);
  assert.equal((await said('early@example.com')).length, 0);
  const done = await browser.submit(refused, 'consent', box(terms));
  assert.ok(atShop(done), done.text);
  assert.equal((await world.tokens(done)).status, 200);
  const { id, logins_count } = await world.customer('early@example.com');
  assert.equal(logins_count, 2);
  assert.deepEqual(
    (await said('early@example.com')).map(({ purpose, given, source }) => [purpose, given, source]),
    [
      ['terms', true, 'sign_in'],
      ['email', false, 'sign_in'],
    ],
  );
  const { entries } = await timelineOf(base.db, id, { perPage: 3 });
  assert.deepEqual(entries.map(({ name }) => name).sort(), ['consent_given', 'consent_refused', 'signed_in']);
});

test('who comes by a network for the first time is asked then', async () => {
  const browser = world.browser();
  world.networks.github.people.add({
    id: '4242',
    name: 'New Comer',
    givenName: 'New',
    familyName: 'Comer',
    email: 'git@example.com',
  });
  const page = await signInWith(world, browser, 'github', '4242');
  assert.match(page.url.pathname, /\/consent$/, page.text);
  assert.ok(atShop(await browser.submit(page, 'consent', { ...box(terms), ...box(news) })));
});

test('what is required at sign-up alone is not passed by closing the page and coming again', async () => {
  await changeEntry(base, terms, { in_journey: false });
  await base.settings.refresh();
  world.networks.github.people.add({
    id: '4243',
    name: 'Comes Again',
    givenName: 'Comes',
    familyName: 'Again',
    email: 'again@example.com',
  });
  try {
    for (let times = 1; times <= 3; times += 1) {
      const page = await signInWith(world, world.browser(), 'github', '4243');
      assert.match(page.url.pathname, /\/consent$/, `${times}: ${page.text}`);
      assert.match(page.text, /terms.*\(needed to go on\)/, `${times}`);
    }
  } finally {
    await changeEntry(base, terms, { in_journey: true });
    await base.settings.refresh();
  }
});

test('a no to what is required leads back to the portal; the account page stays open', async () => {
  const browser = world.browser();
  const email = 'refuses@example.com';
  const typed = await fillSignUp(browser, email, box(terms));
  await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  await publishNew(base, terms, { en: { label: 'I accept the second terms.' } });

  // With the session that is there.
  const asked = await browser.open(world.door());
  assert.match(asked.url.pathname, /\/consent$/, asked.text);
  const left = await browser.submit(asked, 'consent-leave');
  assert.ok(atShop(left));
  assert.equal(left.url.searchParams.get('error'), 'access_denied');
  assert.equal(left.url.searchParams.get('state'), 'shop-state');
  const { id } = await world.customer(email);
  const { entries } = await timelineOf(base.db, id, { perPage: 1 });
  assert.equal(entries[0]?.name, 'consent_refused');
  assert.equal((await said(email)).length, 2, 'nothing was said to the new version');

  // Without a session: none begins, but the account opens.
  const stranger = world.browser();
  const again = await signIn(world, stranger, email, password);
  assert.equal((await stranger.submit(again, 'consent-leave')).url.searchParams.get('error'), 'access_denied');
  const door = await stranger.open(`${world.url}/account`);
  const account = await stranger.submit(door, 'login', { username: email, password });
  assert.equal(account.url.pathname, '/account');

  // And whoever changes their mind comes in.
  const back = await browser.open(world.door());
  assert.ok(atShop(await browser.submit(back, 'consent', box(terms))));
  assert.equal((await said(email)).at(-1)?.version, '2');
  assert.equal((await world.customer(email)).logins_count, 5, 'each time they came is counted once');
});

test('prompt=none waits for the next page, unless the portal requires the consent', async () => {
  const browser = world.browser();
  const email = 'silent@example.com';
  const typed = await fillSignUp(browser, email, box(terms));
  await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  await publishNew(base, terms, { en: { label: 'I accept the third terms.' } });
  const silently = () => browser.open(world.door('lumiere', { prompt: 'none' }));
  assert.ok((await silently()).url.searchParams.has('code'));
  const require = async (require_consent: boolean) => {
    await updatePortal(base, 'lumiere-shop', { settings: { require_consent } }, () => undefined);
    await base.settings.refresh();
  };
  await require(true);
  await world.allow('password');
  const form = { grant_type: 'password', username: email, password, scope: 'openid' };
  try {
    const { id, logins_count } = await world.customer(email);
    const rows = async () => (await timelineOf(base.db, id, { perPage: 100 })).entries.length;
    const before = await rows();
    assert.equal((await silently()).url.searchParams.get('error'), 'interaction_required');
    assert.equal((await world.token(form)).status, 403);
    assert.equal((await world.customer(email)).logins_count, logins_count, 'what was refused does not count');
    assert.equal(await rows(), before);
    const asked = await browser.open(world.door());
    assert.ok(atShop(await browser.submit(asked, 'consent', box(terms))));
    assert.ok((await silently()).url.searchParams.has('code'));
    assert.equal((await world.token(form)).status, 200);
  } finally {
    await require(false);
  }
});

test('a version that is withdrawn, or a new one, while the page is shown: read again, nothing half-written', async () => {
  const browser = world.browser();
  const email = 'changing@example.com';
  const typed = await fillSignUp(browser, email, box(terms));
  // It changed between the form and the code: what was answered to the old words is asked anew.
  const fourth = await publishNew(base, terms, { en: { label: 'I accept the fourth terms.' } });
  const page = await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  assert.match(page.url.pathname, /\/consent$/, page.text);
  assert.match(page.text, /the fourth terms/);
  assert.doesNotMatch(page.text, /skincare/, 'what did not change was answered');
  assert.equal((await said(email)).length, 1);

  await withdrawWording(base, terms, fourth);
  const again = await browser.submit(page, 'consent', box(terms));
  assert.equal(again.status, 409);
  assert.match(again.text, /The text has changed while you were reading/);
  assert.match(again.text, /the third terms/);
  assert.doesNotMatch(again.html, /\schecked/, 'the new words were not agreed to');
  assert.equal((await said(email)).length, 1);
  assert.ok(atShop(await browser.submit(again, 'consent', box(terms))));
  assert.deepEqual((await said(email)).map(({ version }) => version).sort(), ['1', '3']);
});

test('the form sent twice at once, and in two tabs, is written once', async () => {
  const browser = world.browser();
  const email = 'twice@example.com';
  const typed = await fillSignUp(browser, email, box(terms));
  await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  await publishNew(base, terms, { en: { label: 'I accept the fifth terms.' } });
  const [one, two] = [await browser.open(world.door()), await browser.open(world.door())];
  const form = one.forms.find(({ action }) => action === 'consent')?.fields ?? {};
  const sent = await Promise.all(
    Array.from({ length: 8 }, () =>
      browser.send(one.url, {
        method: 'POST',
        headers: { origin: world.url },
        body: new URLSearchParams({ ...form, ...box(terms) }),
      }),
    ),
  );
  assert.ok(sent.every(({ status }) => status === 303));
  assert.ok(atShop(await browser.submit(two, 'consent', box(terms))));
  assert.equal((await said(email)).filter(({ version }) => version === '5').length, 1);
});

test('signing up without a password keeps what was ticked until the way in was chosen', async () => {
  const browser = world.browser();
  const email = 'no.password@example.com';
  const page = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
  const typed = await browser.submit(page, 'signup', { username: email, ...box(terms), ...box(news) }, 'passkey');
  const choose = await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  assert.match(choose.url.pathname, /\/first-way$/, choose.text);
  assert.ok(atShop(await browser.submit(choose, 'first-none')));
  assert.deepEqual(
    (await said(email)).map(({ purpose, given, source }) => [purpose, given, source]),
    [
      ['terms', true, 'sign_up'],
      ['email', true, 'sign_up'],
    ],
  );
});

test('who is too young is let in nowhere but to their account, where that is set', async () => {
  const email = 'child@example.com';
  const browser = world.browser();
  const typed = await fillSignUp(browser, email, box(terms));
  assert.ok(atShop(await browser.submit(typed, 'verify', { code: (await world.mail(email)).code })));
  await changeEntry(base, terms, { minimum_age: 16, under_age: 'refuse' });
  await base.settings.refresh();
  const { id } = await world.customer(email);
  const birthdate = `${new Date().getUTCFullYear() - 9}-01-01`;
  await update(base.db, id, { root: { birthdate } }, { source: 'customer', origin: 'test', at: new Date() });
  try {
    const page = await browser.open(world.door());
    assert.match(page.text, /You cannot sign in here yet/);
    const forced = await browser.send(page.url, {
      method: 'POST',
      headers: { origin: world.url },
      body: new URLSearchParams({ token: page.forms[0]?.fields.token ?? '' }),
    });
    assert.equal(forced.status, 200);
    assert.match(await forced.text(), /You cannot sign in here yet/);
    assert.equal((await browser.submit(page, 'consent-leave')).url.searchParams.get('error'), 'access_denied');
    const silent = await browser.open(world.door('lumiere', { prompt: 'none' }));
    assert.equal(silent.url.searchParams.get('error'), 'interaction_required');
    assert.equal((await browser.open(`${world.url}/account`)).url.pathname, '/account');
  } finally {
    await changeEntry(base, terms, { minimum_age: null, under_age: 'skip' });
    await base.settings.refresh();
  }
});

test('security row 8: no shop passes for the account pages by what it writes into its own metadata', async () => {
  const email = 'shop-like-account@example.com';
  const browser = world.browser();
  const typed = await fillSignUp(browser, email, box(terms));
  await browser.submit(typed, 'verify', { code: (await world.mail(email)).code });
  await publishNew(base, terms, { en: { label: 'I accept the terms of the account pages.' } });
  const claim = async (account_pages: string | null) => {
    await updatePortal(base, 'lumiere-shop', { settings: { client_metadata: { account_pages } } }, () => undefined);
    await base.settings.refresh();
  };
  await claim('lumiere');
  try {
    const page = await signIn(world, world.browser(), email, password);
    assert.match(page.url.pathname, /\/consent$/, page.text);
  } finally {
    await claim(null);
  }
});
