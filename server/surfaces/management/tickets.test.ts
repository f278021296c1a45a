import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Manage, makeCustomer, manageAt, passwordConnection } from '../../../test/api-calls.ts';
import { openWorld, signIn, type World } from '../../../test/sign-in-world.ts';

let world: World;
let manage: Manage;
before(async () => {
  const machine = { id: 'test-machine', secret: 'secret-of-the-test-machine' };
  world = await openWorld();
  manage = await manageAt({ url: world.url, machine });
});
after(() => world.close());

const makeUnproven = async (email: string) => {
  const draft = { connection: passwordConnection, email, password: 'set by the umbrella', verify_email: false };
  return String((await manage('POST', 'users', draft)).user_id);
};

test('a ticket to verify leads to the page, and on to the umbrella’s own with the address', async () => {
  const user_id = await makeUnproven('verify@example.com');
  const result_url = 'http://lumiere.example/verified';
  const made = await manage('POST', 'tickets/email-verification', {
    user_id,
    result_url,
    includeEmailInRedirect: true,
  });
  const address = String(made.ticket);
  assert.ok(address.startsWith(`${world.url}/u/email-verification?ticket=`));
  const browser = world.browser();
  const done = await browser.submit(await browser.open(address), 'email-verification');
  assert.equal((await world.customer('verify@example.com')).email_verified, true);
  // The password that was never proven is chosen anew first.
  assert.equal(done.url.pathname, '/u/reset-password');
});

test('a ticket to change the password proves the address only if the umbrella says so', async () => {
  for (const says of [false, true]) {
    const email = `reset-${says}@example.com`;
    const user_id = await makeUnproven(email);
    const result_url = 'http://lumiere.example/changed?from=api';
    const made = await manage('POST', 'tickets/password-change', {
      user_id,
      result_url,
      includeEmailInRedirect: true,
      mark_email_as_verified: says,
    });
    const browser = world.browser();
    const page = await browser.open(String(made.ticket));
    const done = await browser.submit(page, 'reset-password', { password: 'chosen by the person' });
    assert.equal(
      done.url.href,
      `http://lumiere.example/changed?from=api&email=${encodeURIComponent(email)}&success=true`,
    );
    assert.equal((await world.customer(email)).email_verified, says);
    assert.equal(
      (await signIn(world, world.browser(), email, 'chosen by the person')).url.origin,
      'http://lumiere.example',
    );
    assert.equal((await browser.submit(page, 'reset-password', { password: 'another one again' })).status, 410);
  }
});

test('a ticket wears the brand of its portal and ends when it was told to', async () => {
  const user_id = await makeUnproven('ttl@example.com');
  const lasting = await manage('POST', 'tickets/password-change', { user_id, client_id: 'northtrail-shop' });
  assert.match((await world.browser().open(String(lasting.ticket))).html, /\/brands\/northtrail\.css/);
  const rows = await world.base.db
    .selectFrom('one_time_codes')
    .select(['created_at', 'expires_at'])
    .where('address', '=', 'ttl@example.com')
    .execute();
  assert.equal(Number(rows[0]?.expires_at) - Number(rows[0]?.created_at), 432_000_000, 'five days, as at Auth0');
  const short = await manage('POST', 'tickets/password-change', { user_id, ttl_sec: 1 });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.equal((await world.browser().open(String(short.ticket))).status, 410);
});

test('a job mails the link to verify, in the clothes of the portal it is asked for', async () => {
  const user_id = await makeUnproven('job@example.com');
  const job = await manage('POST', 'jobs/verification-email', { user_id, client_id: 'northtrail-shop' });
  assert.deepEqual([job.type, job.status], ['verification_email', 'completed']);
  const { kind, sender } = await world.mail('job@example.com');
  assert.equal(kind, 'verify_email');
  assert.match(sender, /^Northtrail </);
});

test('who has no account of a password connection gets no ticket', async () => {
  await makeCustomer(manage, 'somebody@example.com', 'correct horse battery');
  for (const path of ['tickets/password-change', 'tickets/email-verification', 'jobs/verification-email']) {
    await assert.rejects(manage('POST', path, { user_id: 'auth0|000000000000000000000000' }), /404/);
    const foreign = { user_id: '0', provider: 'auth0' };
    const { user_id } = await world.customer('somebody@example.com');
    await assert.rejects(manage('POST', path, { user_id, identity: foreign }), /does not contain the given identity/);
  }
});
