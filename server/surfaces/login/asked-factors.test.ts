import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { codeOf, recoveryCodesOn, secretOn } from '../../../test/authenticator-app.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openRuleScene, type RuleScene } from '../../../test/rule-scene.ts';
import { signIn, signUp, type Tokens } from '../../../test/sign-in-world.ts';
import { addFactor, factorsOf } from '../../features/accounts/accounts.ts';
import { getBrand } from '../../features/brands/brands.ts';
import { identitiesOf } from '../../features/customers/customers.ts';
import { getPortal } from '../../features/portals/portals.ts';

let scene: RuleScene;
const password = 'a long enough phrase';
const otpGrant = 'http://auth0.com/oauth/grant-type/mfa-otp';
const oobGrant = 'http://auth0.com/oauth/grant-type/mfa-oob';
const recoveryGrant = 'http://auth0.com/oauth/grant-type/mfa-recovery-code';
before(async () => {
  scene = await openRuleScene();
  for (const grant of ['password', otpGrant, oobGrant, recoveryGrant] as const) await scene.allow(grant);
});
after(() => scene.close());
beforeEach(() => scene.noRules());

const asks = (call: string) => scene.actions(`exports.onExecutePostLogin = async (event, api) => { ${call} };`);
let people = 0;

async function person(): Promise<string> {
  people += 1;
  const email = `asked${people}@example.com`;
  await signUp(scene, scene.browser(), email, password);
  return email;
}

/** Their own mailbox becomes a second factor. */
async function addMailbox(email: string): Promise<void> {
  const customer = await scene.customer(email);
  const [identity] = await identitiesOf(scene.base.db, customer.id);
  const portal = await getPortal(scene.base.db, 'lumiere-shop');
  const brand = portal?.brand ? await getBrand(scene.base.db, portal.brand) : undefined;
  assert.ok(identity && brand);
  const asked = { brand, language: 'en', ip: '192.0.2.1' } as const;
  const proven = { kind: 'email', address: email } as const;
  await addFactor(scene.base, scene.base.db, { customer: customer.id, subject: identity.subject, proven, asked });
}

/** An app is added where an action wants one. */
async function addApp(browser: Browser, page: Page): Promise<{ secret: string; codes: string[]; end: Page }> {
  const scan = await browser.submit(page, 'enrol');
  const secret = secretOn(scan);
  const shown = await browser.submit(scan, 'enrol-app', { code: codeOf(secret, -1) });
  const end = await browser.submit(shown, 'recovery-codes', { kept: 'yes' });
  return { secret, codes: recoveryCodesOn(shown), end };
}

/** Somebody with an app, and their mailbox beside it. */
async function personWithBoth(): Promise<{ email: string; secret: string; codes: string[] }> {
  const email = await person();
  await asks(`api.authentication.enrollWith({ type: 'otp' });`);
  const browser = scene.browser();
  const { secret, codes, end } = await addApp(browser, await signIn(scene, browser, email, password));
  assert.equal(end.url.origin, 'http://lumiere.example', end.text);
  await addMailbox(email);
  return { email, secret, codes };
}

const refusalOf = ({ url }: Page) => url.searchParams.get('error_description') ?? '';
/** A form that the page does not show. */
function forge(browser: Browser, page: Page, action: string, fields: Record<string, string>): Promise<Response> {
  const token = page.forms[0]?.pairs.find(([name]) => name === 'token')?.[1] ?? '';
  return browser.send(new URL(action, page.url), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: page.url.origin },
    body: new URLSearchParams({ token, ...fields }).toString(),
  });
}

test('security row 15: a factor of another kind than the one that an action asks for does not pass', async () => {
  const { email, secret, codes } = await personWithBoth();
  await asks(`api.authentication.challengeWith({ type: 'otp' });`);
  const browser = scene.browser();
  const asked = await signIn(scene, browser, email, password);
  assert.match(asked.url.pathname, /\/factor$/, asked.text);
  assert.doesNotMatch(asked.html, /factor-send|factor-recovery|way=recovery/);
  const mailed = await forge(browser, asked, 'factor-send', { to: 'email x' });
  const recovered = await forge(browser, asked, 'factor-recovery', { code: codes[0] ?? '' });
  assert.deepEqual([mailed.status, recovered.status], [404, 400]);
  const left = (await factorsOf(scene.base.db, (await scene.customer(email)).id)).find((one) => 'left' in one);
  assert.equal(left && 'left' in left && left.left, codes.length, 'the code is not used up either');
  assert.equal((await scene.mails(email)).filter(({ kind }) => kind === 'second_factor_code').length, 0);
  const done = await browser.submit(await browser.open(asked.url), 'factor', { code: codeOf(secret) });
  assert.deepEqual((await scene.tokens(done)).claims.amr, ['pwd', 'otp', 'mfa']);
});

test('who has none of the kinds that are asked for is refused, in words that say what to do', async () => {
  const email = await person();
  await asks(`api.authentication.challengeWithAny([{ type: 'otp' }, { type: 'phone' }]);`);
  assert.equal(
    refusalOf(await signIn(scene, scene.browser(), email, password)),
    'A second factor is needed, and there is none.',
  );
  await addMailbox(email);
  const other = /of another kind is needed: add one on the pages of your account/;
  assert.match(refusalOf(await signIn(scene, scene.browser(), email, password)), other);
  await asks(`api.authentication.enrollWith({ type: 'otp' });`);
  assert.match(refusalOf(await signIn(scene, scene.browser(), email, password)), other);
});

