import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import type { MfaPolicy } from '../../../contract/second-factors.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { codeOf, recoveryCodesOn, secretOn } from '../../../test/authenticator-app.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signUp, type World } from '../../../test/sign-in-world.ts';
import { factorsOf, forgetDevices, multiFactorAcr } from '../../features/accounts/accounts.ts';
import { setBlocked } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';
import { sessionCookieName } from '../oidc/cookies.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const password = 'a long password';
let people = 0;

async function policy(mfa: MfaPolicy | null): Promise<void> {
  await updatePortal(world.base, portalIds.lumiere, { settings: { mfa } }, () => undefined);
  await world.base.settings.refresh();
}

/** Somebody who signed up before anybody was asked for more. */
async function person(): Promise<string> {
  people += 1;
  const email = `second${people}@example.com`;
  await policy(null);
  await signUp(world, world.browser(), email, password);
  return email;
}

/** Through the pages that add an app. Ends where they lead. */
async function addApp(browser: Browser, page: Page): Promise<{ end: Page; secret: string; codes: string[] }> {
  const scan = await browser.submit(page, 'enrol');
  assert.match(scan.url.pathname, /enrol-app$/, scan.text);
  const secret = secretOn(scan);
  const shown = await browser.submit(scan, 'enrol-app', { code: codeOf(secret) });
  assert.match(shown.url.pathname, /recovery-codes$/, shown.text);
  const codes = recoveryCodesOn(shown);
  assert.equal(codes.length, 10);
  const end = await browser.submit(shown, 'recovery-codes', { kept: 'yes' });
  return { end, secret, codes };
}

/** A person with an app, added where the portal asks for it. */
async function personWithApp() {
  const email = await person();
  await policy('always');
  const browser = world.browser();
  const added = await addApp(browser, await signIn(world, browser, email, password));
  return { email, browser, ...added };
}

test('a portal that asks for a second factor: add an app, keep the codes, and the tokens say so', async () => {
  const { end, email, codes } = await personWithApp();
  assert.equal(end.url.origin, 'http://lumiere.example', end.text);
  const { claims } = await world.tokens(end);
  assert.deepEqual(claims.amr, ['pwd', 'otp', 'mfa']);
  assert.equal(claims.acr, multiFactorAcr);
  const customer = await world.customer(email);
  const kinds = (await factorsOf(world.base.db, customer.id)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['totp', 'recovery_codes']);
  assert.equal(codes.length, 10);
  assert.equal((await world.mail(email, 'factor_added')).kind, 'factor_added');
});

test('the next sign-in asks for a code of the app; a reload goes on; a wrong code says so', async () => {
  const { email, secret } = await personWithApp();
  const browser = world.browser();
  const asked = await signIn(world, browser, email, password);
  assert.match(asked.url.pathname, /\/factor$/);
  const again = await browser.open(asked.url);
  assert.match(again.url.pathname, /\/factor$/);
  const wrong = await browser.submit(again, 'factor', { code: '000000' });
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /That code is not right/);
  const done = await browser.submit(wrong, 'factor', { code: codeOf(secret, 1) });
  assert.deepEqual((await world.tokens(done)).claims.amr, ['pwd', 'otp', 'mfa']);
});

test('a recovery code opens the account once', async () => {
  const { email, codes } = await personWithApp();
  const typed = codes[0] ?? '';
  const browser = world.browser();
  const asked = await browser.follow(await signIn(world, browser, email, password), 'recovery code');
  const done = await browser.submit(asked, 'factor-recovery', { code: typed });
  assert.equal(done.url.origin, 'http://lumiere.example', done.text);
  assert.equal((await world.mail(email, 'recovery_code_used')).kind, 'recovery_code_used');
  const other = world.browser();
  const again = await other.follow(await signIn(world, other, email, password), 'recovery code');
  const refused = await other.submit(again, 'factor-recovery', { code: typed });
  assert.match(refused.text, /not right, or was used/);
});

