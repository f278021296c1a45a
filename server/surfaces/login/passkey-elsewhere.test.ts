import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import type { MfaPolicy } from '../../../contract/second-factors.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { type Authenticator, createAuthenticator } from '../../../test/authenticator.ts';
import { codeOf, secretOn } from '../../../test/authenticator-app.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { addPasskey, getOptionsOf, usePasskey } from '../../../test/passkey-steps.ts';
import { atNetwork, openWorld, signIn, signInWith, signUp, type World } from '../../../test/sign-in-world.ts';
import type { JsonObject } from '../../base/json.ts';
import { waysIn } from '../../features/accounts/accounts.ts';
import { connectionByName, setEnabledClients, updateConnection } from '../../features/connections/connections.ts';
import { identitiesOf } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';

// Passkeys on other pages than the sign-in page: conflicts, second factors, portals that offer less.

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const password = 'correct horse battery';
const refused = /This passkey does not open an account here/;
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';

async function owner(email: string, traits = {}) {
  const browser = world.browser();
  const authenticator = createAuthenticator(world.url, traits);
  assert.ok(atShop(await signUp(world, browser, email, password)));
  assert.match((await addPasskey(world, browser, authenticator)).text, /opens your account/);
  return { browser, authenticator, customer: await world.customer(email) };
}

let people = 0;
/** Somebody new at Facebook who says to have this address. */
function somebody(email: string): string {
  people += 1;
  const id = `70000000000000${String(people).padStart(4, '0')}`;
  world.networks.facebook.people.add({ id, name: 'A Person', givenName: 'A', familyName: 'Person', email });
  return id;
}

/** They come to us. */
async function conflictAbout(email: string): Promise<{ browser: Browser; page: Page }> {
  const browser = world.browser();
  const page = await signInWith(world, browser, 'facebook', somebody(email));
  assert.match(page.url.pathname, /\/conflict$/);
  return { browser, page };
}

async function prove({ browser, page }: { browser: Browser; page: Page }, keys: Authenticator): Promise<Page> {
  const credential = keys.get(await getOptionsOf(browser, page, 'conflict-passkey'));
  return browser.submit(page, 'conflict-passkey', { credential });
}

test('a conflict is settled by the passkey of the account; that of another account does not', async () => {
  const { authenticator, customer } = await owner('settles@example.com');
  const other = await owner('settles-nothing@example.com');
  const at = await conflictAbout('settles@example.com');
  const wrong = await prove(at, other.authenticator);
  assert.match(wrong.text, /That is another account than the one with this address/);
  assert.equal((await identitiesOf(world.base.db, customer.id)).length, 1);
  const done = await prove({ browser: at.browser, page: wrong }, authenticator);
  const { claims } = await world.tokens(done);
  assert.equal(claims.sub, customer.user_id);
  assert.deepEqual(claims.amr, ['fed', 'swk', 'user', 'mfa']);
  assert.equal((await identitiesOf(world.base.db, customer.id)).length, 2);
});

test('security row 5: an answer for the sign-in page or for another conflict settles nothing', async () => {
  const { authenticator, customer } = await owner('not-settled@example.com');
  const [one, other] = [await conflictAbout('not-settled@example.com'), await conflictAbout('not-settled@example.com')];
  const forOther = authenticator.get(await getOptionsOf(other.browser, other.page, 'conflict-passkey'));
  const forSignIn = authenticator.get(await getOptionsOf(one.browser, await one.browser.open(world.door())));
  for (const credential of [forOther, forSignIn]) {
    const page = await one.browser.submit(one.page, 'conflict-passkey', { credential });
    assert.match(page.text, /That took too long/);
  }
  // Somebody else comes by Facebook in the very same flow: that is another conflict.
  const stale = authenticator.get(await getOptionsOf(one.browser, one.page, 'conflict-passkey'));
  const login = await one.browser.open(new URL('login?stay', one.page.url));
  const asked = await one.browser.submit(login, 'network', {}, 'facebook');
  const leaving = asked.url.pathname.endsWith('/connect')
    ? await one.browser.submit(asked, 'connect', {}, 'no')
    : asked;
  const next = await atNetwork(one.browser, leaving, somebody('not-settled@example.com'));
  assert.equal(next.url.href, one.page.url.href);
  assert.match((await one.browser.submit(next, 'conflict-passkey', { credential: stale })).text, /That took too long/);
  assert.equal((await identitiesOf(world.base.db, customer.id)).length, 1);
});

