import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { demoSecrets } from '../../../demo/demo-secrets.ts';
import { askFor } from '../../../test/consents.ts';
import { openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { createAccount } from '../../features/accounts/accounts.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { defaultPasswordConnection } from '../../features/connections/connections.ts';
import { customersByEmail } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';

const world = await openWorld();
after(() => world.close());
const grant_type = 'http://auth0.com/oauth/grant-type/passwordless/otp';
await world.allow(grant_type);
const challenge = new URL(world.door()).searchParams.get('code_challenge') ?? '';

const start = (email: string, more: Record<string, string> = {}) =>
  world.machine('/passwordless/start', { connection: 'email', email, send: 'code', ...more });
const redeem = (email: string, otp: string, more: Record<string, string> = {}) =>
  world.token({ grant_type, username: email, otp, realm: 'email', scope: 'openid email offline_access', ...more });
/** Has a link mailed, as the shop's server does. */
async function startLink(email: string, authParams: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const { client_id, client_secret } = shopClient();
  const response = await fetch(`${world.url}/passwordless/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id,
      client_secret,
      connection: 'email',
      email,
      send: 'link',
      authParams: { state: 'shop-state', scope: 'openid email', code_challenge: challenge, ...authParams },
    }),
  });
  return { status: response.status, ...JSON.parse(await response.text()) };
}
const shopClient = () => {
  return { client_id: 'lumiere-shop', client_secret: demoSecrets(world.base.vault).shops.lumiere };
};
const unverified = (email: string) =>
  createAccount(world.base, world.base.db, {
    connection: defaultPasswordConnection,
    email,
    password: 'the attacker knows',
    emailVerified: false,
    facts: [],
    origin: 'api',
  });

test('a mailed code signs in, and up, where the portal takes it itself', async () => {
  const email = 'otto@example.com';
  const started = await start('Otto@Example.com');
  assert.match(String(started._id), /^[0-9a-f]{24}$/);
  assert.deepEqual([started.email, started.email_verified], [email, false]);
  const { code, kind, sender } = await world.mail(email);
  assert.equal(kind, 'sign_in_code');
  assert.match(sender, /^Lumière </);
  const tokens = await redeem(email, code);
  assert.equal(tokens.status, 200, JSON.stringify(tokens.body));
  const { sub, email_verified, amr } = tokens.claims;
  assert.deepEqual([email_verified, amr], [true, ['otp']]);
  assert.ok(tokens.body.refresh_token);
  assert.equal((await world.customer(email)).user_id, sub);

  await start(email);
  const again = await redeem(email, (await world.mail(email)).code);
  assert.equal(again.claims.sub, sub, 'the same customer');
});

test('a code is good once, at the portal that asked, and the newest one alone', async () => {
  const email = 'once@example.com';
  await start(email);
  const first = (await world.mail(email)).code;
  await start(email);
  const { code } = await world.mail(email);
  const wrong = code === '000000' ? '000001' : '000000';
  for (const typed of [wrong, ...(first === code ? [] : [first])]) {
    const refused = await redeem(email, typed);
    assert.deepEqual(
      [refused.status, refused.body.error, refused.body.error_description],
      [403, 'invalid_grant', 'Wrong email or verification code.'],
    );
  }
  // The other shop may take codes, too: not this one.
  const grant_types = [grant_type, 'authorization_code', 'refresh_token'] as const;
  const settings = { grant_types: [...grant_types] };
  await updatePortal(world.base, 'northtrail-shop', { settings }, () => undefined);
  await world.base.settings.refresh();
  const other = await fetch(`${world.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: 'northtrail-shop',
      client_secret: demoSecrets(world.base.vault).shops.northtrail,
      grant_type,
      username: email,
      otp: code,
      realm: 'email',
    }),
  });
  assert.equal(other.status, 403, 'the code is not for the other shop');
  const many = await Promise.all(Array.from({ length: 50 }, () => redeem(email, code)));
  assert.equal(many.filter(({ status }) => status === 200).length, 1, 'of fifty at once one gets in');
  assert.equal((await customersByEmail(world.base.db, email)).length, 1);
});