test('security row 15: no empty, doubled or reordered post leads past the second factor', async () => {
  const { email, secret } = await personWithApp();
  const before = await sessionsOf(email);
  const browser = world.browser();
  const asked = await signIn(world, browser, email, password);
  const token = asked.forms[0]?.pairs.find(([name]) => name === 'token')?.[1] ?? '';
  const post = async (act: string, body: string) => {
    const response = await browser.send(new URL(act, asked.url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: asked.url.origin },
      body: `token=${token}&${body}`,
    });
    const location = response.headers.get('location') ?? '';
    assert.ok(!location.includes('/authorize') && !location.includes('lumiere.example'), `${act} ${body}: ${location}`);
  };
  for (const act of [
    'factor',
    'factor-code',
    'factor-recovery',
    'recovery-codes',
    'enrol',
    'enrol-app',
    'enrol-code',
  ]) {
    for (const body of [
      '',
      'code=',
      'code=&code=',
      'code[]=123456',
      `code=000000&code=${codeOf(secret, 1)}`,
      'kept=yes',
    ]) {
      await post(act, body);
    }
  }
  await post('continue', '');
  await post('login', `username=${encodeURIComponent(email)}&password=${encodeURIComponent(password)}`);
  const kinds = (await factorsOf(world.base.db, (await world.customer(email)).id)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['totp', 'recovery_codes'], 'nothing was added');
  assert.equal(await sessionsOf(email), before, 'nobody came in');
});

async function sessionsOf(email: string) {
  const customer = await world.customer(email);
  const rows = await world.base.db.selectFrom('sessions').select('uid').where('customer', '=', customer.id).execute();
  return rows.length;
}

test('security row 8: what was begun for one sign-in is worth nothing for another in the same flow', async () => {
  const attacker = await person();
  const { email: victim } = await personWithApp();
  const browser = world.browser();
  const page = await signIn(world, browser, attacker, password);
  const scan = await browser.submit(page, 'enrol');
  const shown = await browser.submit(scan, 'enrol-app', { code: codeOf(secretOn(scan)) });
  // The attacker's factor is proven; now the victim's password, in the same flow.
  const login = await browser.open(new URL('login?stay', shown.url));
  const asked = await browser.submit(login, 'login', { username: victim, password });
  assert.match(asked.url.pathname, /\/factor$/);
  const kept = await browser.submit(shown, 'recovery-codes', { kept: 'yes' });
  assert.notEqual(kept.url.origin, 'http://lumiere.example', 'the attacker’s factor does not pass for the victim');
});

test('remembered for 30 days on this device, and forgotten with a new password', async () => {
  const { email, secret } = await personWithApp();
  const browser = world.browser();
  const asked = await signIn(world, browser, email, password);
  await browser.submit(asked, 'factor', { code: codeOf(secret, 1), remember: 'yes' });
  await signOut(browser);
  const remembered = await signIn(world, browser, email, password);
  assert.equal(remembered.url.origin, 'http://lumiere.example', remembered.text);
  assert.deepEqual((await world.tokens(remembered)).claims.amr, ['pwd']);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 31 * 86_400_000 });
  const later = await signIn(world, browser, email, password);
  assert.match(later.url.pathname, /\/factor$/, 'a month later');
  mock.timers.reset();
  await resetPassword(email);
  const anew = await signIn(world, browser, email, 'another long password');
  assert.match(anew.url.pathname, /\/factor$/, 'after a new password');
});

async function resetPassword(email: string): Promise<void> {
  const browser = world.browser();
  const forgot = await browser.open(new URL('forgot', (await browser.open(world.door())).url));
  await browser.submit(forgot, 'forgot', { username: email });
  const page = await browser.open((await world.mail(email, 'reset_password')).link);
  await browser.submit(page, 'reset-password', { password: 'another long password' });
}

/** The session goes, the device's cookie stays. */
async function signOut(browser: Browser): Promise<void> {
  const page = await browser.open(`${world.url}/oidc/logout`);
  await browser.submit(page, page.forms[0]?.action ?? '', {}, 'Yes, sign me out');
}

