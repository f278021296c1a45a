import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { sql } from 'kysely';
import { createAuthenticator } from '../../../test/authenticator.ts';
import { codeOf, recoveryCodesOn, secretOn } from '../../../test/authenticator-app.ts';
import { addPasskey } from '../../../test/passkey-steps.ts';
import { atNetwork, openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import { factorsOf } from '../../features/accounts/accounts.ts';
import { identitiesOf, lockCustomers } from '../../features/customers/customers.ts';
import { endSessions } from '../oidc/oidc.ts';

const world = await openWorld();
after(() => world.close());
const password = 'correct horse battery';
const factors = `${world.url}/account/factors`;
let people = 0;

/** Somebody who has added an app on the account page. */
async function withApp() {
  people += 1;
  const email = `account-factor${people}@example.com`;
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const scan = await browser.submit(await browser.open(factors), 'factor-app');
  assert.match(scan.html, /<img src="data:image\/svg\+xml;base64,/);
  const secret = secretOn(scan);
  const wrong = await browser.submit(scan, 'factor-app-confirm', { code: '000000' });
  assert.match(wrong.text, /That code is not right/);
  assert.equal(secretOn(wrong), secret, 'the same app goes on');
  const shown = await browser.submit(wrong, 'factor-app-confirm', { code: codeOf(secret) });
  const codes = recoveryCodesOn(shown);
  assert.equal(codes.length, 10, shown.text);
  return { email, browser, secret, codes };
}

test('an app is added, and a new browser is asked for it', async () => {
  const { email, secret } = await withApp();
  assert.equal((await world.mail(email)).kind, 'factor_added');
  const browser = world.browser();
  const asked = await signIn(world, browser, email, password);
  assert.match(asked.url.pathname, /\/factor$/);
  const done = await browser.submit(asked, 'factor', { code: codeOf(secret, 1) });
  assert.equal(done.url.origin, 'http://lumiere.example');
});

test('security row 8: who has a second factor proves it before changing any', async () => {
  const { browser } = await withApp();
  const list = await browser.open(factors);
  // The session was begun with a password alone, and is fresh.
  const asked = await browser.submit(list, 'factor-remove');
  assert.match(asked.url.pathname, /\/login$/, asked.text);
  const stillThere = await browser.open(factors);
  assert.match(stillThere.text, /Authenticator app/);
});

test('security row 8: who has a second factor proves it before a passkey is made, which would stand for both', async () => {
  const { browser } = await withApp();
  // The session was begun with a password alone, and is fresh.
  const asked = await browser.open(`${world.url}/account/passkey`);
  assert.match(asked.url.pathname, /\/login$/, asked.text);
});

test('security row 8: who has a second factor proves it before an address, a number or the password is changed', async () => {
  const { browser } = await withApp();
  const token = (await browser.open(factors)).forms[0]?.fields.token ?? '';
  // The session was begun with a password alone, and is fresh.
  for (const path of ['email', 'phone', 'password']) {
    assert.match((await browser.open(`${world.url}/account/${path}`)).url.pathname, /\/login$/, path);
  }
  for (const act of ['email', 'verify', 'phone', 'phone-code', 'password', 'password-remove']) {
    const body = new URLSearchParams({ token, current: password, password: 'another good password' });
    const init = { method: 'POST', body, headers: { origin: world.url } };
    const sent = await browser.send(`${world.url}/account/${act}`, init);
    assert.equal(sent.status, 303, act);
    assert.match(sent.headers.get('location') ?? '', /^\/authorize\?.*acr_values=/, act);
  }
});

test('security row 8: who has a second factor proves it before a passkey is taken away', async () => {
  const browser = world.browser();
  await signUp(world, browser, 'keeps-a-passkey@example.com', password);
  await addPasskey(world, browser, createAuthenticator(world.url));
  const scan = await browser.submit(await browser.open(factors), 'factor-app');
  await browser.submit(scan, 'factor-app-confirm', { code: codeOf(secretOn(scan)) });
  const passkeys = await browser.open(`${world.url}/account/passkeys`);
  // The session was begun with a password alone, and is fresh.
  const asked = await browser.submit(passkeys, 'passkey-remove');
  assert.match(asked.url.pathname, /\/login$/, asked.text);
  assert.ok((await browser.open(passkeys.url)).forms.some(({ action }) => action.endsWith('passkey-remove')));
});

test('security row 3: a session that is ended while it adds a second factor adds none', async () => {
  people += 1;
  const email = `account-factor${people}@example.com`;
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const scan = await browser.submit(await browser.open(factors), 'factor-app');
  const { id } = await world.customer(email);
  const { db } = world.base;
  const adding = await transact(db, async (tx) => {
    // As a first proof of the address does: the customer first, then the sessions.
    await lockCustomers(tx, [id]);
    const sent = browser.submit(scan, 'factor-app-confirm', { code: codeOf(secretOn(scan)) });
    for (let waits = false; !waits; ) {
      const { rows } = await sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      waits = rows.length > 0;
    }
    await endSessions(tx, id);
    return { sent };
  });
  assert.equal(recoveryCodesOn(await adding.sent).length, 0);
  assert.deepEqual(await factorsOf(db, id), []);
});

test('named, new recovery codes, removed: after a proof with the factor', async () => {
  const { email, browser, secret, codes } = await withApp();
  const asked = await browser.submit(await browser.open(factors), 'factor-remove');
  const second = await browser.submit(asked, 'login', { username: email, password });
  assert.match(second.url.pathname, /\/factor$/, second.text);
  const back = await browser.submit(second, 'factor', { code: codeOf(secret, 1) });
  assert.equal(back.url.pathname, '/account/factors');
  const named = await browser.submit(back, 'factor-name', { name: 'My <b>phone</b>' });
  assert.match(named.html, /My &lt;b&gt;phone&lt;\/b&gt;/);
  const anew = recoveryCodesOn(await browser.submit(named, 'factor-codes'));
  assert.equal(anew.length, 10);
  assert.equal(anew.filter((code) => codes.includes(code)).length, 0);
  const removed = await browser.submit(await browser.open(factors), 'factor-remove');
  assert.match(removed.text, /no longer asked for/);
  assert.equal((await world.mail(email)).kind, 'factor_removed');
  const other = await signIn(world, world.browser(), email, password);
  assert.equal(other.url.origin, 'http://lumiere.example');
});

test('codes by mail are added by a code, and ask for one; an old proof is not enough to add', async () => {
  people += 1;
  const email = `account-factor${people}@example.com`;
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const typing = await browser.submit(await browser.open(factors), 'factor-mail');
  const shown = await browser.submit(typing, 'factor-code-confirm', { code: (await world.mail(email)).code });
  assert.equal(recoveryCodesOn(shown).length, 10, shown.text);
  const other = world.browser();
  const choose = await signIn(world, other, email, password);
  assert.match(choose.text, /Choose how/);
  const sent = await other.submit(choose, 'factor-send');
  const again = await other.submit(sent, 'factor-code', { code: '000000' });
  assert.match(again.text, /not right/);
  const done = await other.submit(again, 'factor-code', { code: (await world.mail(email)).code });
  assert.deepEqual((await world.tokens(done)).claims.amr, ['pwd', 'otp', 'mfa']);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 });
  const late = await other.submit(await other.open(factors), 'factor-app');
  assert.match(late.url.pathname, /\/login$/);
  mock.timers.reset();
});

