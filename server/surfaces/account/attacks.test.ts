// Attacks on the account pages: words of strangers, claimed addresses, links without proof, verifying oneself.
import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { type Browser, createBrowser, type Page } from '../../../test/http-browser.ts';
import { atNetwork, openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { customersByEmail, findById, identitiesOf, proofsOf } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const { db } = world.base;
const { google } = world.networks;
const password = 'correct horse battery';
const account = `${world.url}/account`;

let number = 0;
function person(email: string): string {
  number += 1;
  const id = `50000000000077${String(number).padStart(4, '0')}`;
  google.people.add({ id, name: 'Somebody', givenName: 'Some', familyName: 'Body', email });
  return id;
}
async function open(email: string): Promise<Browser> {
  const browser = world.browser();
  assert.equal((await signUp(world, browser, email, password)).url.origin, 'http://lumiere.example');
  return browser;
}
async function link(browser: Browser, id: string): Promise<Page> {
  return atNetwork(
    browser,
    await browser.submit(await browser.open(`${account}/ways`), 'link', {}, 'google-oauth2'),
    id,
  );
}
const post = (browser: Browser, name: string, fields: Record<string, string>) =>
  browser.send(`${account}/${name}`, {
    method: 'POST',
    headers: { origin: world.url },
    body: new URLSearchParams(fields),
  });
const tokenOn = (page: Page) => page.forms.at(-1)?.fields.token ?? '';
const identitiesAt = async (email: string) => (await identitiesOf(db, (await world.customer(email)).id)).length;

test('security row 18: a link puts no words of a stranger, and no false news, on a page of the account', async () => {
  const browser = await open('reads@example.com');
  const words = 'Call +1 555 0100 at once';
  const links = [
    ...['linked', 'merged', 'unlinked', 'session_ended'].map(
      (done) => `/ways?${new URLSearchParams({ done, what: words })}`,
    ),
    '/ways?done=password',
    '/ways?failed=network_failed',
    `/join?${new URLSearchParams({ handle: 'x', what: words, network: words, joining: words })}`,
  ];
  const stranger = await open('writes@example.com');
  const { id: code } = await nameOnPage(stranger, words);
  links.push(`/passkeys?said=${encodeURIComponent(code)}`);
  for (const path of links) {
    const page = await browser.open(account + path);
    assert.doesNotMatch(page.text, /555 0100/, path);
    assert.doesNotMatch(page.text, /saved|did not answer|opens your account, too/, path);
  }
  // What was sealed for one page is nothing on another.
  const { id: said } = await nameOnPage(browser, 'Reader');
  const page = await browser.open(`${account}/join?${new URLSearchParams({ joining: said })}`);
  assert.equal(page.url.pathname, '/account/ways');
});

/** What this person's own page has in its address after something of theirs was done: sealed for their session. */
async function nameOnPage(browser: Browser, name: string): Promise<{ id: string }> {
  const page = await browser.open(`${account}/known/value?path=nickname`);
  const done = await browser.submit(page, 'correct', { value: name });
  const said = done.url.searchParams.get('said');
  assert.ok(said, done.text);
  assert.match(done.text, /saved\. What you said counts/);
  return { id: said };
}

test('security row 4: a network that is linked proves no address by a claim that is missing, text or not verified', async () => {
  for (const [index, fault] of (['email_verified_string', 'unverified_email', 'missing_email'] as const).entries()) {
    const victim = `claimed-victim-${index}@gmail.com`;
    await open(victim);
    const { id } = await world.customer(victim);
    const attacker = await open(`claimer-${index}@example.com`);
    google.misbehave(fault);
    const back = await link(attacker, person(victim));
    google.misbehave(null);
    assert.ok(back.status < 500, back.text);
    const own = await world.customer(`claimer-${index}@example.com`);
    assert.ok(!(await proofsOf(db, own.id)).some(({ address }) => address === victim), fault);
    assert.equal((await identitiesOf(db, id)).length, 1, 'the victim is joined by nobody');
    const inside = await world.tokens(await signIn(world, world.browser(), victim, password));
    assert.equal(inside.claims.sub, (await findById(db, id))?.user_id);
  }
});

test('security row 5: a link is proven once, for this session, and the browser names neither account', async () => {
  const browser = await open('links@example.com');
  const other = await open('others@example.com');
  const victim = await world.customer('others@example.com');
  const id = person('links-too@gmail.com');
  const stopping = createBrowser({ stopAt: [`${world.url}/login/callback`], jar: browser.jar });
  const page = await stopping.open(`${account}/ways`);
  const { url } = await atNetwork(stopping, await stopping.submit(page, 'link', {}, 'google-oauth2'), id);
  const theirs = await stopping.open(`${account}/ways`);
  const stolen = await atNetwork(stopping, await stopping.submit(theirs, 'link', {}, 'google-oauth2'), id);
  assert.ok((await other.open(stolen.url)).status >= 400, 'the answer to another session');
  assert.equal(await identitiesAt('others@example.com'), 1);
  // Fields that name another account are no part of it.
  const forged = new URL(url);
  for (const name of ['customer', 'user_id', 'subject', 'session']) forged.searchParams.set(name, victim.id);
  assert.match((await browser.open(forged)).text, /From now on Google opens your account, too/);
  assert.equal(await identitiesAt('links@example.com'), 2);
  assert.equal(await identitiesAt('others@example.com'), 1);
  for (const who of [browser, other]) assert.ok((await who.open(url)).status >= 400, 'once');
  assert.equal(await identitiesAt('others@example.com'), 1);
});

test('security row 5: the yes to joining is good for the session that proved both, whatever the form names', async () => {
  const id = person('joined@gmail.com');
  const owner = await open('joins@example.com');
  const loser = world.browser();
  const at = await loser.submit(await loser.open(world.door()), 'network', {}, 'google-oauth2');
  await atNetwork(loser, at.url.pathname.endsWith('/connect') ? await loser.submit(at, 'connect', {}, 'no') : at, id);
  const ask = await link(owner, id);
  assert.equal(ask.url.pathname, '/account/join', ask.text);
  const joining = ask.forms.find(({ action }) => action.endsWith('/join'))?.fields.joining ?? '';
  const thief = await open('steals@example.com');
  const token = tokenOn(await thief.open(`${account}/ways`));
  const victim = await world.customer('joins@example.com');
  for (const form of [
    { joining },
    { joining: '', handle: joining },
    { joining, customer: victim.id, other: victim.id },
  ]) {
    assert.ok((await post(thief, 'join', { token, ...form })).status >= 400);
  }
  assert.equal(await identitiesAt('steals@example.com'), 1);
  assert.equal((await customersByEmail(db, 'joined@gmail.com')).length, 1, 'nor is anybody joined');
});

test('security row 17: an address is proven by the code that was mailed to it, not by what the form says of it', async () => {
  const email = 'verifies@example.com';
  const victim = 'not-mine@example.com';
  const browser = await open(email);
  const { id } = await world.customer(email);
  const asked = await browser.submit(await browser.open(`${account}/email`), 'email', {
    username: 'mine-too@example.com',
  });
  const mailed = asked.forms.find(({ action }) => action.endsWith('/verify'))?.fields.mailed ?? '';
  const token = tokenOn(asked);
  const { code } = await world.mail('mine-too@example.com');
  const wants = { email_verified: 'true', address: victim, email: victim, username: victim };
  const other = await open('other-mailed@example.com');
  const forged = await other.submit(await other.open(`${account}/email`), 'email', { username: victim });
  const othersMailed = forged.forms.find(({ action }) => action.endsWith('/verify'))?.fields.mailed ?? '';
  for (const fields of [{ mailed: '' }, { mailed: othersMailed }, { mailed: `${mailed}x` }, {}]) {
    assert.ok((await post(browser, 'verify', { token, ...wants, ...fields, code })).status >= 400);
  }
  for (const name of ['email', 'password', 'passkey-name', 'unlink', 'factor-name']) {
    await post(browser, name, { token, email_verified: 'true', proved_at: '2026-01-01T00:00:00Z' });
  }
  assert.equal((await findById(db, id))?.email, email);
  const done = await post(browser, 'verify', { token, ...wants, mailed, code });
  assert.equal(done.status, 303);
  const after = await findById(db, id);
  assert.deepEqual([after?.email, after?.email_verified], ['mine-too@example.com', true]);
  assert.ok(!(await proofsOf(db, id)).some(({ address }) => address === victim));
});

test('security row 8: erasing and downloading ask for their own fresh proof, and keeping for the step before', async () => {
  const email = 'bypassed@example.com';
  const browser = await open(email);
  const { id } = await world.customer(email);
  const token = tokenOn(await browser.open(`${account}/erase`));
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 });
  try {
    for (const name of ['erase', 'download']) {
      const answer = await post(browser, name, { token, fresh: 'true', proof: 'password', isFresh: '1' });
      assert.equal(answer.status, 303, name);
      assert.match(answer.headers.get('location') ?? '', /\/authorize\?.*prompt=login/);
    }
  } finally {
    mock.timers.reset();
  }
  assert.equal((await findById(db, id))?.erase_at, null);
  await post(browser, 'erase', { token });
  assert.ok((await findById(db, id))?.erase_at);
  // Nobody is asked whether to keep it before they have proven that it is theirs.
  const visitor = world.browser();
  const login = await visitor.open(world.door());
  const flow = login.url.pathname.replace(/login$/, '');
  const body = new URLSearchParams({ token: tokenOn(login), customer: id, username: email });
  for (const step of ['keep', 'leave']) {
    const answer = await visitor.send(world.url + flow + step, {
      method: 'POST',
      headers: { origin: world.url },
      body,
    });
    const end = new URL(answer.headers.get('location') ?? world.url, world.url);
    assert.equal(end.searchParams.get('code'), null, step);
  }
  assert.ok((await findById(db, id))?.erase_at, 'it is still to be erased');
});