test('security row 5: an answer that was refused once or came too late settles no conflict', async () => {
  const { authenticator, customer } = await owner('too-late@example.com');
  const { browser, page } = await conflictAbout('too-late@example.com');
  const submit = (credential: string) => browser.submit(page, 'conflict-passkey', { credential });
  const options = await getOptionsOf(browser, page, 'conflict-passkey');
  assert.match((await submit(authenticator.get(options, { forged: true }))).text, refused);
  assert.match((await submit(authenticator.get(options))).text, /That took too long/, 'taken with it');
  const late = authenticator.get(await getOptionsOf(browser, page, 'conflict-passkey'));
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 });
  assert.match((await submit(late)).text, /That took too long/);
  mock.timers.reset();
  assert.equal((await identitiesOf(world.base.db, customer.id)).length, 1);
});

async function policy(mfa: MfaPolicy | null): Promise<void> {
  await updatePortal(world.base, portalIds.lumiere, { settings: { mfa } }, () => undefined);
  await world.base.settings.refresh();
}

test('where every sign-in needs two factors, a passkey is both, and the second step after a password', async () => {
  const { authenticator, customer } = await owner('two-in-one@example.com');
  await policy('always');
  try {
    assert.ok(atShop(await usePasskey(world, world.browser(), authenticator)));
    const browser = world.browser();
    const asked = await signIn(world, browser, 'two-in-one@example.com', password);
    assert.match(asked.url.pathname, /\/enrol$/);
    const credential = authenticator.get(await getOptionsOf(browser, asked, 'enrol-passkey'));
    const { claims } = await world.tokens(await browser.submit(asked, 'enrol-passkey', { credential }));
    assert.equal(claims.sub, customer.user_id);
    assert.deepEqual(claims.amr, ['pwd', 'swk', 'user', 'mfa']);

    const touching = world.browser();
    const unverified = await usePasskey(world, touching, authenticator, { verified: false });
    assert.match(unverified.url.pathname, /\/enrol$/, 'whoever was not verified is asked for a second one');
    const touch = authenticator.get(await getOptionsOf(touching, unverified, 'enrol-passkey'), { verified: false });
    const again = await touching.submit(unverified, 'enrol-passkey', { credential: touch });
    assert.match(again.text, refused, 'another touch is no second factor');
    assert.match(again.url.pathname, /\/enrol-passkey$/);
    const verified = authenticator.get(await getOptionsOf(touching, again, 'enrol-passkey'));
    assert.ok(atShop(await touching.submit(again, 'enrol-passkey', { credential: verified })));
  } finally {
    await policy(null);
  }
});