/** An account that Google opens, with an app as its second factor. */
async function guarded(id: string, email: string): Promise<{ secret: string; codes: string[]; customer: string }> {
  world.networks.google.people.add({ id, name: 'Vic Tim', givenName: 'Vic', familyName: 'Tim', email });
  const browser = world.browser();
  await signInWith(world, browser, 'google-oauth2', id);
  const scan = await browser.submit(await browser.open(factors), 'factor-app');
  const secret = secretOn(scan);
  const codes = recoveryCodesOn(await browser.submit(scan, 'factor-app-confirm', { code: codeOf(secret) }));
  return { secret, codes, customer: (await world.customer(email)).id };
}

/** Somebody with an account of their own adds that network: they are asked whether the two shall be one. */
async function askToJoin(email: string, id: string) {
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const away = await browser.submit(await browser.open(`${world.url}/account/ways`), 'link', {}, 'google-oauth2');
  const page = await atNetwork(browser, away, id);
  assert.equal(page.url.pathname, '/account/join');
  return { browser, page };
}

test('security row 15: a right mailed code is half of a sign-in, and forgives no wrong second factor', async () => {
  const { email } = await withApp();
  let wrong = 0;
  for (let times = 0; times < 3; times += 1) {
    const browser = world.browser();
    const ask = await browser.follow(await browser.open(world.door()), 'E-mail me a code instead');
    const typing = await browser.submit(ask, 'code', { username: email });
    let page = await browser.submit(typing, 'verify', { code: (await world.mail(email)).code });
    for (let tries = 0; tries < 4 && page.status !== 429; tries += 1) {
      assert.match(page.url.pathname, /\/factor$/, page.text);
      page = await browser.submit(page, 'factor', { code: '000000' });
      wrong += 1;
    }
    if (page.status === 429) break;
  }
  // Ten are tried; the eleventh is not looked at.
  assert.equal(wrong, 11);
});

