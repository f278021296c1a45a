import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { sql } from 'kysely';
import { codeOf, recoveryCodesOn, secretOn } from '../../../test/authenticator-app.ts';
import { atNetwork, openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import { factorsOf } from '../../features/accounts/accounts.ts';
import { lockCustomers } from '../../features/customers/customers.ts';
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

test('security row 5: an account with a second factor is not joined by its network alone', async () => {
  const id = '500000000000009001';
  world.networks.google.people.add({
    id,
    name: 'Vic Tim',
    givenName: 'Vic',
    familyName: 'Tim',
    email: 'vic@gmail.com',
  });
  const victim = world.browser();
  await signInWith(world, victim, 'google-oauth2', id);
  const scan = await victim.submit(await victim.open(factors), 'factor-app');
  await victim.submit(scan, 'factor-app-confirm', { code: codeOf(secretOn(scan)) });
  const { id: customer } = await world.customer('vic@gmail.com');

  const thief = world.browser();
  await signUp(world, thief, 'thief@example.com', password);
  const away = await thief.submit(await thief.open(`${world.url}/account/ways`), 'link', {}, 'google-oauth2');
  const join = await atNetwork(thief, away, id);
  assert.equal(join.url.pathname, '/account/join');
  const refused = await thief.submit(join, 'join');
  assert.match(refused.text, /protected by a second step/);
  assert.equal((await world.customer('vic@gmail.com')).id, customer);
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