test('security row 17: erase and download are about who is signed in, and make nothing proven', async () => {
  const victim = await open('left-alone@example.com');
  const { id, user_id } = await world.customer('left-alone@example.com');
  const browser = await open('erases@example.com');
  const token = tokenOn(await browser.open(`${account}/data`));
  const names = { customer: id, user_id, id, subject: id, email: 'left-alone@example.com', email_verified: 'true' };
  const query = new URLSearchParams(names);
  const file = await (await post(browser, `download?${query}`, { token, ...names })).text();
  assert.match(file, /erases@example\.com/);
  assert.doesNotMatch(file, /left-alone@example\.com/);
  const own = await world.customer('erases@example.com');
  await post(browser, `erase?${query}`, { token, ...names, erase_at: '2020-01-01T00:00:00Z' });
  assert.equal((await findById(db, id))?.erase_at, null);
  assert.equal((await victim.open(account)).url.pathname, '/account');
  const asked = await findById(db, own.id);
  assert.ok(asked?.erase_at && asked.erase_at > new Date(), 'the day is ours to name');
  const keep = await signIn(world, browser, 'erases@example.com', password);
  await browser.submit(keep, 'keep', { email_verified: 'true', email: 'left-alone@example.com' });
  const kept = await findById(db, own.id);
  assert.deepEqual([kept?.email, kept?.erase_at], ['erases@example.com', null]);
  assert.ok(!(await proofsOf(db, own.id)).some(({ address }) => address === 'left-alone@example.com'));
});
