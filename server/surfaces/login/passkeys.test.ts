import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { type Authenticator, createAuthenticator } from '../../../test/authenticator.ts';
import type { Page } from '../../../test/http-browser.ts';
import { addPasskey, createOptionsOf, getOptionsOf, usePasskey } from '../../../test/passkey-steps.ts';
import { openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { setPasskeyPolicy, waysIn } from '../../features/accounts/accounts.ts';
import { setBlocked, timelineOf } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const password = 'correct horse battery';
const refused = /This passkey does not open an account here/;
const expired = /That took too long/;
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';

/** Somebody with a passkey: signed in in `browser`. */
async function owner(email: string, authenticator = createAuthenticator(world.url)) {
  const browser = world.browser();
  assert.ok(atShop(await signUp(world, browser, email, password)));
  const added = await addPasskey(world, browser, authenticator, { name: 'My phone' });
  assert.match(added.text, /From now on the passkey “My phone” opens your account/);
  const { id, user_id } = await world.customer(email);
  return { browser, authenticator, id, userId: user_id };
}

async function namesOf(customer: string): Promise<string[]> {
  return (await timelineOf(world.base.db, customer, { perPage: 50 })).entries.map(({ name }) => name);
}

async function signInsOf(customer: string): Promise<number> {
  const { rows } = await world.base.pool.query('select 1 from sign_ins where customer = $1', [customer]);
  return rows.length;
}

for (const algorithm of ['ES256', 'RS256', 'EdDSA'] as const) {
  test(`a passkey (${algorithm}) signs its customer in, as two factors in one`, async () => {
    const email = `${algorithm.toLowerCase()}@example.com`;
    const { authenticator, id, userId } = await owner(email, createAuthenticator(world.url, { algorithm }));
    assert.equal((await world.mail(email)).kind, 'passkey_added');
    const page = await usePasskey(world, world.browser(), authenticator);
    assert.ok(atShop(page), page.text);
    const { claims } = await world.tokens(page);
    assert.equal(claims.sub, userId);
    assert.deepEqual(claims.amr, ['swk', 'user', 'mfa']);
    assert.equal(claims.acr, 'http://schemas.openid.net/pape/policies/2007/06/multi-factor');
    const [way] = (await waysIn(world.base.db, id)).filter(({ kind }) => kind === 'passkey');
    assert.ok(way?.kind === 'passkey' && way.lastUsedAt && way.provedAt && way.isSynced);
    assert.ok((await namesOf(id)).includes('passkey_added'));
  });
}

test('it is one factor when the authenticator did not verify who holds it, and none where the umbrella asks for that', async () => {
  const key = createAuthenticator(world.url, { synced: false });
  const { authenticator } = await owner('unverified-holder@example.com', key);
  const page = await usePasskey(world, world.browser(), authenticator, { verified: false });
  const { claims } = await world.tokens(page);
  assert.deepEqual([claims.amr, claims.acr], [['hwk', 'user'], undefined]);
  await setPasskeyPolicy(world.base.db, world.base.settings, 'required');
  await world.base.settings.refresh();
  try {
    assert.match((await usePasskey(world, world.browser(), authenticator, { verified: false })).text, refused);
    assert.ok(atShop(await usePasskey(world, world.browser(), authenticator)));
    const browser = world.browser();
    await signUp(world, browser, 'unverified-maker@example.com', password);
    const made = await addPasskey(world, browser, createAuthenticator(world.url), { lies: { verified: false } });
    assert.match(made.text, /This passkey could not be saved/);
  } finally {
    await setPasskeyPolicy(world.base.db, world.base.settings, 'preferred');
    await world.base.settings.refresh();
  }
});

test('security row 19: the options are the same for everybody, and an unknown passkey answers as a wrong one', async () => {
  const { authenticator } = await owner('enumerated@example.com');
  const browser = world.browser();
  const page = await browser.open(world.door('lumiere', { login_hint: 'enumerated@example.com' }));
  const { challenge, ...options } = await getOptionsOf(browser, page);
  assert.match(challenge, /^[\w-]{43}$/);
  assert.deepEqual(options, {
    allowCredentials: [],
    rpId: 'localhost',
    timeout: 300_000,
    userVerification: 'preferred',
  });
  const answers = [];
  for (const lies of [{ credentialId: 'AAAAAAAAAAAAAAAAAAAAAA' }, { forged: true }, { userHandle: 'AAAA' }]) {
    const wrong = await usePasskey(world, world.browser(), authenticator, lies);
    answers.push({ status: wrong.status, text: wrong.text });
  }
  assert.match(answers[0]?.text ?? '', refused);
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
});

test('what another site, another address or another ceremony made is refused', async () => {
  const { authenticator, id } = await owner('phished@example.com');
  const before = await signInsOf(id);
  const lies = [
    { origin: 'https://evil.example' },
    { origin: `${world.url}.evil.example` },
    { origin: world.url.replace('http:', 'https:') },
    { rpId: 'evil.example' },
    { type: 'webauthn.create' },
    { crossOrigin: true },
    { present: false },
    { forged: true },
    { userHandle: Buffer.from('somebody else').toString('base64url') },
  ];
  for (const lie of lies) {
    const page = await usePasskey(world, world.browser(), authenticator, lie);
    assert.match(page.text, refused, JSON.stringify(lie));
    assert.equal(page.status, 403);
  }
  assert.equal(await signInsOf(id), before);
  assert.equal((await namesOf(id)).filter((name) => name === 'wrong_passkey').length, lies.length);
  assert.ok(atShop(await usePasskey(world, world.browser(), authenticator)), 'and the owner still comes in');
  const browser = world.browser();
  await signUp(world, browser, 'phished-maker@example.com', password);
  for (const lie of lies.slice(0, 7)) {
    const type = 'type' in lie ? { type: 'webauthn.get' } : lie;
    const page = await addPasskey(world, browser, createAuthenticator(world.url), { lies: type });
    assert.match(page.text, /This passkey could not be saved/, JSON.stringify(lie));
  }
  const page = await browser.open(`${world.url}/account/passkey`);
  const made = JSON.parse(createAuthenticator(world.url).create(createOptionsOf(page)));
  const credential = JSON.stringify({ ...made, id: 'QUFBQQ', rawId: 'QUFBQQ' });
  const renamed = await browser.submit(page, '/account/passkey', { credential });
  assert.match(renamed.text, /This passkey could not be saved/, 'of another id than its own');
});

test('what is no answer at all is refused', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const { authenticator } = await owner('garbled@example.com');
  const good = JSON.parse(authenticator.get(await getOptionsOf(browser, page)));
  const { userHandle: _, ...handless } = good.response;
  const table = ['', '{', '[]', 'null', '{"id":"x"}', JSON.stringify({ ...good, response: handless })];
  for (const credential of [
    ...table,
    JSON.stringify({ ...good, rawId: 'AAAA' }),
    JSON.stringify({ ...good, type: 'x' }),
  ]) {
    assert.equal((await browser.submit(page, 'passkey', { credential })).status, 403, credential);
  }
  const right = JSON.parse(authenticator.get(await getOptionsOf(browser, page)));
  const twoIds = JSON.stringify({ ...right, id: 'AAAA' });
  assert.equal((await browser.submit(page, 'passkey', { credential: twoIds })).status, 403);
});

