import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { sql } from 'kysely';
import { type Browser, createBrowser, type Page } from '../../../test/http-browser.ts';
import { atNetwork, openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import { brandBySlug, updateBrand } from '../../features/brands/brands.ts';
import {
  findByUserId,
  identitiesOf,
  lockCustomers,
  setBlocked,
  timelineOf,
} from '../../features/customers/customers.ts';
import { endSessions } from '../oidc/oidc.ts';

const world = await openWorld();
after(() => world.close());
const { google } = world.networks;
const password = 'correct horse battery';
const account = `${world.url}/account`;
const ways = `${account}/ways`;
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';

let number = 0;
function person(email: string): string {
  number += 1;
  const id = `50000000000000${String(number).padStart(4, '0')}`;
  google.people.add({ id, name: 'Somebody', givenName: 'Some', familyName: 'Body', email });
  return id;
}
async function open(email: string): Promise<Browser> {
  const browser = world.browser();
  assert.ok(atShop(await signUp(world, browser, email, password)));
  return browser;
}
const later = async <T>(minutes: number, act: () => Promise<T>): Promise<T> => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + minutes * 60_000 });
  try {
    return await act();
  } finally {
    mock.timers.reset();
  }
};

test('who is not signed in signs in first and comes back', async () => {
  await open('stranger@example.com');
  const browser = world.browser();
  const door = await browser.open(account);
  assert.match(door.url.pathname, /^\/u\/.*\/login$/);
  const page = await browser.submit(door, 'login', { username: 'stranger@example.com', password });
  assert.equal(page.url.href, account);
  assert.match(page.text, /Your account/);
  assert.match(page.text, /stranger@example\.com confirmed/);
  const there = await browser.follow(page, 'Ways in');
  assert.equal(there.url.href, ways);
  assert.match(there.html, /<a href="\/account\/ways" aria-current="page">/);
  const deep = world.browser();
  const back = await deep.submit(await deep.open(ways), 'login', { username: 'stranger@example.com', password });
  assert.equal(back.url.href, ways, 'the page that was asked for');
});

test('there is a way back to the shop, where the brand has told its address', async () => {
  const browser = await open('goes-back@example.com');
  const brand = await brandBySlug(world.base.db, 'lumiere');
  const backAt = async (website: string | null) => {
    await updateBrand(world.base, brand?.id ?? '', { website });
    await world.base.settings.refresh();
    return (await browser.open(ways)).links.find(({ text }) => text === 'Back to Lumière')?.href;
  };
  assert.equal(await backAt(null), undefined);
  assert.equal(await backAt('http://lumiere.example/shop'), 'http://lumiere.example/shop');
});

test('it wears the brand and speaks the language of the last sign-in', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door('northtrail', { ui_locales: 'de', screen_hint: 'signup' }));
  const typed = await browser.submit(page, 'signup', { username: 'german@example.com', password });
  await browser.submit(typed, 'verify', { code: (await world.mail('german@example.com')).code });
  const shown = await browser.open(account);
  assert.match(shown.text, /Ihr Konto/);
  assert.match(shown.html, /\/brands\/northtrail\.css/);
});

test('a network is linked by one who is signed in, and unlinked again; the addresses are told each time', async () => {
  const email = 'linker@example.com';
  const browser = await open(email);
  const { id: customerId, user_id } = await world.customer(email);
  const id = person('other-address@gmail.com');
  const page = await browser.open(ways);
  const back = await atNetwork(browser, await browser.submit(page, 'link', {}, 'google-oauth2'), id);
  assert.equal(back.url.pathname, '/account/ways', back.text);
  assert.match(back.text, /From now on Google opens your account, too\./);
  assert.equal((await identitiesOf(world.base.db, customerId)).length, 2);
  const linked = await world.mail(email);
  assert.equal(linked.kind, 'linked');
  assert.match(linked.text, /Google \(other-address@gmail\.com\)/);
  const byGoogle = await signInWith(world, world.browser(), 'google-oauth2', id);
  assert.equal((await world.tokens(byGoogle)).claims.sub, user_id);
  const { entries } = await timelineOf(world.base.db, customerId, { perPage: 20 });
  assert.ok(entries.some(({ name }) => name === 'linked'));

  // The first row is the primary identity: it can go, and the customer stays who they are.
  const gone = await browser.submit(back, 'unlink', {}, 'Remove');
  assert.match(gone.text, /E-mail and password no longer opens your account/);
  assert.equal((await identitiesOf(world.base.db, customerId)).length, 1);
  assert.ok((await world.mails(email)).some(({ kind }) => kind === 'unlinked'));
  assert.equal((await findByUserId(world.base.db, user_id))?.id, customerId);
  assert.doesNotMatch(gone.html, /action="\/account\/unlink"/, 'the last one cannot go');
});

