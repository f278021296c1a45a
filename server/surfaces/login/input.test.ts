// Wrong input, limits, and what must look the same: security cases 15, 18 and 19, and the "Wrong input".
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from '../../../test/http-browser.ts';
import { atNetwork, openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';

const world = await openWorld();
after(() => world.close());
const password = 'correct horse battery';
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';
await signUp(world, world.browser(), 'anna@example.com', password);

/** The page without what differs from flow to flow. */
const bare = (page: Page, address: string) =>
  page.html
    .replaceAll(page.url.pathname.split('/')[2] ?? '', '<flow>')
    .replace(/name="token" value="[^"]*"/g, 'token')
    .replaceAll(address, '<address>');

test('case 19: a wrong password looks and costs the same whether or not there is such an account', async () => {
  const { hasher } = world.base;
  const seen: string[] = [];
  for (const address of ['anna@example.com', 'nobody@example.com']) {
    const before = hasher.work().done;
    const page = await signIn(world, world.browser(), address, 'not the password');
    assert.equal(page.status, 403);
    assert.equal(hasher.work().done, before + 1, 'one hash either way');
    seen.push(bare(page, address));
  }
  assert.equal(seen[0], seen[1]);
  assert.match(
    seen[0] ?? '',
    /role="alert"[^>]*>Wrong e-mail address or password\. Try again, or let us mail you a code/,
  );
});

test('case 19: sign-up, mail code and forgotten password look the same for known and unknown addresses', async () => {
  const seen: string[][] = [];
  for (const username of ['anna@example.com', 'unknown@example.com']) {
    const browser = world.browser();
    const login = await browser.open(world.door());
    const signup = await browser.follow(login, 'Create an account');
    const code = await browser.follow(login, 'code');
    const forgot = await browser.follow(login, 'Forgot');
    const pages = [
      await browser.submit(signup, 'signup', { username, password: 'another good password' }),
      await browser.submit(code, 'code', { username }),
      await browser.submit(forgot, 'forgot', { username }),
    ];
    seen.push(pages.map((page) => `${page.status} ${bare(page, username)}`));
  }
  assert.deepEqual(seen[0], seen[1]);
});

test('a sign-up with a known address signs in to the account that is there, and changes nothing', async () => {
  const before = await world.customer('anna@example.com');
  const arrived = await signUp(world, world.browser(), 'anna@example.com', 'another good password');
  assert.equal((await world.tokens(arrived)).claims.sub, before.user_id);
  assert.ok(atShop(await signIn(world, world.browser(), 'anna@example.com', password)), 'the password stays');
  assert.equal((await signIn(world, world.browser(), 'anna@example.com', 'another good password')).status, 403);
});

test('case 15: ten wrong passwords shut this place out, by whatever name, and the mailed link lets in again', async () => {
  const email = 'guessed@example.com';
  await signUp(world, world.browser(), email, password);
  for (let tries = 0; tries < 10; tries += 1) {
    const name = tries % 2 ? email : email.toUpperCase();
    assert.equal((await signIn(world, world.browser(), name, `guess ${tries}`)).status, 403);
  }
  const refused = await signIn(world, world.browser(), email, password);
  assert.equal(refused.status, 429);
  assert.match(refused.text, /Too many attempts\. Wait a while, choose a new password, or use the link that we mailed/);
  assert.equal(refused.headers.get('x-ratelimit-limit'), '10');
  assert.equal(refused.headers.get('x-ratelimit-remaining'), '0');
  assert.ok(Number(refused.headers.get('x-ratelimit-reset')) > Date.now() / 1000);

  const { link } = await world.mail(email, 'unblock');
  const browser = world.browser();
  const ask = await browser.open(link);
  assert.equal((await signIn(world, world.browser(), email, password)).status, 429, 'looking changes nothing');
  const done = await browser.submit(ask, 'unblock');
  assert.match(done.text, /You can sign in again/);
  assert.ok(atShop(await signIn(world, world.browser(), email, password)));
  assert.match((await browser.open(link)).text, /This link is no longer good/);
});

test('case 15: a code is good for five tries', async () => {
  const browser = world.browser();
  const ask = await browser.follow(await browser.open(world.door()), 'code');
  let page = await browser.submit(ask, 'code', { username: 'tries@example.com' });
  const { code } = await world.mail('tries@example.com');
  const wrong = code === '000000' ? '111111' : '000000';
  for (let tries = 0; tries < 5; tries += 1) {
    page = await browser.submit(page, 'verify', { code: wrong });
    assert.equal(page.status, 400);
    assert.match(page.html, /id="code-error">That code is not right|no longer good/);
  }
  page = await browser.submit(page, 'verify', { code });
  assert.equal(page.status, 400);
  assert.match(page.text, /no longer good\. Ask for a new one/);
  const again = await browser.submit(page, 'verify-again');
  assert.match(again.text, /A new code is on its way/);
  const arrived = await browser.submit(again, 'verify', { code: (await world.mail('tries@example.com')).code });
  assert.ok(atShop(arrived), arrived.text);
});

const badAddresses: [why: string, address: string][] = [
  ['no address', 'anna'],
  ['two @', 'anna@example.com@evil.example'],
  ['control characters', 'anna\u0007@example.com'],
  ['a line end', 'anna@example.com\nbcc: x@evil.example'],
  ['10,000 characters', `${'a'.repeat(10_000)}@example.com`],
  ['letters of two scripts', 'аnna@example.com'],
  ['a wide @ beside another', 'anna＠example.com@evil.example'],
  ['half a surrogate', 'anna\ud800@example.com'],
  ['nothing', ''],
  ['spaces', '   '],
];

for (const [why, address] of badAddresses) {
  test(`an address with ${why} gets a sentence beside its field`, async () => {
    const browser = world.browser();
    const signup = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
    const page = await browser.submit(signup, 'signup', { username: address, password });
    assert.equal(page.status, 400);
    assert.match(page.html, /aria-describedby="username-error"/);
    assert.match(
      page.html,
      /role="alert" id="username-error">(This does not look like|There is something|Please fill in)/,
    );
    assert.equal(page.forms.at(-1)?.fields.password ?? '', '', 'the password is not sent back');
    const login = await signIn(world, browser, address, password);
    assert.ok(login.status === 400 || login.status === 403, String(login.status));
  });
}

test('a wide @ is the same address', async () => {
  assert.ok(atShop(await signIn(world, world.browser(), ' Anna＠Example.com ', password)));
});

test('passwords: too short, too long, the address itself, empty', async () => {
  const browser = world.browser();
  let page = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
  const cases: [given: string, says: RegExp][] = [
    ['short', /at least 8 characters/],
    ['x'.repeat(10_000), /too long/],
    ['new@example.com', /Do not use your e-mail address/],
    ['', /Please fill in this field/],
  ];
  for (const [given, says] of cases) {
    page = await browser.submit(page, 'signup', { username: 'new@example.com', password: given });
    assert.equal(page.status, 400);
    assert.match(page.text, says);
    assert.match(page.html, /role="alert" id="password-error"/);
  }
  assert.equal((await signIn(world, browser, 'anna@example.com', 'x'.repeat(10_000))).status, 400);
});

test('fields that are missing, sent twice, or of another kind', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const token = page.forms.at(-1)?.fields.token ?? '';
  const post = (body: string, type = 'application/x-www-form-urlencoded') =>
    browser.send(page.url, { method: 'POST', body, headers: { origin: world.url, 'content-type': type } });
  assert.equal((await post(`token=${token}`)).status, 400);
  assert.equal((await post(`token=${token}&username=a@b.example&username=anna@example.com&password=x`)).status, 400);
  assert.equal((await post(`token=${token}&username[]=anna@example.com&password[]=x`)).status, 400);
  assert.equal((await post('{"token":', 'application/json')).status, 400);
  const json = JSON.stringify({ token, username: { $ne: '' }, password: true });
  assert.equal((await post(json, 'application/json')).status, 400);
  assert.equal((await post('<x/>', 'text/xml')).status, 400);
  const huge = await post(`token=${token}&username=${'x'.repeat(1_100_000)}`);
  assert.equal(huge.status, 413);
  assert.match(await huge.text(), /That was too much to send\. Shorten what you typed and try again\./);
});