test('an answer is good once: replayed in its flow it changes nothing, in another it is refused', async () => {
  const { authenticator, id } = await owner('replayed@example.com');
  const browser = world.browser();
  const page = await browser.open(world.door());
  const other = await browser.open(world.door());
  const credential = authenticator.get(await getOptionsOf(browser, page));
  assert.match((await browser.submit(other, 'passkey', { credential })).text, expired, 'not of this flow');
  assert.ok(atShop(await browser.submit(page, 'passkey', { credential })), 'which did not use it up');
  const count = await signInsOf(id);
  await browser.submit(page, 'passkey', { credential });
  assert.match((await browser.submit(other, 'passkey', { credential })).text, expired);
  const thief = world.browser();
  assert.match((await thief.submit(await thief.open(world.door()), 'passkey', { credential })).text, expired);
  assert.equal(await signInsOf(id), count);
});

test('an answer is good for ten minutes', async () => {
  const { authenticator } = await owner('slow@example.com');
  const browser = world.browser();
  const page = await browser.open(world.door());
  const options = await getOptionsOf(browser, page);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 601_000 });
  try {
    assert.match((await browser.submit(page, 'passkey', { credential: authenticator.get(options) })).text, expired);
    const credential = authenticator.get(await getOptionsOf(browser, page));
    assert.ok(atShop(await browser.submit(page, 'passkey', { credential })), 'a new one is asked for');
  } finally {
    mock.timers.reset();
  }
});