test('security row 3: a session that is ended while the network answers links nothing', async () => {
  const email = 'ended-linker@example.com';
  const browser = await open(email);
  const { id: customer } = await world.customer(email);
  const id = person('ended-linker@gmail.com');
  const page = await browser.submit(await browser.open(ways), 'link', {}, 'google-oauth2');
  const { db } = world.base;
  const linking = await transact(db, async (tx) => {
    // As a first proof of the address does: the customer first, then the sessions.
    await lockCustomers(tx, [customer]);
    const sent = atNetwork(browser, page, id);
    for (let waits = false; !waits; ) {
      const { rows } = await sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      waits = rows.length > 0;
    }
    await endSessions(tx, customer);
    return { sent };
  });
  assert.doesNotMatch((await linking.sent).text, /opens your account, too/);
  assert.equal((await identitiesOf(db, customer)).length, 1);
});

test('the last way in cannot be unlinked, whatever is sent', async () => {
  const browser = await open('last@example.com');
  const { id } = await world.customer('last@example.com');
  const [identity] = await identitiesOf(world.base.db, id);
  const page = await browser.open(ways);
  const token = page.forms.at(-1)?.fields.token ?? '';
  const body = new URLSearchParams({ token, identity: identity?.subject ?? '' });
  const answer = await browser.send(`${account}/unlink`, { method: 'POST', body, headers: { origin: world.url } });
  assert.equal(answer.status, 400);
  assert.match(await answer.text(), /This is the only way into your account\. Add another one first\./);
});

test('a network that opens another account: both become one after a yes', async () => {
  const browser = await open('winner@example.com');
  const winner = await world.customer('winner@example.com');
  const id = person('loser-of-merge@gmail.com');
  const other = world.browser();
  const { sub: loser } = (await world.tokens(await signInWith(world, other, 'google-oauth2', id))).claims;
  assert.notEqual(loser, winner.user_id);
  const page = await browser.open(ways);
  const ask = await atNetwork(browser, await browser.submit(page, 'link', {}, 'google-oauth2'), id);
  assert.equal(ask.url.pathname, '/account/join');
  assert.notEqual((await findByUserId(world.base.db, String(loser)))?.id, winner.id, 'not before the yes');
  const done = await browser.submit(ask, 'join');
  assert.match(done.text, /Both accounts are one now/);
  assert.equal((await findByUserId(world.base.db, String(loser)))?.id, winner.id);
  assert.match((await other.open(world.door())).url.pathname, /\/login$/, 'the other one’s session has ended');
  const google = await signInWith(world, world.browser(), 'google-oauth2', id);
  assert.equal((await world.tokens(google)).claims.sub, winner.user_id);
  for (const address of ['winner@example.com', 'loser-of-merge@gmail.com']) {
    assert.ok(
      (await world.mails(address)).some(({ kind }) => kind === 'merged'),
      address,
    );
  }
  const twice = await browser.submit(ask, 'join');
  assert.equal(twice.status, 400, 'once');
});

test('a network that opens a blocked account is not added, and nothing is joined', async () => {
  const browser = await open('adds-blocked@example.com');
  const { id: owner } = await world.customer('adds-blocked@example.com');
  const id = person('is-blocked@gmail.com');
  await signInWith(world, world.browser(), 'google-oauth2', id);
  const { id: blocked } = await world.customer('is-blocked@gmail.com');
  await setBlocked(world.base.db, blocked, true, { by: 'api', origin: 'test', at: new Date() });
  const page = await atNetwork(
    browser,
    await browser.submit(await browser.open(ways), 'link', {}, 'google-oauth2'),
    id,
  );
  assert.notEqual(page.url.pathname, '/account/join');
  assert.match(page.text, /This account is blocked/);
  assert.equal((await identitiesOf(world.base.db, owner)).length, 1);
});

test('case 6: an answer for another session, or not asked for, links nothing', async () => {
  const attacker = await open('attacker@example.com');
  const victim = await open('victim@example.com');
  const id = person('attackers-google@gmail.com');
  const stopping = createBrowser({ stopAt: [`${world.url}/login/callback`], jar: attacker.jar });
  const page = await stopping.open(ways);
  const { url } = await atNetwork(stopping, await stopping.submit(page, 'link', {}, 'google-oauth2'), id);
  const forced = await victim.open(url);
  assert.ok(forced.status >= 400, forced.text);
  const { id: victimId } = await world.customer('victim@example.com');
  assert.equal((await identitiesOf(world.base.db, victimId)).length, 1);
  const unasked = await victim.open(
    `${world.url}/login/callback?code=x&state=link.00000000-0000-4000-8000-000000000000`,
  );
  assert.ok(unasked.status >= 400);
});

test('security row 5: an answer that one session asked for links nothing in another one of the same customer', async () => {
  const email = 'two-sessions@example.com';
  const asking = await open(email);
  const other = world.browser();
  await signIn(world, other, email, password);
  const id = person('two-sessions@gmail.com');
  const stopping = createBrowser({ stopAt: [`${world.url}/login/callback`], jar: asking.jar });
  const page = await stopping.submit(await stopping.open(ways), 'link', {}, 'google-oauth2');
  const { url } = await atNetwork(stopping, page, id);
  const refused = await other.open(url);
  assert.ok(refused.status >= 400, refused.text);
  assert.equal((await identitiesOf(world.base.db, (await world.customer(email)).id)).length, 1);
});