test('acr_values step up a session that has no second factor, and max_age asks for all of it', async () => {
  const { email, secret } = await personWithApp();
  await policy(null);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  const browser = world.browser();
  // A device that the customer has not used: who has a factor is asked there.
  const first = await signIn(world, browser, email, password);
  const done = await browser.submit(first, 'factor', { code: codeOf(secret), remember: 'yes' });
  assert.equal(done.url.origin, 'http://lumiere.example');
  await signOut(browser);
  assert.deepEqual((await world.tokens(await signIn(world, browser, email, password))).claims.amr, ['pwd']);
  const silent = await browser.open(world.door('lumiere', { acr_values: multiFactorAcr, prompt: 'none' }));
  assert.equal(silent.url.searchParams.get('error'), 'mfa_required');
  const up = await browser.open(world.door('lumiere', { acr_values: multiFactorAcr }));
  assert.match(up.url.pathname, /\/factor$/);
  const stepped = await browser.submit(up, 'factor', { code: codeOf(secret, 1) });
  const { claims } = await world.tokens(stepped);
  assert.deepEqual([claims.amr, claims.acr], [['pwd', 'otp', 'mfa'], multiFactorAcr]);
  const still = await browser.open(world.door('lumiere', { acr_values: multiFactorAcr, prompt: 'none' }));
  assert.deepEqual((await world.tokens(still)).claims.acr, multiFactorAcr);
  mock.timers.reset();
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 600_000 });
  const old = await browser.open(world.door('lumiere', { acr_values: multiFactorAcr, max_age: '60' }));
  assert.match(old.url.pathname, /\/login$/);
  const asked = await browser.submit(old, 'login', { username: email, password });
  assert.match(asked.url.pathname, /\/factor$/);
  mock.timers.reset();
});

test('a sign-up where every sign-in needs a second factor: the account is made with it', async () => {
  people += 1;
  const email = `second${people}@example.com`;
  await policy('always');
  const browser = world.browser();
  const page = await signUp(world, browser, email, password);
  assert.match(page.url.pathname, /\/enrol$/, page.text);
  const { end } = await addApp(browser, page);
  assert.equal(end.url.origin, 'http://lumiere.example', end.text);
  const customer = await world.customer(email);
  assert.equal((await factorsOf(world.base.db, customer.id)).length, 2);
});

test('grants without a page: mfa_required with a token; a refresh, too, once every sign-in needs a second factor', async () => {
  const { email } = await personWithApp();
  await world.allow('password');
  await policy(null);
  const form = { grant_type: 'password', username: email, password, scope: 'openid' };
  const refused = await world.token(form);
  assert.equal(refused.status, 403);
  const { error, mfa_token, mfa_requirements } = refused.body;
  assert.equal(error, 'mfa_required');
  assert.deepEqual(mfa_requirements, { challenge: [{ type: 'otp' }, { type: 'recovery-code' }] });
  assert.match(String(mfa_token), /^[\w-]{43}$/);

  const other = await person();
  const end = await signIn(world, world.browser(), other, password);
  const refresh = { grant_type: 'refresh_token', refresh_token: String((await world.tokens(end)).body.refresh_token) };
  assert.equal((await world.token(refresh)).status, 200);
  await policy('always');
  const late = await world.token(refresh);
  assert.deepEqual([late.status, late.body.error], [403, 'mfa_required']);
  assert.deepEqual(late.body.mfa_requirements, { enroll: [{ type: 'otp' }, { type: 'email' }] });
  await policy(null);
  assert.equal((await world.token(refresh)).status, 200, 'nothing was used up');
});

test('security row 7: a new session id at the second factor, and the waiting flow is useless without its cookie', async () => {
  const { email, secret } = await personWithApp();
  await policy(null);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  const browser = world.browser();
  const first = await signIn(world, browser, email, password);
  const stolen = await world.browser().open(first.url);
  assert.match(stolen.text, /expired/);
  await browser.submit(first, 'factor', { code: codeOf(secret), remember: 'yes' });
  await signOut(browser);
  await signIn(world, browser, email, password);
  const sessionId = () => browser.jar.all().find(({ name }) => name === sessionCookieName(world.base.config))?.value;
  const before = sessionId();
  assert.ok(before);
  const up = await browser.open(world.door('lumiere', { acr_values: multiFactorAcr }));
  await browser.submit(up, 'factor', { code: codeOf(secret, 1) });
  assert.ok(sessionId());
  assert.notEqual(sessionId(), before);
  mock.timers.reset();
});

test('security row 19: a wrong password is answered alike with and without a second factor, and without an account', async () => {
  const { email } = await personWithApp();
  const plain = await person();
  const answers = new Set<string>();
  for (const one of [email, plain, 'nobody-at-all@example.com']) {
    const page = await signIn(world, world.browser(), one, 'a wrong password');
    answers.add(`${page.status} ${page.text.replace(one, '')}`);
  }
  assert.equal(answers.size, 1, [...answers].join('\n'));
});