test('two tabs: each has a challenge of its own, and both sign in', async () => {
  const { authenticator, userId } = await owner('tabs@example.com');
  const browser = world.browser();
  const tabs = [await browser.open(world.door()), await browser.open(world.door())];
  const options = [];
  for (const tab of tabs) options.push(await getOptionsOf(browser, tab));
  for (const [place, tab] of tabs.entries()) {
    const asked = options[place] ?? assert.fail();
    const page = await browser.submit(tab, 'passkey', { credential: authenticator.get(asked) });
    assert.equal((await world.tokens(page)).claims.sub, userId);
  }
});

test('50 at once with one answer: one sign-in', async () => {
  const { authenticator, id } = await owner('raced@example.com');
  const before = await signInsOf(id);
  const browser = world.browser();
  const page = await browser.open(world.door());
  const credential = authenticator.get(await getOptionsOf(browser, page));
  const token = page.forms.find(({ action }) => action === 'passkey')?.fields.token ?? '';
  const body = new URLSearchParams({ token, credential }).toString();
  const headers = { origin: world.url, 'content-type': 'application/x-www-form-urlencoded' };
  const url = new URL('passkey', page.url);
  await Promise.all(Array.from({ length: 50 }, () => browser.send(url, { method: 'POST', headers, body })));
  assert.equal(await signInsOf(id), before + 1);
});

test('a counter that goes back is refused, logged and noted; one that stays at 0 is fine', async () => {
  const real = createAuthenticator(world.url, { counts: true, synced: false });
  const { id } = await owner('cloned@example.com', real);
  const clone: Authenticator = createAuthenticator(world.url, {
    counts: true,
    synced: false,
    kept: real.kept.map((passkey) => ({ ...passkey })),
  });
  assert.ok(atShop(await usePasskey(world, world.browser(), real)));
  assert.ok(atShop(await usePasskey(world, world.browser(), real)));
  const page = await usePasskey(world, world.browser(), clone);
  assert.match(page.text, refused);
  assert.ok((await namesOf(id)).includes('passkey_cloned'));
  assert.ok(world.logged.some((line) => line.includes('a passkey was cloned')));
  assert.match((await usePasskey(world, world.browser(), real, { counter: 0 })).text, refused);
  assert.ok(atShop(await usePasskey(world, world.browser(), real)), 'the owner goes on');

  const { authenticator } = await owner('uncounted@example.com');
  for (let times = 0; times < 3; times += 1) {
    assert.ok(atShop(await usePasskey(world, world.browser(), authenticator)));
  }
});

test('of two copies that answer at once with the same count one gets in', async () => {
  const real = createAuthenticator(world.url, { counts: true });
  const { id } = await owner('cloned-at-once@example.com', real);
  const before = await signInsOf(id);
  const copies = Array.from({ length: 8 }, () => {
    return createAuthenticator(world.url, { counts: true, kept: real.kept.map((passkey) => ({ ...passkey })) });
  });
  const pages = await Promise.all(copies.map((copy) => usePasskey(world, world.browser(), copy)));
  assert.equal(pages.filter(atShop).length, 1);
  assert.equal(await signInsOf(id), before + 1);
});

test('security row 6: options and answers need our own form', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const token = page.forms.find(({ action }) => action === 'passkey')?.fields.token ?? '';
  const post = (step: string, origin: string, fields: Record<string, string>) =>
    browser.send(new URL(step, page.url), { method: 'POST', headers: { origin }, body: new URLSearchParams(fields) });
  for (const step of ['passkey-options', 'passkey']) {
    assert.equal((await post(step, 'https://evil.example', { token })).status, 403);
    assert.equal((await post(step, world.url, {})).status, 403);
    assert.equal((await world.browser().send(new URL(step, page.url), { method: 'POST' })).status, 400, 'no cookie');
  }
});

