import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MfaPolicy } from '../../../contract/second-factors.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { codeOf, secretOn } from '../../../test/authenticator-app.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { atNetwork, openWorld, signInWith, signUp, type World } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import { addFactor, factorsOf } from '../../features/accounts/accounts.ts';
import { getBrand } from '../../features/brands/brands.ts';
import { type EndSessions, identitiesOf, unlink } from '../../features/customers/customers.ts';
import { getPortal, updatePortal } from '../../features/portals/portals.ts';
import { endSessions } from '../oidc/oidc.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const password = 'a long password';
const shop = 'http://lumiere.example';

async function policy(mfa: MfaPolicy | null): Promise<void> {
  await updatePortal(world.base, portalIds.lumiere, { settings: { mfa } }, () => undefined);
  await world.base.settings.refresh();
}

/** Through the pages that add an app, up to the one with the recovery codes. */
async function proveApp(browser: Browser, page: Page): Promise<Page> {
  const scan = await browser.submit(page, 'enrol');
  const shown = await browser.submit(scan, 'enrol-app', { code: codeOf(secretOn(scan)) });
  assert.match(shown.url.pathname, /recovery-codes$/, shown.text);
  return shown;
}

async function kindsOf(customer: string): Promise<string[]> {
  return (await factorsOf(world.base.db, customer)).map(({ kind }) => kind);
}

/** Each of the two protections by itself: whose the identity is by now, and that everything was ended. */
const meanwhile = {
  'is taken off meanwhile': (customer: string, subject: string) => takeOff(customer, subject, endSessions),
  'is taken off while nothing is ended': (customer: string, subject: string) => takeOff(customer, subject, spareAll),
  'stays while everything is ended': (customer: string) => transact(world.base.db, (tx) => endSessions(tx, customer)),
};

async function takeOff(customer: string, subject: string, end: EndSessions): Promise<void> {
  await unlink(world.base.db, customer, subject, {
    by: 'customer',
    origin: 'account',
    at: new Date(),
    endSessions: end,
  });
}

async function spareAll(): Promise<void> {}

let annas = 0;
for (const [what, happens] of Object.entries(meanwhile)) {
  test(`security row 5: who waits for a second factor with an identity that ${what} does not come in`, async () => {
    annas += 1;
    const id = `50000000000000910${annas}`;
    const email = `anna.other${annas}@corp.example`;
    world.networks.google.people.add({ id, name: 'Anna', givenName: 'Anna', familyName: 'Ba', email });
    await policy(null);
    const owner = world.browser();
    await signUp(world, owner, `anna${annas}@example.com`, password);
    const away = await owner.submit(await owner.open(`${world.url}/account/ways`), 'link', {}, 'google-oauth2');
    await atNetwork(owner, away, id);
    const customer = await world.customer(`anna${annas}@example.com`);
    const all = await identitiesOf(world.base.db, customer.id);
    const linked = all.find(({ provider }) => provider === 'google-oauth2') ?? assert.fail('not linked');
    await policy('always');
    const scan = await owner.submit(await owner.open(world.door()), 'enrol');
    const secret = secretOn(scan);
    const codes = await owner.submit(scan, 'enrol-app', { code: codeOf(secret) });
    assert.equal((await owner.submit(codes, 'recovery-codes', { kept: 'yes' })).url.origin, shop);
    const thief = world.browser();
    const asked = await signInWith(world, thief, 'google-oauth2', id);
    assert.match(asked.url.pathname, /\/factor$/, asked.text);
    await happens(customer.id, linked.subject);
    const end = await thief.submit(asked, 'factor', { code: codeOf(secret, 1) });
    assert.notEqual(end.url.origin, shop, 'not as the customer that it belonged to');
  });
}