test('who is blocked while the second factor is asked for does not come in; nor by a password that was changed', async () => {
  const { email, secret } = await personWithApp();
  const browser = world.browser();
  const asked = await signIn(world, browser, email, password);
  const { id } = await world.customer(email);
  const act = () => ({ by: 'api', origin: 'test', at: new Date() }) as const;
  await setBlocked(world.base.db, id, true, act());
  const blocked = await browser.submit(asked, 'factor', { code: codeOf(secret, 1) });
  assert.match(blocked.text, /is blocked/);
  await setBlocked(world.base.db, id, false, act());
  await resetPassword(email);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  const late = await browser.submit(blocked, 'factor', { code: codeOf(secret) });
  assert.notEqual(late.url.origin, 'http://lumiere.example', late.text);
  mock.timers.reset();
});

test('signed in at another brand: one click, then the second factor that this portal asks for', async () => {
  const { email, secret } = await personWithApp();
  const northtrail = (mfa: MfaPolicy | null) =>
    updatePortal(world.base, portalIds.northtrail, { settings: { mfa } }, () => undefined);
  await northtrail('always');
  await policy(null);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  const browser = world.browser();
  const first = await signIn(world, browser, email, password);
  await browser.submit(first, 'factor', { code: codeOf(secret), remember: 'yes' });
  await signOut(browser);
  assert.equal((await signIn(world, browser, email, password)).url.origin, 'http://lumiere.example');
  await forgetDevices(world.base.db, [(await world.customer(email)).id]);
  const welcome = await browser.open(world.door('northtrail'));
  assert.match(welcome.url.pathname, /\/continue$/);
  const asked = await browser.submit(welcome, 'continue');
  assert.match(asked.url.pathname, /\/factor$/);
  const done = await browser.submit(asked, 'factor', { code: codeOf(secret, 1) });
  assert.equal(done.url.origin, 'http://northtrail.example', done.text);
  assert.deepEqual((await world.tokens(done, 'northtrail')).claims.amr, ['pwd', 'otp', 'mfa']);
  mock.timers.reset();
  await northtrail(null);
  await world.base.settings.refresh();
});

test('security row 15: a session from before the second factor does not make its device a known one', async () => {
  const email = await person();
  const old = world.browser();
  assert.equal((await signIn(world, old, email, password)).url.origin, 'http://lumiere.example');
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  await policy('always');
  const other = world.browser();
  await addApp(other, await signIn(world, other, email, password));
  await policy(null);
  mock.timers.reset();
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 120_000 });
  const bySession = await old.open(world.door());
  assert.equal(bySession.url.origin, 'http://lumiere.example', 'the session goes on');
  await signOut(old);
  assert.match((await signIn(world, old, email, password)).url.pathname, /\/factor$/);
  mock.timers.reset();
});

test('security row 14: a device waits for the second factor of whoever confirms it, and for nobody else’s', async () => {
  const { email, secret } = await personWithApp();
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  await world.allow(grant_type);
  const client = await world.machine('/oauth/device/code', { scope: 'openid email' });
  const poll = () => world.token({ grant_type, device_code: String(client.device_code) });
  const browser = world.browser();
  const typed = await browser.submit(await browser.open(`${world.url}/activate`), 'activate', {
    user_code: String(client.user_code),
  });
  const login = await browser.submit(typed, 'activate', {}, 'Yes, connect it');
  const asked = await browser.submit(login, 'login', { username: email, password });
  assert.match(asked.url.pathname, /\/factor$/, asked.text);
  const body = new URLSearchParams({ ...asked.forms[0]?.fields, code: codeOf(secret, 1) });
  const elsewhere = await world.browser().send(asked.url, { method: 'POST', body, headers: { origin: world.url } });
  assert.equal(elsewhere.status, 400, 'another browser has not this flow');
  assert.equal((await poll()).body.error, 'authorization_pending');
  const done = await browser.submit(asked, 'factor', { code: codeOf(secret, 1) });
  assert.match(done.text, /Your device is connected/);
  // Not sooner than a device may ask again.
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 10_000 });
  try {
    const { status, claims } = await poll();
    assert.equal(status, 200);
    assert.deepEqual([claims.email, claims.amr], [email, ['pwd', 'otp', 'mfa']]);
  } finally {
    mock.timers.reset();
  }
});