test('security row 5: an account with a second factor is not joined by its network alone', async () => {
  const id = '500000000000009001';
  const { customer, secret } = await guarded(id, 'vic@gmail.com');
  const { browser: thief, page } = await askToJoin('thief@example.com', id);
  assert.match(page.text, /Prove with its second step/);
  const wrong = await thief.submit(page, 'join', { code: '000000' });
  assert.match(wrong.text, /not right/);
  for (const form of [{ way: '' }, { way: 'code', code: codeOf(secret, 1) }, { way: 'recovery', code: '' }]) {
    const refused = await thief.submit(page, 'join', form);
    assert.ok(refused.status >= 400, JSON.stringify(form));
  }
  // A code of their own second factor is none of the other account's.
  const own = await thief.submit(await thief.open(factors), 'factor-mail');
  await thief.submit(own, 'factor-code-confirm', { code: (await world.mail('thief@example.com')).code });
  const sends = { ...page, forms: page.forms.map((form) => ({ ...form, action: '/account/join-send' })) };
  const refused = await thief.submit(sends, 'join-send', { to: `email ${await factorOf('thief@example.com')}` });
  assert.equal(refused.status, 404, refused.text);
  assert.equal((await world.customer('vic@gmail.com')).id, customer);
});

test('an account with a second factor is joined when that is proven, too; the factor guards both from then on', async () => {
  const id = '500000000000009002';
  const { secret } = await guarded(id, 'twofold@gmail.com');
  const { browser, page } = await askToJoin('onefold@example.com', id);
  const wrong = await browser.submit(page, 'join', { code: '000000' });
  const joined = await browser.submit(wrong, 'join', { code: codeOf(secret, 1) });
  assert.equal(joined.url.pathname, '/account/ways', joined.text);
  assert.match(joined.text, /one/);
  const one = await world.customer('onefold@example.com');
  assert.deepEqual(
    (await factorsOf(world.base.db, one.id)).map(({ kind }) => kind),
    ['totp', 'recovery_codes'],
  );
  const next = await signIn(world, world.browser(), 'onefold@example.com', password);
  assert.match(next.url.pathname, /\/factor$/);
  assert.equal((await browser.submit(page, 'join', { code: codeOf(secret, 1) })).status, 400, 'and only once');
});