test('two actions that ask for different kinds are both heard: what passes fits both', async () => {
  const { email, secret } = await personWithBoth();
  const any = (types: string) => `exports.onExecutePostLogin = async (event, api) => {
    api.authentication.challengeWithAny([${types}]);
    api.multifactor.enable('none');
  };`;
  await scene.actions(any(`{ type: 'otp' }`), any(`{ type: 'email' }, { type: 'otp' }`));
  const browser = scene.browser();
  const asked = await signIn(scene, browser, email, password);
  assert.doesNotMatch(asked.html, /factor-send/);
  assert.ok((await scene.tokens(await browser.submit(asked, 'factor', { code: codeOf(secret) }))).claims.amr);
  await scene.actions(any(`{ type: 'otp' }`), any(`{ type: 'email' }`));
  assert.match(refusalOf(await signIn(scene, scene.browser(), email, password)), /of another kind/);
});

test('what was passed in the session counts where its kind is asked for, and only there', async () => {
  const { email, secret } = await personWithBoth();
  await asks(`api.authentication.challengeWith({ type: 'email' });
    api.idToken.setCustomClaim('https://shop.example/methods', event.authentication.methods);`);
  const browser = scene.browser();
  const asked = await signIn(scene, browser, email, password);
  const sent = await browser.submit(asked, 'factor-send');
  const done = await browser.submit(sent, 'factor-code', {
    code: (await scene.mail(email, 'second_factor_code')).code,
  });
  const tokens = await scene.tokens(done);
  assert.deepEqual(tokens.claims.amr, ['pwd', 'otp', 'mfa']);
  const silent = await scene.tokens(await browser.open(scene.door('lumiere', { prompt: 'none' })));
  const told = Object(silent.claims['https://shop.example/methods']);
  assert.deepEqual([told.length, told[0].name, told[1].name, told[1].type], [2, 'pwd', 'mfa', 'email']);
  const refresh = { grant_type: 'refresh_token', refresh_token: String(tokens.body.refresh_token) };
  assert.equal((await scene.token(refresh)).status, 200);

  await asks(`api.authentication.challengeWith({ type: 'otp' });`);
  const without = await browser.open(scene.door('lumiere', { prompt: 'none' }));
  assert.notEqual(without.url.searchParams.get('error'), null);
  const late = await scene.token(refresh);
  assert.equal(late.body.error, 'mfa_required');
  assert.deepEqual(late.body.mfa_requirements, { challenge: [{ type: 'otp' }] });
  const again = await browser.open(scene.door());
  assert.match(again.url.pathname, /\/factor$/, again.text);
  const stepped = await browser.submit(again, 'factor', { code: codeOf(secret) });
  assert.equal((await scene.tokens(stepped)).status, 200);
  assert.equal((await browser.open(scene.door('lumiere', { prompt: 'none' }))).url.searchParams.has('code'), true);
});

test('security row 15: at the portal’s own forms a factor of another kind does not pass either', async () => {
  const { email, secret, codes } = await personWithBoth();
  await asks(`api.authentication.challengeWith({ type: 'otp' });`);
  const ask = async (): Promise<Tokens> =>
    scene.token({ grant_type: 'password', username: email, password, scope: 'openid' });
  const { body } = await ask();
  assert.deepEqual(body.mfa_requirements, { challenge: [{ type: 'otp' }] });
  const mfa_token = String(body.mfa_token);
  const mailed = await scene.machine('/mfa/challenge', { mfa_token, challenge_type: 'oob' });
  assert.match(String(mailed.error_description), /no authenticator of this challenge_type/);
  const recovered = await scene.token({ grant_type: recoveryGrant, mfa_token, recovery_code: codes[0] ?? '' });
  assert.notEqual(recovered.status, 200);
  assert.equal((await scene.token({ grant_type: otpGrant, mfa_token, otp: codeOf(secret) })).status, 200);
});

test('only the kinds that an action asks for can be added on the way', async () => {
  const email = await person();
  await asks(`api.authentication.enrollWith({ type: 'email' });`);
  const browser = scene.browser();
  const page = await signIn(scene, browser, email, password);
  assert.match(page.url.pathname, /\/enrol$/, page.text);
  assert.deepEqual(
    page.forms.map(({ action }) => action),
    ['enrol-mail'],
  );
  assert.equal((await forge(browser, page, 'enrol', {})).status, 404);
  const direct = await scene.token({ grant_type: 'password', username: email, password, scope: 'openid' });
  assert.deepEqual(direct.body.mfa_requirements, { enroll: [{ type: 'email' }] });
  const app = await fetch(`${scene.url}/mfa/associate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${direct.body.mfa_token}` },
    body: JSON.stringify({ authenticator_types: ['otp'] }),
  });
  assert.equal(app.status, 403);
  const typed = await browser.submit(page, 'enrol-mail');
  const shown = await browser.submit(typed, 'enrol-code', {
    code: (await scene.mail(email, 'second_factor_code')).code,
  });
  const end = await browser.submit(shown, 'recovery-codes', { kept: 'yes' });
  assert.equal(end.url.origin, 'http://lumiere.example', end.text);
});

test('the ready rule for new devices asks at a portal’s own form, too: whoever has the password may be anywhere', async () => {
  const username = await person();
  const ask = () => scene.token({ grant_type: 'password', username, password, scope: 'openid' });
  assert.equal((await ask()).status, 200);
  await scene.api('POST', '/rules/library', { library: 'factor-on-new-device', settings: {} });
  const { status, body } = await ask();
  assert.deepEqual([status, body.error], [403, 'mfa_required']);
  assert.ok(Object(body.mfa_requirements).enroll, JSON.stringify(body));
});