test('case 18: what anybody typed or a network told is shown as text', async () => {
  const evil = '"><script>alert(1)</script>';
  // Any but our own, which is a file.
  const script = /<script(?! type="module" src="\/assets\/)/;
  const browser = world.browser();
  const page = await browser.open(world.door('lumiere', { login_hint: evil }));
  assert.doesNotMatch(page.html, script);
  assert.equal(page.forms.find(({ action }) => action === 'login')?.fields.username, evil);
  const back = await browser.submit(page, 'login', { username: evil, password });
  assert.doesNotMatch(back.html, script);
  const query = `?stay&problem=network_failed&network=${encodeURIComponent(evil)}`;
  assert.doesNotMatch((await browser.open(`${page.url.href}${query}`)).html, script);
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.doesNotMatch(page.html, /style="| on\w+="/);
});

const failures = [
  'error_500',
  'malformed_json',
  'wrong_signature',
  'wrong_nonce',
  'wrong_issuer',
  'redirects',
] as const;
for (const failure of failures) {
  test(`a network that answers with ${failure}: a clear page, nothing half-written, and another try works`, async () => {
    const { google } = world.networks;
    const id = `6000${failures.indexOf(failure)}`;
    const email = `fails-${failure.replace('_', '-')}@gmail.com`;
    google.people.add({ id, name: 'F', givenName: 'F', familyName: 'F', email });
    const browser = world.browser();
    google.misbehave(failure);
    const failed = await signInWith(world, browser, 'google-oauth2', id);
    google.misbehave(null);
    assert.match(failed.url.pathname, /\/login$/, failed.text);
    assert.match(failed.text, /Google did not answer as it should\. Try again in a moment, or sign in another way\./);
    const { rowCount } = await world.base.pool.query('select 1 from identities where user_id = $1', [id]);
    assert.equal(rowCount, 0);
    const again = await atNetwork(browser, await browser.submit(failed, 'network', {}, 'google-oauth2'), id);
    assert.ok(atShop(again), again.text);
  });
}

test('who says no at the network comes back to choose another way', async () => {
  const { google } = world.networks;
  google.misbehave('user_denies');
  const browser = world.browser();
  const page = await browser.submit(await browser.open(world.door()), 'network', {}, 'google-oauth2');
  google.misbehave(null);
  assert.match(page.url.pathname, /\/login$/);
  assert.match(page.text, /Google did not sign you in/);
});

test('a portal that is not known, and an address that it did not register, are told as what they are', async () => {
  const door = new URL(world.door());
  door.searchParams.set('redirect_uri', 'https://evil.example/');
  const elsewhere = await world.browser().open(door);
  assert.equal(elsewhere.status, 403);
  assert.match(elsewhere.text, /The address to return to is not allowed for this site\. Go back and tell its owner\./);
  door.searchParams.set('client_id', 'nobody');
  const unknown = await world.browser().open(door);
  assert.equal(unknown.status, 403);
  assert.match(unknown.text, /The site that sent you is not known here\. Go back and tell its owner\./);
});

test('links that are too old, used, or made up say so', async () => {
  const browser = world.browser();
  for (const path of ['reset-password', 'email-verification', 'unblock']) {
    for (const ticket of ['', 'x', 'A'.repeat(43)]) {
      const page = await browser.open(`${world.url}/u/${path}?ticket=${ticket}`);
      assert.equal(page.status, 410);
      assert.match(page.text, /This link is no longer good/);
    }
  }
  const forgot = await browser.follow(await browser.open(world.door()), 'Forgot');
  await browser.submit(forgot, 'forgot', { username: 'anna@example.com' });
  const { link } = await world.mail('anna@example.com');
  const form = await browser.open(link);
  const weak = await browser.submit(form, 'reset-password', { password: 'short' });
  assert.equal(weak.status, 400);
  assert.match(weak.text, /at least 8 characters/);
  const done = await browser.submit(weak, 'reset-password', { password: 'a whole new password' });
  assert.match(done.text, /Sign in with the new password/);
  assert.equal((await browser.open(link)).status, 410, 'once');
  assert.ok(atShop(await signIn(world, browser, 'anna@example.com', 'a whole new password')));
});

test('nothing that was typed in secret stands in the log', () => {
  for (const line of world.logged) assert.doesNotMatch(line, /correct horse battery|a whole new password|ticket=/);
});

test('each limit says what to do about it: who asks for too many codes is told of no link', async () => {
  const browser = world.browser();
  const ask = async () =>
    browser.submit(await browser.open(new URL('code', (await browser.open(world.door())).url)), 'code', {
      username: 'flooded@example.com',
    });
  for (let times = 0; times < 7; times += 1) assert.equal((await ask()).status, 200);
  const refused = await ask();
  assert.equal(refused.status, 429);
  assert.match(
    refused.text,
    /We have sent there several times already\. Look at the newest message, or wait an hour\./,
  );
  assert.doesNotMatch(refused.text, /link/);
});
