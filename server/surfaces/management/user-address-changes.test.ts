import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openWorld, signIn, signUp, type World } from '../../../test/sign-in-world.ts';
import { type Member, signInStaff } from '../../../test/staff-caller.ts';
import { createAccount, createTicket } from '../../features/accounts/accounts.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { defaultPasswordConnection } from '../../features/connections/connections.ts';
import { identitiesOf, proofsOf, timelineOf } from '../../features/customers/customers.ts';

const world: World = await openWorld();
after(() => world.close());
const password = 'correct horse battery';
const support = await staff({ ready: 'support' });
const atShop = 'http://lumiere.example';

type Answer = { status: number; body: Record<string, unknown> };

/** Calls of one of the staff with a role like this one. */
async function staff(member: Member) {
  const { headers } = await signInStaff(world, member);
  return async (method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${world.url}/api/v2${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };
}

const under = async (email: string) => `/users/${encodeURIComponent((await world.customer(email)).user_id)}`;
async function ask(from: string, to: string, by = support): Promise<Answer> {
  return by('POST', `${await under(from)}/address-changes`, { email: to, client_id: 'lumiere-shop' });
}
async function linkTo(address: string): Promise<string> {
  return (await world.mail(address, 'email_change_link')).link;
}
/** Opens the link and says yes. */
async function use(link: string) {
  const browser = world.browser();
  const page = await browser.open(link);
  return page.status === 200 ? browser.submit(page, 'email-change') : page;
}
async function customer(email: string): Promise<void> {
  assert.equal((await signUp(world, world.browser(), email, password)).url.origin, atShop);
}

test('support fixes an address; it is the customer who changes it, from the new mailbox', async () => {
  const browser = world.browser();
  await signUp(world, browser, 'anna@old.example', password);
  const answer = await ask('anna@old.example', ' Anna@New.example');
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  assert.equal(answer.body.email, 'anna@new.example');
  const expires = new Date(String(answer.body.expires_at)).getTime() - Date.now();
  assert.ok(expires > 3_500_000 && expires <= 3_600_000, 'good for an hour');
  const told = await world.mail('anna@old.example');
  assert.equal(told.kind, 'email_change_by_staff');
  assert.match(told.text, /change the address of your account to anna@new\.example/);
  assert.equal(told.link, '', 'the old mailbox gets no link');
  assert.equal((await world.customer('anna@old.example')).email, 'anna@old.example', 'nothing is changed yet');

  const link = await linkTo('anna@new.example');
  const elsewhere = world.browser();
  const page = await elsewhere.open(link);
  assert.match(page.text, /customer service at Lumière .* to anna@new\.example\. Is that right\?/);
  assert.doesNotMatch(page.text, /old\.example/, 'a stranger’s mailbox is not told the old one');
  await world.customer('anna@old.example');
  const done = await elsewhere.submit(page, 'email-change');
  assert.match(done.text, /From now on you sign in with anna@new\.example/);

  const now = await world.customer('anna@new.example');
  assert.equal(now.email_verified, true);
  assert.deepEqual(
    (await proofsOf(world.base.db, now.id)).map(({ address }) => address),
    ['anna@new.example'],
  );
  assert.equal((await world.mail('anna@old.example')).kind, 'email_changed');
  assert.equal(
    (await signIn(world, world.browser(), 'anna@new.example', password)).url.origin,
    atShop,
    'same password',
  );
  assert.equal((await signIn(world, world.browser(), 'anna@old.example', password)).status, 403);
  assert.equal((await browser.open(world.door())).url.origin, atShop, 'who is signed in stays so, as on account pages');
  const { entries } = await timelineOf(world.base.db, now.id, { perPage: 50 });
  const asked = entries.find(({ name }) => name === 'address_change_asked');
  assert.ok(asked && typeof asked.data === 'object' && asked.data && 'by' in asked.data);
  assert.equal(asked.data.by, 'staff');
});

test('without a portal the mails wear the brand that the customer came to last', async () => {
  await signUp(world, world.browser(), 'walker@old.example', password, 'northtrail');
  const answer = await support('POST', `${await under('walker@old.example')}/address-changes`, {
    email: 'walker@new.example',
  });
  assert.equal(answer.status, 201);
  const { sender, link } = await world.mail('walker@new.example', 'email_change_link');
  assert.match(sender, /^Northtrail </);
  assert.match((await world.browser().open(link)).text, /customer service at Northtrail/);
  assert.match((await world.mail('walker@old.example', 'email_change_by_staff')).sender, /^Northtrail </);
});

test('the audit log tells who asked for which address', async () => {
  await customer('audit@old.example');
  await ask('audit@old.example', 'audit@new.example');
  const auditor = await staff({ ready: 'auditor' });
  const { user_id } = await world.customer('audit@old.example');
  const { body } = await auditor('GET', `/audit?user_id=${encodeURIComponent(user_id)}&take=1`);
  const text = JSON.stringify(body);
  assert.match(text, /"POST \/users\/\{id\}\/address-changes"/);
  assert.match(text, /audit@old\.example/);
  assert.match(text, /audit@new\.example/);
});

test('it takes its own scope, and sight of addresses', async () => {
  await customer('scope@old.example');
  for (const member of [
    { ready: 'associate' },
    { ready: 'auditor' },
    { ready: 'developer' },
    { ready: 'support', reads: ['*', '-email'] },
    { ready: 'support', scopes: ['read:users', 'create:verification_emails', 'create:user_tickets'] },
  ]) {
    const answer = await ask('scope@old.example', 'scope@new.example', await staff(member));
    assert.equal(answer.status, 403, JSON.stringify([member, answer.body]));
  }
  assert.deepEqual(await world.mails('scope@new.example'), []);
});

test('security row 3: a link is used once, is dead after an hour, and by what is newer', async () => {
  const { base } = world;
  await customer('once@old.example');
  await ask('once@old.example', 'first@new.example');
  const first = await linkTo('first@new.example');
  await ask('once@old.example', 'second@new.example');
  assert.equal((await use(first)).status, 410, 'replaced by another request');
  const second = await linkTo('second@new.example');
  const all = await Promise.all(Array.from({ length: 20 }, () => use(second)));
  assert.equal(all.filter(({ status }) => status === 200).length, 1, 'of twenty at once one');
  const row = await base.db
    .selectFrom('one_time_codes')
    .selectAll()
    .where('address', '=', 'second@new.example')
    .execute();
  assert.doesNotMatch(JSON.stringify(row), new RegExp(second.split('ticket=')[1] ?? '-'), 'hashed at rest');

  await ask('second@new.example', 'third@new.example');
  const third = await linkTo('third@new.example');
  await base.db
    .updateTable('one_time_codes')
    .set({ expires_at: new Date(Date.now() - 1000) })
    .where('address', '=', 'third@new.example')
    .execute();
  assert.equal((await use(third)).status, 410, 'too old');

  await ask('second@new.example', 'fourth@new.example');
  const { subject } = await onlyIdentity('second@new.example');
  const { url } = await createTicket(base, base.db, { purpose: 'reset_password', subject });
  const owner = world.browser();
  await owner.submit(await owner.open(url), 'reset-password', { password: 'another horse battery' });
  assert.equal((await use(await linkTo('fourth@new.example'))).status, 410, 'the owner chose a new password');
  assert.equal((await world.customer('second@new.example')).email, 'second@new.example');
});

test('security row 8: the link changes its own account alone, in whatever browser, and signs nobody in', async () => {
  await customer('mine@old.example');
  await ask('mine@old.example', 'mine@new.example');
  const link = await linkTo('mine@new.example');
  const other = world.browser();
  await signUp(world, other, 'other@example.com', password);
  await other.submit(await other.open(link), 'email-change');
  assert.match((await other.open(`${world.url}/account`)).text, /other@example\.com/);
  assert.equal((await world.customer('other@example.com')).email, 'other@example.com');
  const fresh = world.browser();
  await fresh.open(link);
  assert.match((await fresh.open(`${world.url}/account`)).url.pathname, /\/login$/);
  const ticket = new URL(link).searchParams.get('ticket') ?? '';
  for (const path of ['email-verification', 'reset-password', 'unblock']) {
    assert.equal((await fresh.open(`${world.url}/u/${path}?ticket=${ticket}`)).status, 410, `no ticket for ${path}`);
  }
  for (const origin of ['https://evil.example', 'null', undefined]) {
    const headers: Record<string, string> = origin === undefined ? {} : { origin };
    const answer = await fetch(`${world.url}/u/email-change`, {
      method: 'POST',
      body: new URLSearchParams({ ticket }),
      headers,
    });
    assert.equal(answer.status, 403);
  }
});

test('security row 15: whoever reads the new mailbox still needs the second factor', async () => {
  await customer('factor@old.example');
  const { subject } = await onlyIdentity('factor@old.example');
  const machine = await staff({ ready: 'administrator' });
  const path = `${await under('factor@old.example')}/authentication-methods`;
  const added = await machine('POST', path, { type: 'email', email: 'factor@old.example' });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  await ask('factor@old.example', 'factor@new.example');
  await use(await linkTo('factor@new.example'));
  assert.equal((await onlyIdentity('factor@new.example')).subject, subject);
  const arrived = await signIn(world, world.browser(), 'factor@new.example', password);
  assert.notEqual(arrived.url.origin, atShop, 'not in by the password alone');
});

test('security row 2: of an account that nobody had proven, a mail alone keeps no password', async () => {
  const { base } = world;
  await createAccount(base, base.db, {
    ...{ connection: defaultPasswordConnection, email: 'typo@old.example', password: 'set by a stranger' },
    ...{ emailVerified: false, facts: [], origin: 'import' },
  });
  await ask('typo@old.example', 'right@new.example');
  const page = await use(await linkTo('right@new.example'));
  assert.equal(page.url.pathname, '/u/reset-password', 'the owner chooses one at once');
  assert.equal((await signIn(world, world.browser(), 'right@new.example', 'set by a stranger')).status, 403);
  assert.equal((await world.customer('right@new.example')).email_verified, true);
});

test('security row 19: an address of another account is told to staff who may see it, else to its mailbox alone', async () => {
  await customer('taken@example.com');
  await customer('wants@example.com');
  const answer = await ask('wants@example.com', 'Taken@example.com');
  assert.equal(answer.status, 409);
  assert.match(String(answer.body.message), /Another account of this connection has this address/);
  assert.ok(!(await world.mails('taken@example.com')).some(({ kind }) => kind === 'email_change_link'));

  // Who is limited to another brand learns nothing of it: the answer is as for an address that nobody has.
  const northtrail = await brandBySlug(world.base.db, 'northtrail');
  assert.ok(northtrail);
  await signUp(world, world.browser(), 'north@example.com', password, 'northtrail');
  const limited = await staff({ ready: 'support', brands: [northtrail.id] });
  const north = `${await under('north@example.com')}/address-changes`;
  const [known, unknown] = [
    await limited('POST', north, { email: 'nobody@example.com' }),
    await limited('POST', north, { email: 'taken@example.com' }),
  ];
  assert.deepEqual([known.status, unknown.status], [201, 201]);
  const page = await use(await linkTo('taken@example.com'));
  assert.equal(page.status, 409);
  assert.match(page.text, /Your address was not changed .*already in use by another account/);
  assert.equal((await world.customer('north@example.com')).email, 'north@example.com');
  const foreign = await limited('POST', `${await under('taken@example.com')}/address-changes`, {
    email: 'x@example.com',
  });
  assert.equal(foreign.status, 404, 'a customer of another brand');
});

test('it was taken between the mail and the click: the account stays as it is', async () => {
  await customer('slow@old.example');
  await ask('slow@old.example', 'fast@new.example');
  await customer('fast@new.example');
  const page = await use(await linkTo('fast@new.example'));
  assert.equal(page.status, 409);
  assert.equal((await signIn(world, world.browser(), 'slow@old.example', password)).url.origin, atShop);
  assert.equal((await signIn(world, world.browser(), 'fast@new.example', password)).url.origin, atShop);
});

test('nothing for who is blocked, erased, or signs in with no address', async () => {
  const admin = await staff({ ready: 'administrator' });
  await customer('blocked@old.example');
  await ask('blocked@old.example', 'blocked@new.example');
  await admin('PATCH', await under('blocked@old.example'), { blocked: true });
  assert.equal((await use(await linkTo('blocked@new.example'))).status, 410);
  const refused = await ask('blocked@old.example', 'again@new.example');
  assert.equal(refused.status, 403);
  assert.match(String(refused.body.message), /blocked/);

  await customer('erased@old.example');
  await ask('erased@old.example', 'erased@new.example');
  const link = await linkTo('erased@new.example');
  const path = await under('erased@old.example');
  assert.equal((await admin('DELETE', path)).status, 204);
  assert.equal((await use(link)).status, 410);
  assert.equal((await support('POST', `${path}/address-changes`, { email: 'x@new.example' })).status, 404);

  const nonsense = await ask('blocked@old.example', 'no address');
  assert.equal(nonsense.status, 400);
});

async function onlyIdentity(email: string): Promise<{ subject: string }> {
  const [first] = await identitiesOf(world.base.db, (await world.customer(email)).id);
  assert.ok(first);
  return first;
}