test('security row 15: five tries for a code, however it is typed', async () => {
  const email = 'tries@example.com';
  await start(email);
  const { code } = await world.mail(email);
  const wrong = code === '111111' ? '222222' : '111111';
  for (let tries = 0; tries < 5; tries += 1) assert.equal((await redeem(email, wrong)).status, 403);
  assert.equal((await redeem(email, code)).status, 403, 'the right one comes too late');
});

test('security row 19: whoever asks cannot tell who has an account', async () => {
  await signUp(world, world.browser(), 'known@example.com', 'correct horse battery');
  for (const send of ['code', 'link']) {
    const [known, unknown] = [
      await start('known@example.com', { send }),
      await start('unknown@example.com', { send }),
    ].map(({ _id, email, ...rest }) => rest);
    assert.deepEqual(known, unknown);
  }
  const refusals = [await redeem('known@example.com', '000000'), await redeem('nobody@example.com', '000000')];
  assert.deepEqual(refusals[0]?.body, refusals[1]?.body);
});

test('nobody’s inbox is flooded', async () => {
  const answers: Record<string, unknown>[] = [];
  for (let count = 0; count < 8; count += 1) answers.push(await start('flooded@example.com'));
  assert.equal(answers[6]?.error, undefined);
  assert.equal(answers[7]?.error, 'too_many_attempts');
});

test('what is asked for wrongly is refused in Auth0’s words', async () => {
  const refusals: [Record<string, string>, string][] = [
    [{ connection: 'sms', phone_number: '+14155550100' }, 'bad.connection'],
    [{ connection: 'facebook' }, 'bad.connection'],
    [{ email: 'not an address' }, 'bad.email'],
    [{ send: 'pigeon' }, 'invalid_request'],
    [{ client_secret: 'wrong' }, 'access_denied'],
    [{ client_id: 'nobody' }, 'access_denied'],
  ];
  for (const [params, error] of refusals) assert.equal((await start('a@example.com', params)).error, error);
  assert.equal((await startLink('a@example.com', { redirect_uri: 'https://evil.example' })).error, 'invalid_request');
  assert.equal((await startLink('a@example.com', { response_type: 'token' })).error, 'invalid_request');
  assert.equal((await startLink('a@example.com', { login_ticket: 'x' })).error, 'invalid_request');
});

test('a mailed link signs in by one click and hands the portal a code with its own state', async () => {
  const email = 'lina@example.com';
  assert.equal((await startLink(email)).status, 200);
  const { link, kind } = await world.mail(email);
  assert.equal(kind, 'sign_in_link');
  assert.ok(link.startsWith(`${world.url}/u/sign-in-link?ticket=`));
  const prefetch = world.browser();
  for (let looks = 0; looks < 3; looks += 1) assert.equal((await prefetch.open(link)).status, 200);
  assert.deepEqual(await customersByEmail(world.base.db, email), [], 'looking uses nothing up and signs nobody in');
  assert.ok(!(await prefetch.open(world.door())).url.href.startsWith('http://lumiere.example'));

  const browser = world.browser();
  const page = await browser.open(link);
  assert.match(page.text, /as lina@example\.com, here in this browser/);
  const arrived = await browser.submit(page, 'sign-in-link');
  assert.equal(arrived.url.origin, 'http://lumiere.example', arrived.text);
  assert.equal(arrived.url.searchParams.get('state'), 'shop-state');
  const tokens = await world.tokens(arrived);
  assert.deepEqual([tokens.claims.email, tokens.claims.email_verified], [email, true]);
  assert.ok((await browser.open(world.door())).url.href.startsWith('http://lumiere.example'), 'and is signed in here');

  const second = await world.browser().submit(page, 'sign-in-link');
  assert.equal(second.status, 410);
  assert.match(second.text, /no longer good/);
});