test('joining by a code that is sent to the other account, or by one of its recovery codes', async () => {
  const id = '500000000000009003';
  const { codes } = await guarded(id, 'spare@gmail.com');
  const { browser, page } = await askToJoin('keeps@example.com', id);
  const link = /href="([^"]*way=recovery)"/.exec(page.html)?.[1]?.replace('&amp;', '&');
  const typing = await browser.open(world.url + link);
  const joined = await browser.submit(typing, 'join', { code: codes[0] ?? '' });
  assert.equal(joined.url.pathname, '/account/ways', joined.text);

  const other = '500000000000009004';
  const email = 'mailed@gmail.com';
  world.networks.google.people.add({ id: other, name: 'May Ling', givenName: 'May', familyName: 'Ling', email });
  const theirs = world.browser();
  await signInWith(world, theirs, 'google-oauth2', other);
  const confirm = await theirs.submit(await theirs.open(factors), 'factor-mail');
  await theirs.submit(confirm, 'factor-code-confirm', { code: (await world.mail(email)).code });
  const { browser: mine, page: asked } = await askToJoin('mine@example.com', other);
  const sent = await mine.submit(asked, 'join-send');
  assert.match(sent.text, /ma•••@gmail\.com/, sent.text);
  const done = await mine.submit(sent, 'join', { code: (await world.mail(email)).code });
  assert.equal(done.url.pathname, '/account/ways', done.text);
});

async function factorOf(email: string): Promise<string | undefined> {
  const [factor] = await factorsOf(world.base.db, (await world.customer(email)).id);
  return factor?.id;
}

test('security row 15: taking off the identity that a second factor was added with leaves the account protected', async () => {
  const email = 'added-with-google@example.com';
  const id = '510000000000000042';
  world.networks.google.people.add({
    id,
    name: 'Added With',
    givenName: 'Added',
    familyName: 'With',
    email: 'added-with@gmail.com',
  });
  const ways = `${world.url}/account/ways`;
  const first = world.browser();
  await signUp(world, first, email, password);
  await atNetwork(first, await first.submit(await first.open(ways), 'link', {}, 'google-oauth2'), id);

  const browser = world.browser();
  await signInWith(world, browser, 'google-oauth2', id);
  const scan = await browser.submit(await browser.open(factors), 'factor-app');
  const secret = secretOn(scan);
  await browser.submit(scan, 'factor-app-confirm', { code: codeOf(secret) });
  const { id: customer } = await world.customer(email);
  const google = (await identitiesOf(world.base.db, customer)).find(({ provider }) => provider === 'google-oauth2');
  const page = await browser.open(ways);
  const forms = page.forms.filter(({ buttons }) => buttons.some(({ value }) => value === google?.subject));
  const gone = await browser.submit({ ...page, forms }, 'unlink');
  assert.match(gone.text, /Google no longer opens your account/);

  const asked = await signIn(world, world.browser(), email, password);
  assert.match(asked.url.pathname, /\/factor$/, asked.text);
});

test('security row 3: a second factor at an address that was changed is at the new one; the old mailbox passes nothing', async () => {
  const old = 'factor-at-old@example.com';
  const moved = 'factor-at-new@example.com';
  const browser = world.browser();
  await signUp(world, browser, old, password);
  const typing = await browser.submit(await browser.open(factors), 'factor-mail');
  await browser.submit(typing, 'factor-code-confirm', { code: (await world.mail(old)).code });
  const email = `${world.url}/account/email`;
  // Who has a second factor proves it before the address, and with it the factor, goes anywhere.
  const asked = await browser.open(email);
  const second = await browser.submit(asked, 'login', { username: old, password });
  const typed = await browser.submit(second, 'factor-send');
  const form = await browser.submit(typed, 'factor-code', { code: (await world.mail(old)).code });
  assert.equal(form.url.href, email, form.text);
  const verify = await browser.submit(form, 'email', { username: moved });
  await browser.submit(verify, 'verify', { code: (await world.mail(moved)).code });
  const mailsToOld = (await world.mails(old)).length;

  const other = world.browser();
  const choose = await signIn(world, other, moved, password);
  assert.match(choose.text, /fa•••@example\.com/, choose.text);
  const sent = await other.submit(choose, 'factor-send');
  const done = await other.submit(sent, 'factor-code', { code: (await world.mail(moved)).code });
  assert.deepEqual((await world.tokens(done)).claims.amr, ['pwd', 'otp', 'mfa']);
  assert.equal((await world.mails(old)).length, mailsToOld, 'the old mailbox is asked nothing');
  const { id } = await world.customer(moved);
  assert.deepEqual(
    (await factorsOf(world.base.db, id)).map((one) => ('address' in one ? one.address : one.kind)),
    [moved, 'recovery_codes'],
  );
});
