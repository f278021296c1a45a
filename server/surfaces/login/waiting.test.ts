// A sign-in that waits (for a second factor, for a choice) or is being written when everything of its customer is ended
// goes no further.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MfaPolicy } from '../../../contract/second-factors.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { codeOf, recoveryCodesOn, secretOn } from '../../../test/authenticator-app.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signInWith, signUp, type World } from '../../../test/sign-in-world.ts';
import { someoneWaits } from '../../../test/someone-waits.ts';
import { type Db, transact } from '../../base/db.ts';
import { createCustomer, setBlocked } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';
import { endSessions } from '../oidc/oidc.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await world.allow('password');
  await world.allow('http://auth0.com/oauth/grant-type/mfa-otp');
});
after(() => world.close());

const password = 'a long password';
const shop = 'http://lumiere.example';
let people = 0;

async function policy(mfa: MfaPolicy | null): Promise<void> {
  await updatePortal(world.base, portalIds.lumiere, { settings: { mfa } }, () => undefined);
  await world.base.settings.refresh();
}

/** Somebody with an app, signed in; and another browser in which only the password was typed. */
async function half() {
  people += 1;
  const email = `half${people}@example.com`;
  await policy('always');
  const owner = world.browser();
  const scan = await owner.submit(await signUp(world, owner, email, password), 'enrol');
  const secret = secretOn(scan);
  const shown = await owner.submit(scan, 'enrol-app', { code: codeOf(secret) });
  const [recovery = ''] = recoveryCodesOn(shown);
  assert.equal((await owner.submit(shown, 'recovery-codes', { kept: 'yes' })).url.origin, shop);
  const { id } = await world.customer(email);
  const browser = world.browser();
  const asked = await signIn(world, browser, email, password);
  assert.match(asked.url.pathname, /\/factor$/, asked.text);
  const { body } = await world.token({ grant_type: 'password', username: email, password, scope: 'openid' });
  return { email, id, secret, recovery, owner, browser, asked, token: String(body.mfa_token) };
}
type Half = Awaited<ReturnType<typeof half>>;

async function blockAndUnblock(db: Db, id: string): Promise<void> {
  const act = { by: 'staff', origin: 'test', at: new Date() } as const;
  await transact(db, async (tx) => {
    await setBlocked(tx, id, true, act);
    await endSessions(tx, id);
  });
  await setBlocked(db, id, false, act);
}

async function endOthers({ owner, email, recovery }: Half): Promise<void> {
  const other = world.browser();
  const asked = await other.follow(await signIn(world, other, email, password), 'recovery code');
  assert.equal((await other.submit(asked, 'factor-recovery', { code: recovery })).url.origin, shop);
  const done = await owner.submit(await owner.open(`${world.url}/account/devices`), 'end-others');
  assert.match(done.text, /You are signed out everywhere else/);
}

const endings: { name: string; end: (one: Half) => Promise<unknown> }[] = [
  { name: 'a block that was lifted', end: ({ id }) => blockAndUnblock(world.base.db, id) },
  { name: '“end all others”', end: endOthers },
  { name: 'all sessions ended', end: ({ id }) => transact(world.base.db, (tx) => endSessions(tx, id)) },
];

for (const { name, end } of endings) {
  test(`security row 3: who waited for the second factor before ${name} begins anew`, async () => {
    const one = await half();
    await end(one);
    const byToken = await world.token({
      grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp',
      mfa_token: one.token,
      otp: codeOf(one.secret, 1),
    });
    assert.notEqual(byToken.status, 200, JSON.stringify(byToken.body));
    const refused = await one.browser.submit(one.asked, 'factor', { code: codeOf(one.secret, 1) });
    assert.notEqual(refused.url.origin, shop, 'what was proven before is worth nothing');
    // The visit itself goes on, from its first page.
    const anew = await one.browser.open(one.asked.url);
    assert.match(anew.url.pathname, /\/login$/);
    const asked = await one.browser.submit(anew, 'login', { username: one.email, password });
    const done = await one.browser.submit(asked, 'factor', { code: codeOf(one.secret, 1) });
    assert.equal((await world.tokens(done)).status, 200, done.text);
  });
}

test('security row 3: who had proven an address of several profiles chooses none after everything was ended', async () => {
  await policy(null);
  const email = 'several@example.com';
  await signUp(world, world.browser(), email, password);
  const first = await world.customer(email);
  // A second profile that has proven the address, too.
  const at = new Date();
  const origin = { source: 'network', origin: 'elsewhere', at } as const;
  const { customer: second } = await createCustomer(world.base.db, {
    provider: 'oidc',
    connection: 'elsewhere',
    isSocial: false,
    facts: [{ path: 'email', value: email, ...origin }],
    proofs: [{ kind: 'email', address: email, how: 'code', origin: 'elsewhere', at }],
    at,
  });
  const browser = world.browser();
  const choice = await byCode(browser, email);
  assert.match(choice.url.pathname, /\/choose$/, choice.text);
  for (const { id } of [first, second]) await transact(world.base.db, (tx) => endSessions(tx, id));
  const end = await browser.submit(choice, 'choose', {}, '0');
  assert.notEqual(end.url.origin, shop);
  const again = await byCode(world.browser(), email);
  assert.match(again.url.pathname, /\/choose$/);
});

/** Everything of this customer is ended in the moment when a sign-in that is proven is about to be written. */
async function endDuring(id: string, signing: () => Promise<Page>): Promise<Page> {
  const { page } = await transact(world.base.db, async (tx) => {
    await endSessions(tx, id);
    const page = signing();
    await someoneWaits(world.base.db);
    return { page };
  });
  return page;
}

test('security row 3: a code that was typed before everything was ended, and is written after it, signs nobody in', async () => {
  await policy(null);
  const email = 'late-code@example.com';
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const { id } = await world.customer(email);
  for (const one of [browser, world.browser()]) {
    // No session is left that would give the flow away.
    await transact(world.base.db, (tx) => endSessions(tx, id));
    const typing = await codeAsked(one, email);
    const { code } = await world.mail(email, 'sign_in_code');
    const page = await endDuring(id, () => one.submit(typing, 'verify', { code }));
    assert.match(page.url.pathname, /\/verify$/, page.url.href);
    assert.equal((await world.tokens(await byCode(one, email))).status, 200);
  }
});

test('security row 3: nor does the answer of a network that comes while everything is ended', async () => {
  const person = '600000000000091';
  const email = 'late-answer@corp.example';
  world.networks.google.people.add({ id: person, name: 'La Te', givenName: 'La', familyName: 'Te', email });
  const browser = world.browser();
  await signInWith(world, browser, 'google-oauth2', person);
  const { id } = await world.customer(email);
  // A device that is known, where the sign-in is only counted, and one that is not.
  for (const one of [browser, world.browser()]) {
    await transact(world.base.db, (tx) => endSessions(tx, id));
    const page = await endDuring(id, () => signInWith(world, one, 'google-oauth2', person));
    assert.equal(page.url.origin, world.url, page.url.href);
    assert.match(page.text, /This page has expired/);
  }
});

async function codeAsked(browser: Browser, email: string): Promise<Page> {
  const page = await browser.follow(await browser.open(world.door()), 'code');
  return browser.submit(page, 'code', { username: email });
}

async function byCode(browser: Browser, email: string): Promise<Page> {
  const typing = await codeAsked(browser, email);
  return browser.submit(typing, 'verify', { code: (await world.mail(email, 'sign_in_code')).code });
}