test('security row 15: an account that was made and protected meanwhile is not entered with a factor of one’s own', async () => {
  await policy('always');
  const email = 'twice@example.com';
  const first = world.browser();
  const waiting = await proveApp(first, await signUp(world, first, email, password));
  const second = world.browser();
  const shown = await proveApp(second, await signUp(world, second, email, password));
  assert.equal((await second.submit(shown, 'recovery-codes', { kept: 'yes' })).url.origin, shop);
  const { id } = await world.customer(email);
  assert.deepEqual(await kindsOf(id), ['totp', 'recovery_codes']);
  const end = await first.submit(waiting, 'recovery-codes', { kept: 'yes' });
  assert.notEqual(end.url.origin, shop, 'the app that is there was not asked for');
  assert.deepEqual(await kindsOf(id), ['totp', 'recovery_codes'], 'and none was added');
});

test('security row 3: a session that has ended adds no second factor any more', async () => {
  await policy(null);
  const email = 'ended@example.com';
  const browser = world.browser();
  await signUp(world, browser, email, password);
  await policy('always');
  const shown = await proveApp(browser, await browser.open(world.door()));
  const { id } = await world.customer(email);
  await transact(world.base.db, (tx) => endSessions(tx, id));
  const end = await browser.submit(shown, 'recovery-codes', { kept: 'yes' });
  assert.notEqual(end.url.origin, shop);
  assert.deepEqual(await kindsOf(id), []);
});

test('security row 15: who came by a code to one mailbox is asked for the code to another, and adds no factor instead', async () => {
  await policy(null);
  const email = 'mailbox@example.com';
  await signUp(world, world.browser(), email, password);
  const customer = await world.customer(email);
  const [identity] = await identitiesOf(world.base.db, customer.id);
  const portal = await getPortal(world.base.db, portalIds.lumiere);
  const brand = await getBrand(world.base.db, portal?.brand ?? '');
  assert.ok(identity && brand);
  const asked = { brand, language: 'en', ip: '192.0.2.1' } as const;
  const proven = { kind: 'email', address: 'other-mailbox@example.com' } as const;
  await addFactor(world.base, world.base.db, { customer: customer.id, subject: identity.subject, proven, asked });
  const browser = world.browser();
  const page = await browser.open(world.door());
  const typed = await browser.submit(await browser.follow(page, 'code'), 'code', { username: email });
  const end = await browser.submit(typed, 'verify', { code: (await world.mail(email, 'sign_in_code')).code });
  assert.match(end.url.pathname, /\/factor$/, end.text);
});

test('security row 4: who came with an address that their network does not vouch for is offered no code to it, and protects only themselves', async () => {
  await policy(null);
  const email = 'claimed.victim@gmail.com';
  await signUp(world, world.browser(), email, password);
  const victim = await world.customer(email);
  const id = '500000000000009104';
  world.networks.google.people.add({ id, name: 'Mallory', givenName: 'Mal', familyName: 'Lory', email });
  await policy('always');
  world.networks.google.misbehave('unverified_email');
  const attacker = world.browser();
  const conflict = await signInWith(world, attacker, 'google-oauth2', id);
  world.networks.google.misbehave(null);
  assert.match(conflict.url.pathname, /\/conflict$/, conflict.text);
  const enrol = await attacker.submit(conflict, 'conflict-apart');
  assert.match(enrol.url.pathname, /\/enrol$/, enrol.text);
  assert.ok(!enrol.forms.some(({ action }) => action.endsWith('enrol-mail')), 'no code to the claimed address');
  const body = new URLSearchParams({
    token: enrol.forms[0]?.fields.token ?? '',
    address: '0',
    email,
    customer: victim.id,
  });
  const headers = { origin: world.url };
  await attacker.send(new URL('enrol-mail', enrol.url), { method: 'POST', headers, body });
  assert.ok(!(await world.mails(email)).some(({ kind }) => kind === 'second_factor_code'));
  const shown = await proveApp(attacker, enrol);
  const end = await attacker.submit(shown, 'recovery-codes', { kept: 'yes', customer: victim.id });
  const { claims } = await world.tokens(end);
  assert.notEqual(claims.sub, victim.user_id);
  assert.equal(claims.email_verified, false);
  assert.deepEqual(await kindsOf(victim.id), []);
});