test('security row 16: the second step asks for a passkey of its customer, signs nobody else in, and says so there', async () => {
  const { browser: home, authenticator, customer } = await owner('second-step@example.com');
  const other = await owner('on-the-same-phone@example.com');
  const scan = await home.submit(await home.open(`${world.url}/account/factors`), 'factor-app');
  await home.submit(scan, 'factor-app-confirm', { code: codeOf(secretOn(scan)) });
  const browser = world.browser();
  const page = await signIn(world, browser, 'second-step@example.com', password);
  assert.match(page.url.pathname, /\/factor$/);
  const options = await getOptionsOf(browser, page, 'factor-passkey');
  assert.deepEqual(
    options.allowCredentials?.map(({ id }) => id),
    authenticator.kept.map(({ id }) => id),
  );
  const theirs = await browser.submit(page, 'factor-passkey', { credential: other.authenticator.get(options) });
  assert.match(theirs.text, refused);
  assert.match(theirs.text, /Is it you\?/, 'still at the second step');
  assert.equal((await world.customer('on-the-same-phone@example.com')).logins_count, 1);

  // An answer for the sign-in page, or for the same step in another flow, passes nothing.
  const forSignIn = authenticator.get(await getOptionsOf(browser, await browser.open(world.door())));
  const second = await signIn(world, browser, 'second-step@example.com', password);
  const forSecond = authenticator.get(await getOptionsOf(browser, second, 'factor-passkey'));
  for (const credential of [forSignIn, forSecond]) {
    assert.match((await browser.submit(theirs, 'factor-passkey', { credential })).text, /That took too long/);
  }
  const credential = authenticator.get(await getOptionsOf(browser, theirs, 'factor-passkey'));
  const { claims } = await world.tokens(await browser.submit(theirs, 'factor-passkey', { credential }));
  assert.equal(claims.sub, customer.user_id);
  assert.deepEqual(claims.amr, ['pwd', 'swk', 'user', 'mfa']);
});

test('security row 16: a passkey opens no portal that does not offer its connection', async () => {
  const { authenticator, customer } = await owner('not-offered@example.com');
  const [way] = (await waysIn(world.base.db, customer.id)).filter(({ kind }) => kind === 'passkey');
  const store = await connectionByName(world.base, way?.kind === 'passkey' ? way.connection : '');
  assert.ok(store);
  await setEnabledClients(world.base, store.id, [{ client_id: portalIds.lumiere, status: false }]);
  await world.base.settings.refresh();
  try {
    const page = await usePasskey(world, world.browser(), authenticator);
    assert.match(page.text, /This way to sign in is not offered here/);
  } finally {
    await setEnabledClients(world.base, store.id, [{ client_id: portalIds.lumiere, status: true }]);
    await world.base.settings.refresh();
  }
  assert.ok(atShop(await usePasskey(world, world.browser(), authenticator)));
});

test('an umbrella turns passkeys off, or says where the sign-in page offers them', async () => {
  const { browser, authenticator, customer } = await owner('turned-off@example.com');
  const [way] = (await waysIn(world.base.db, customer.id)).filter(({ kind }) => kind === 'passkey');
  const store = await connectionByName(world.base, way?.kind === 'passkey' ? way.connection : '');
  assert.ok(store?.strategy === 'auth0');
  const setOptions = async (options: JsonObject) => {
    await updateConnection(world.base, store.id, { options });
    await world.base.settings.refresh();
  };
  const late = world.browser();
  const begun = await late.open(world.door());
  const credential = authenticator.get(await getOptionsOf(late, begun));
  try {
    await setOptions({ authentication_methods: { passkey: { enabled: false } } });
    assert.ok(!(await world.browser().open(world.door())).html.includes('passkey'));
    assert.match((await late.submit(begun, 'passkey', { credential })).text, /This way to sign in is not offered here/);
    assert.ok(!(await world.browser().open(world.door('lumiere', { screen_hint: 'signup' }))).html.includes('passkey'));
    const list = await browser.open(`${world.url}/account/passkey`);
    assert.match(list.url.pathname, /\/passkeys$/);
    assert.doesNotMatch(list.text, /Add a passkey/);
    assert.equal(list.forms.filter(({ action }) => action.endsWith('passkey-remove')).length, 1);
    await setOptions({ passkey_options: { challenge_ui: 'button' } });
    assert.doesNotMatch((await world.browser().open(world.door())).html, /webauthn|data-button/);
    await setOptions({ passkey_options: { challenge_ui: 'autofill' } });
    assert.match((await world.browser().open(world.door())).html, /username webauthn[\s\S]+data-button="none"/);
  } finally {
    await setOptions({});
  }
  assert.ok(atShop(await usePasskey(world, world.browser(), authenticator)));
});