test('forms of the account need our origin, this session’s token, and a proof under ten minutes old', async () => {
  const browser = await open('strict@example.com');
  const page = await browser.open(ways);
  const token = page.forms.at(-1)?.fields.token ?? '';
  const post = (body: Record<string, string>, origin = world.url) =>
    browser.send(`${account}/link`, { method: 'POST', body: new URLSearchParams(body), headers: { origin } });
  const connection = 'google-oauth2';
  assert.equal((await post({ connection })).status, 403);
  assert.equal((await post({ connection, token }, 'https://evil.example')).status, 403);
  const others = await (await open('strict-too@example.com')).open(ways);
  assert.equal((await post({ connection, token: others.forms.at(-1)?.fields.token ?? '' })).status, 403);

  await later(11, async () => {
    assert.equal((await browser.open(account)).url.pathname, '/account', 'looking is fine');
    const stale = await post({ connection, token });
    assert.equal(stale.status, 303);
    assert.match(stale.headers.get('location') ?? '', /\/authorize\?.*prompt=login/);
    for (const path of ['/password', '/email']) {
      const asked = await browser.open(account + path);
      assert.match(asked.url.pathname, /^\/u\/.*\/login$/);
      const back = await browser.submit(asked, 'login', { username: 'strict@example.com', password });
      assert.equal(back.url.href, account + path);
      await new Promise((resolve) => setTimeout(resolve, 5));
      mock.timers.setTime(Date.now() + 11 * 60_000);
    }
  });
});

test('a changed password: the present one is needed, other browsers are signed out, the address is told', async () => {
  const email = 'changes@example.com';
  const browser = await open(email);
  const elsewhere = world.browser();
  await signIn(world, elsewhere, email, password);
  const form = await browser.open(`${account}/password`);
  const wrong = await browser.submit(form, 'password', { current: 'not it', password: 'another good password' });
  assert.equal(wrong.status, 403);
  assert.match(wrong.html, /id="current-error">That is not your present password/);
  const weak = await browser.submit(wrong, 'password', { current: password, password: 'short' });
  assert.equal(weak.status, 400);
  const done = await browser.submit(weak, 'password', { current: password, password: 'another good password' });
  assert.match(done.text, /Your new password is saved/);
  assert.equal((await world.mail(email)).kind, 'password_changed');
  assert.equal((await browser.open(account)).url.pathname, '/account', 'this browser stays signed in');
  assert.match((await elsewhere.open(account)).url.pathname, /\/login$/);
  assert.ok(atShop(await signIn(world, world.browser(), email, 'another good password')));
});

test('a notice tells when it was done, by which browser and from where; by a mailed link, too', async () => {
  const email = 'knows-when@example.com';
  await open(email);
  const firefox = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0' };
  const browser = world.browser(firefox);
  await signIn(world, browser, email, password);
  const form = await browser.open(`${account}/password`);
  await browser.submit(form, 'password', { current: password, password: 'another good password' });
  const told = /Time: \d+ \w+ \d{4} at \d+:\d\d UTC\. Browser: Firefox \(Linux\)\. Place: 127\.0\.0\.1\./;
  assert.match((await world.mail(email, 'password_changed')).text, told);
  const anew = world.browser(firefox);
  const forgot = await anew.follow(await anew.open(world.door()), 'Forgot your password?');
  await anew.submit(forgot, 'forgot', { username: email });
  const reset = await anew.open((await world.mail(email, 'reset_password')).link);
  await anew.submit(reset, 'reset-password', { password: 'a third good password' });
  const mails = (await world.mails(email)).filter(({ kind }) => kind === 'password_changed');
  assert.equal(mails.length, 2);
  for (const { text } of mails) assert.match(text, told);
});

test('a changed address: a code to the new one, a notice to the old one', async () => {
  const browser = await open('old-address@example.com');
  const form = await browser.open(`${account}/email`);
  const bad = await browser.submit(form, 'email', { username: 'no address' });
  assert.equal(bad.status, 400);
  const verify = await browser.submit(bad, 'email', { username: 'new-address@example.com' });
  assert.match(verify.text, /new-address@example\.com/);
  assert.equal((await world.mail('old-address@example.com')).kind, 'email_change_asked');
  const wrong = await browser.submit(verify, 'verify', { code: '000000' });
  assert.equal(wrong.status, 400);
  const done = await browser.submit(wrong, 'verify', { code: (await world.mail('new-address@example.com')).code });
  assert.match(done.text, /Your new address is saved/);
  assert.ok(atShop(await signIn(world, world.browser(), 'new-address@example.com', password)));
  assert.equal((await signIn(world, world.browser(), 'old-address@example.com', password)).status, 403);
  assert.equal((await world.mail('old-address@example.com')).kind, 'email_changed');
});

test('signing out ends the session everywhere in this browser', async () => {
  const browser = await open('leaves@example.com');
  const out = await browser.submit(await browser.open(account), 'sign-out');
  assert.match(out.text, /You are signed out/);
  assert.match((await browser.open(world.door())).url.pathname, /\/login$/);
});