test('security row 5: a passkey is made for the session and the customer that asked, once', async () => {
  const attacker = world.browser();
  await signUp(world, attacker, 'enrols-elsewhere@example.com', password);
  const victim = world.browser();
  await signUp(world, victim, 'enrolled-on@example.com', password);
  const { id: victimId } = await world.customer('enrolled-on@example.com');
  const keys = createAuthenticator(world.url);
  const [mine, theirs] = [
    await attacker.open(`${world.url}/account/passkey`),
    await victim.open(`${world.url}/account/passkey`),
  ];
  const credential = keys.create(createOptionsOf(mine));
  assert.match((await victim.submit(theirs, '/account/passkey', { credential })).text, expired);
  assert.equal((await waysIn(world.base.db, victimId)).filter(({ kind }) => kind === 'passkey').length, 0);

  // The same customer in another browser is another session.
  const elsewhere = world.browser();
  await signIn(world, elsewhere, 'enrols-elsewhere@example.com', password);
  const there = await elsewhere.open(`${world.url}/account/passkey`);
  assert.match((await elsewhere.submit(there, '/account/passkey', { credential })).text, expired);

  assert.match((await attacker.submit(mine, '/account/passkey', { credential })).text, /opens your account/);
  assert.match((await attacker.submit(mine, '/account/passkey', { credential })).text, expired, 'once');
  const again = await attacker.open(`${world.url}/account/passkey`);
  const options = createOptionsOf(again);
  assert.deepEqual(
    options.excludeCredentials?.map(({ id }) => id),
    [keys.kept[0]?.id],
  );
  assert.equal(options.user.id, keys.kept[0]?.userHandle, 'one handle for all of a customer');
  assert.ok(!JSON.stringify(keys.kept[0]?.userHandle).includes('enrols'));
});

test('security row 16: a credential that is somebody’s cannot be added by another', async () => {
  const { authenticator, userId } = await owner('owns-credential@example.com');
  const { id: credentialId } = authenticator.kept[0] ?? assert.fail();
  const thief = world.browser();
  await signUp(world, thief, 'takes-credential@example.com', password);
  const page = await addPasskey(world, thief, createAuthenticator(world.url), { lies: { credentialId } });
  assert.match(page.text, /has a passkey for your account already/);
  assert.equal((await world.tokens(await usePasskey(world, world.browser(), authenticator))).claims.sub, userId);
});

test('security row 15: wrong answers count with wrong passwords, and lock nobody out who has the passkey', async () => {
  const { authenticator } = await owner('hammered@example.com');
  for (let times = 0; times < 10; times += 1) {
    assert.match((await usePasskey(world, world.browser(), authenticator, { forged: true })).text, refused);
  }
  const page = await usePasskey(world, world.browser(), authenticator, { forged: true });
  assert.equal(page.status, 429);
  assert.equal((await signIn(world, world.browser(), 'hammered@example.com', password)).status, 429);
  assert.ok(atShop(await usePasskey(world, world.browser(), authenticator)));
});

test('who is blocked is told so, and who removed a passkey is not let in by it', async () => {
  const { browser, authenticator, id } = await owner('leaves-passkeys@example.com');
  const act = { by: 'api', origin: 'test', at: new Date() } as const;
  await setBlocked(world.base.db, id, true, act);
  assert.match((await usePasskey(world, world.browser(), authenticator)).text, /This account is blocked/);
  await setBlocked(world.base.db, id, false, act);
  const late = world.browser();
  const page = await late.open(world.door());
  const options = await getOptionsOf(late, page);
  const removed = await browser.submit(await browser.open(`${world.url}/account/passkeys`), '/passkey-remove');
  assert.match(removed.text, /no longer opens your account/);
  assert.equal((await world.mail('leaves-passkeys@example.com')).kind, 'passkey_removed');
  assert.match((await late.submit(page, 'passkey', { credential: authenticator.get(options) })).text, refused);
});

test('security row 4: a passkey of who only claims an address by their network opens the claimer’s account alone', async () => {
  const email = 'passkey.victim@gmail.com';
  const victim = await owner(email);
  const id = '500000000000009304';
  world.networks.google.people.add({ id, name: 'Mallory', givenName: 'Mal', familyName: 'Lory', email });
  world.networks.google.misbehave('unverified_email');
  const attacker = world.browser();
  const conflict = await signInWith(world, attacker, 'google-oauth2', id);
  world.networks.google.misbehave(null);
  assert.match(conflict.url.pathname, /\/conflict$/, conflict.text);
  const end = await attacker.submit(conflict, 'conflict-apart');
  const { sub } = (await world.tokens(end)).claims;
  assert.notEqual(sub, victim.userId);
  const own = createAuthenticator(world.url);
  await addPasskey(world, attacker, own, { name: 'Not theirs' });
  const opened = await usePasskey(world, world.browser(), own);
  assert.ok(atShop(opened), opened.text);
  assert.equal((await world.tokens(opened)).claims.sub, sub);
  const passkeys = (await waysIn(world.base.db, victim.id)).filter(({ kind }) => kind === 'passkey');
  assert.equal(passkeys.length, 1);
});