test('security rows 6 and 7: a link signs nobody in by itself, and not for another site', async () => {
  const email = 'attacker@example.com';
  const victim = world.browser();
  await signUp(world, victim, 'the-victim@example.com', 'correct horse battery');
  await startLink(email);
  const { link } = await world.mail(email);
  const page = await victim.open(link);
  assert.match(page.text, /attacker@example\.com/, 'it says as whom');
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, 'nor behind a frame');
  const still = await victim.open(world.door());
  assert.equal((await world.tokens(still)).claims.email, 'the-victim@example.com');
  const ticket = new URL(link).searchParams.get('ticket') ?? '';
  for (const origin of ['https://evil.example', 'null', undefined]) {
    const forged = await victim.send(`${world.url}/u/sign-in-link`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...(origin && { origin }) },
      body: new URLSearchParams({ ticket }).toString(),
    });
    assert.equal(forged.status, 403);
  }
  // Who presses the button is somebody else from then on: with a session of its own.
  const before = victim.jar.header(new URL(world.url));
  const arrived = await victim.submit(page, 'sign-in-link');
  assert.equal((await world.tokens(arrived)).claims.email, email);
  assert.notEqual(victim.jar.header(new URL(world.url)), before);
});

test('of fifty that press the button at once, one gets in', async () => {
  await startLink('fifty@example.com');
  const { link } = await world.mail('fifty@example.com');
  const page = await world.browser().open(link);
  const all = await Promise.all(Array.from({ length: 50 }, () => world.browser().submit(page, 'sign-in-link')));
  assert.equal(all.filter(({ url }) => url.searchParams.has('code')).length, 1);
  assert.equal((await customersByEmail(world.base.db, 'fifty@example.com')).length, 1);
});

test('security row 2: the first proof by code or link drops what was set before without one', async () => {
  for (const by of ['code', 'link']) {
    const email = `victim-by-${by}@example.com`;
    const { customer } = await unverified(email);
    const attacker = world.browser();
    const inside = await signIn(world, attacker, email, 'the attacker knows');
    assert.equal(inside.url.origin, 'http://lumiere.example');
    await (by === 'code' ? start(email) : startLink(email));
    const { code, link } = await world.mail(email);
    const victim = world.browser();
    const tokens =
      by === 'code'
        ? await redeem(email, code)
        : await world.tokens(await victim.submit(await victim.open(link), 'sign-in-link'));
    assert.equal(tokens.claims.sub, customer.user_id, 'the account is the victim’s');
    assert.equal((await signIn(world, world.browser(), email, 'the attacker knows')).status, 403);
    assert.notEqual((await attacker.open(world.door())).url.origin, 'http://lumiere.example', 'the session is dead');
  }
});

test('who shares an unproven address with another profile gets one of their own', async () => {
  const { facebook } = world.networks;
  const email = 'shared@example.com';
  facebook.people.add({ id: '700000000000000001', name: 'S', givenName: 'S', familyName: 'S', email });
  const other = await world.tokens(await signInWith(world, world.browser(), 'facebook', '700000000000000001'));
  await start(email);
  const tokens = await redeem(email, (await world.mail(email)).code);
  assert.equal(tokens.status, 200);
  assert.notEqual(tokens.claims.sub, other.claims.sub);
});

test('a code makes nobody a customer of a shop that lets nobody in without consent; the link asks on its page', async () => {
  const brand = (await brandBySlug(world.base.db, 'lumiere'))?.id ?? '';
  const texts = { en: { label: 'I accept the terms.' } };
  const terms = await askFor(world.base, { brand, purpose: 'terms', required: true, position: 1, texts });
  const settings = { require_consent: true };
  await updatePortal(world.base, 'lumiere-shop', { settings }, () => undefined);
  await world.base.settings.refresh();
  const email = 'agreeable@example.com';
  await start(email);
  const refused = await redeem(email, (await world.mail(email)).code);
  assert.deepEqual([refused.status, refused.body.error], [403, 'access_denied']);
  assert.deepEqual(await customersByEmail(world.base.db, email), []);

  await startLink(email);
  const browser = world.browser();
  const page = await browser.submit(await browser.open((await world.mail(email)).link), 'sign-in-link');
  assert.match(page.url.pathname, /\/consent$/);
  const arrived = await browser.submit(page, 'consent', { [`consent.${terms}`]: 'yes' });
  assert.equal((await world.tokens(arrived)).claims.email, email);
  await start(email);
  assert.equal((await redeem(email, (await world.mail(email)).code)).status, 200, 'it is answered now');
});
