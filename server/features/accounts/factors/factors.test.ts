import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { sql } from 'kysely';
import { TOTP } from 'otpauth';
import { accountScene, type Scene } from '../../../../test/account-scene.ts';
import { testBase } from '../../../../test/base.ts';
import { findPlanted } from '../../../../test/find-planted.ts';
import { transact } from '../../../base/db.ts';
import { isProblem } from '../../../base/errors.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { queueText } from '../../../base/text-message.ts';
import { merge, removeCustomer, unlink } from '../../customers/customers.ts';
import * as accounts from '../accounts.ts';

let base: Awaited<ReturnType<typeof testBase>>;
let scene: Scene;
before(async () => {
  base = await testBase();
  scene = await accountScene(base);
});
after(() => base.close());

let people = 0;
const codeOf = (secret: string, at = Date.now()) => new TOTP({ secret }).generate({ timestamp: at });
const inThirtySeconds = () => Date.now() + 30_000;

/** Somebody with an authenticator app and recovery codes. */
async function withApp() {
  people += 1;
  const email = `factor${people}@example.com`;
  const { customer, subject } = await scene.signUp(email, 'a long password');
  const asked = scene.caller();
  const flow = `flow ${email}`;
  const { draft, secret, uri } = accounts.beginTotp(base, { flow, issuer: 'Lumière', label: email });
  assert.match(uri, /^otpauth:\/\/totp\/Lumi%C3%A8re:factor\d+%40example\.com\?/);
  const proven = accounts.confirmTotp(base, { flow, draft, typed: codeOf(secret) });
  const factor = await accounts.addFactor(base, base.db, { customer: customer.id, subject, proven, asked });
  const codes = await accounts.renewRecoveryCodes(base, base.db, { customer: customer.id, subject, asked });
  const check = (typed: accounts.TypedFactor, caller = scene.caller()) =>
    accounts.checkFactor(base, { customer: customer.id, flow, typed, asked: caller });
  return { email, customer, subject, secret, factor, codes, check, flow, draft };
}

test('an app is added by its first code, and a code of it passes', async () => {
  const { customer, secret, factor, check, email } = await withApp();
  assert.deepEqual(
    (await accounts.factorsOf(base.db, customer.id)).map(({ kind }) => kind),
    ['totp', 'recovery_codes'],
  );
  const passed = await check({ by: 'totp', typed: codeOf(secret, inThirtySeconds()) });
  assert.deepEqual(passed, { factor: factor.id, kind: 'totp', subject: factor.subject, amr: ['otp', 'mfa'] });
  assert.deepEqual((await scene.mailsTo(email)).slice(-2), ['factor_added', 'recovery_codes_made']);
  const [row] = await base.db.selectFrom('authentication_methods').selectAll().where('id', '=', factor.id).execute();
  assert.ok(!JSON.stringify(row).includes(secret), 'the secret is not stored as it is');
});

test('security row 15: a code is good once, whoever is first, within its window and at the enrolment', async () => {
  const { secret, check } = await withApp();
  const isUsed = (error: unknown) => isProblem(error, 'code_expired');
  await assert.rejects(check({ by: 'totp', typed: codeOf(secret) }), isUsed, 'it was used to add the app');
  const next = codeOf(secret, inThirtySeconds());
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => check({ by: 'totp', typed: next })));
  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  await assert.rejects(check({ by: 'totp', typed: next }), isUsed);
});

test('security row 15: of fifty at once with one recovery code one gets in', async () => {
  const { codes, check, customer } = await withApp();
  const typed = codes[3]?.toLowerCase().replaceAll('-', ' ') ?? '';
  const tries = await Promise.allSettled(Array.from({ length: 50 }, () => check({ by: 'recovery_code', typed })));
  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  const left = (await accounts.factorsOf(base.db, customer.id)).find((one) => one.kind === 'recovery_codes');
  assert.equal(left?.kind === 'recovery_codes' && left.left, 9);
});

test('security row 15: twenty wrong codes in an hour lock the step from everywhere, until the mail unlocks it', async () => {
  const { customer, check, codes, email } = await withApp();
  for (let tries = 0; tries < 20; tries += 1) {
    await assert.rejects(check({ by: 'totp', typed: '000000' }), (error) => isProblem(error, 'code_wrong'));
  }
  const isLocked = (error: unknown) => isProblem(error, 'too_many_attempts');
  await assert.rejects(check({ by: 'recovery_code', typed: codes[0] ?? '' }), isLocked);
  const day = 86_400_000;
  mock.timers.enable({ apis: ['Date'], now: Date.now() + day });
  await assert.rejects(check({ by: 'recovery_code', typed: codes[0] ?? '' }), isLocked, 'a day later, too');
  mock.timers.reset();
  const job = { customer: customer.id, brand: scene.caller().brand.id, language: 'en', ip: '10.1.1.1', step: 'factor' };
  await accounts.mailUnblockLink(base, job);
  const { kind, secret } = await scene.mail(email);
  assert.equal(kind, 'unlock_factor');
  await accounts.completeUnblock(base, { ticket: secret });
  await check({ by: 'recovery_code', typed: codes[0] ?? '' });
});

test('security row 15: wrong second factors and wrong passwords from one place count together', async () => {
  const { check, email } = await withApp();
  const asked = scene.caller();
  const password = (typed: string) =>
    accounts.signInWithPassword(base, { connection: 'shop', identifier: email, password: typed, asked });
  for (let tries = 0; tries < 6; tries += 1) {
    await assert.rejects(check({ by: 'totp', typed: '000000' }, asked));
    // Who knows the password cannot wash the counter with it.
    await password('a long password');
  }
  for (let tries = 0; tries < 4; tries += 1) await assert.rejects(password('wrong'));
  await assert.rejects(password('a long password'), (error) => isProblem(error, 'too_many_attempts'));
  await assert.rejects(check({ by: 'totp', typed: '000000' }, asked), (error) => isProblem(error, 'too_many_attempts'));
});

test('security row 8: what was begun in another flow adds nothing, and a sent code is good for its customer only', async () => {
  const [one, other] = [await withApp(), await withApp()];
  assert.throws(
    () => accounts.confirmTotp(base, { flow: other.flow, draft: one.draft, typed: codeOf(one.secret) }),
    (error) => isProblem(error, 'flow_expired'),
  );
  const asked = scene.caller();
  const address = await addAddress(one, 'second1@example.com');
  const sent = await accounts.sendFactorCode(base, { customer: one.customer.id, factor: address.id, flow: 'f', asked });
  const typed = (await scene.mail('second1@example.com')).secret;
  const code = { by: 'code', code: sent.code, typed } as const;
  await assert.rejects(
    accounts.checkFactor(base, { customer: other.customer.id, flow: 'f', typed: code, asked }),
    (error) => isProblem(error, 'code_wrong'),
  );
  await assert.rejects(accounts.checkFactor(base, { customer: one.customer.id, flow: 'g', typed: code, asked }));
  const passed = await accounts.checkFactor(base, { customer: one.customer.id, flow: 'f', typed: code, asked });
  assert.deepEqual(passed.amr, ['otp', 'mfa']);
});

test('names, removing, new recovery codes; with the last factor the codes go', async () => {
  const { customer, factor, codes, check, email, subject } = await withApp();
  const act = { customer: customer.id, asked: scene.caller() };
  await accounts.nameFactor(base.db, { customer: customer.id, factor: factor.id, name: 'My phone' });
  assert.equal((await accounts.factorsOf(base.db, customer.id))[0]?.name, 'My phone');
  const anew = await accounts.renewRecoveryCodes(base, base.db, { ...act, subject });
  await assert.rejects(check({ by: 'recovery_code', typed: codes[0] ?? '' }));
  await check({ by: 'recovery_code', typed: anew[0] ?? '' });
  const device = Buffer.alloc(32, 7);
  await accounts.rememberDevice(base.db, customer.id, device);
  assert.equal((await accounts.deviceStanding(base.db, customer.id, device)).remembered, true);
  await accounts.removeFactor(base, base.db, { ...act, factor: factor.id });
  assert.deepEqual(await accounts.factorsOf(base.db, customer.id), []);
  assert.equal((await accounts.deviceStanding(base.db, customer.id, device)).remembered, false);
  assert.equal((await scene.mail(email)).kind, 'factor_removed');
  await assert.rejects(accounts.removeFactor(base, base.db, { ...act, factor: factor.id }), (error) =>
    isProblem(error, 'not_found'),
  );
});

test('a token for a second factor is good once', async () => {
  const { customer } = await withApp();
  const token = await accounts.issueMfaToken(base.db, { customer: customer.id, portal: 'shop', content: { a: 1 } });
  assert.deepEqual((await accounts.readMfaToken(base.db, token))?.content, { a: 1 });
  assert.equal(await accounts.saveMfaToken(base.db, token, { a: 2 }), true);
  const taken = await Promise.all(Array.from({ length: 50 }, () => accounts.takeMfaToken(base.db, token)));
  assert.deepEqual(
    taken.filter((one) => one !== undefined).map(({ content }) => content),
    [{ a: 2 }],
  );
  assert.equal(await accounts.readMfaToken(base.db, token), undefined);
});

type Person = Awaited<ReturnType<typeof withApp>>;

async function addAddress({ customer, subject }: Person, email: string): Promise<accounts.Factor> {
  const asked = scene.caller();
  const { code } = await accounts.beginAddress(base, { to: { kind: 'email', email }, flow: 'add', asked });
  const typed = (await scene.mail(email)).secret;
  const proven = await accounts.confirmAddress(base, { code, typed, flow: 'add', asked });
  return accounts.addFactor(base, base.db, { customer: customer.id, subject, proven, asked });
}

test('an identity that is unlinked leaves the second factors with the customer', async () => {
  const { customer, subject, check, codes, secret } = await withApp();
  const other = await scene.network('github');
  const act = { by: 'customer', origin: 'test', at: new Date(), endSessions: scene.endSessions } as const;
  const settleConsents = () => Promise.resolve();
  await merge(base.db, { ...act, winner: customer.id, loser: other.customer.id, settleConsents });
  const { separated } = await transact(base.db, async (tx) => {
    await accounts.keepFactors(tx, customer.id, subject);
    return unlink(tx, customer.id, subject, act);
  });
  assert.deepEqual(await accounts.factorsOf(base.db, separated.id), []);
  await check({ by: 'totp', typed: codeOf(secret, inThirtySeconds()) });
  await check({ by: 'recovery_code', typed: codes[0] ?? '' });
});

test('security row 2: the first proof of an address drops the second factor of whoever claimed it', async () => {
  const email = 'claimed@example.com';
  const { customer, subject } = await scene.account(email, 'the attacker’s password');
  const asked = scene.caller();
  const { draft, secret } = accounts.beginTotp(base, { flow: 'f', issuer: 'Lumière', label: email });
  const proven = accounts.confirmTotp(base, { flow: 'f', draft, typed: codeOf(secret) });
  await accounts.addFactor(base, base.db, { customer: customer.id, subject, proven, asked });
  const { code } = await accounts.beginCodeSignIn(base, { email, flow: 'g', asked });
  const typed = (await scene.mail(email)).secret;
  const { owners } = await accounts.redeemCodeSignIn(base, {
    code,
    typed,
    flow: 'g',
    asked,
    connection: 'shop',
    endSessions: scene.endSessions,
  });
  assert.equal(owners.length, 1);
  assert.deepEqual(await accounts.factorsOf(base.db, customer.id), []);
});

test('an erased customer leaves no factor, number, device or token behind; the export tells the factors', async () => {
  const person = await withApp();
  const { customer, subject } = person;
  const id = customer.id;
  const phone = '+491709998887';
  const asked = scene.caller();
  await accounts.addFactor(base, base.db, { customer: id, subject, proven: { kind: 'phone', phone }, asked });
  await accounts.rememberDevice(base.db, id, Buffer.alloc(32, 9));
  await accounts.issueMfaToken(base.db, { customer: id, portal: 'shop', content: {} });
  await queueText(base.db, {
    brand: asked.brand.id,
    channel: 'sms',
    to: phone,
    text: 'sent before anybody was a customer',
    language: 'en',
    secrets: [],
    until: new Date(),
    purpose: 'second_factor',
    asked,
  });
  const own = {
    brand: asked.brand.id,
    channel: 'voice',
    to: phone,
    language: 'en',
    whose: subject,
    purpose: 'x',
    asked,
  } as const;
  await queueText(base.db, { ...own, text: 'Your code is 987654', secrets: ['987654'], until: new Date() });
  const told = JSON.stringify(await accounts.exportAccounts(base.db, id));
  assert.match(told, /\+491709998887/);
  const texts = await textsOf(id);
  assert.deepEqual(
    texts.map(({ channel, to, status }) => [channel, to, status]),
    [
      ['sms', phone, 'queued'],
      ['voice', phone, 'queued'],
    ],
  );
  assert.doesNotMatch(JSON.stringify(texts), /987654/, 'a code that may still open something');
  assert.ok(!told.includes(person.secret));
  await removeCustomer(base.db, id, {
    at: new Date(),
    endSessions: scene.endSessions,
    others: [accounts.eraseAccounts],
  });
  assert.deepEqual(await findPlanted(base.db, phone), []);
  // Its user_id is retired. A job, and no other, looks once more for what was still on its way.
  const found = (await findPlanted(base.db, id)).filter((one) => !one.startsWith('graphile_worker.'));
  assert.deepEqual(found, ['user_ids: 1']);
  assert.deepEqual(await jobsNaming(id), ['erase_leftovers']);
  assert.deepEqual(await jobsNaming(subject), ['erase_leftovers']);
});

/** Names of the jobs whose payload names this id, each once, however often it is queued. */
async function jobsNaming(id: string): Promise<string[]> {
  const jobs = await sql<{ task: string }>`
    select distinct t.identifier as task from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id
    where strpos(j.payload::text, ${id}) > 0 order by 1`.execute(base.db);
  return jobs.rows.map(({ task }) => task);
}

/** What the export tells of messages that were sent. */
async function textsOf(customer: string): Promise<JsonObject[]> {
  const { text_messages: texts } = await accounts.exportAccounts(base.db, customer);
  assert.ok(typeof texts === 'object' && texts !== null && Symbol.asyncIterator in texts);
  const told: JsonObject[] = [];
  for await (const one of texts) if (isJsonObject(one)) told.push(one);
  return told;
}

test('security row 3: an address that the umbrella replaces unproven is no second factor any more, and the last one takes the recovery codes along', async () => {
  people += 1;
  const email = `factor${people}@example.com`;
  const { customer, subject } = await scene.signUp(email, 'a long password');
  const whose = { customer: customer.id, subject, asked: scene.caller() };
  await accounts.addFactor(base, base.db, { ...whose, proven: { kind: 'email', address: email } });
  await accounts.addFactor(base, base.db, { ...whose, proven: { kind: 'email', address: `other-${email}` } });
  await accounts.renewRecoveryCodes(base, base.db, whose);
  const left = async () =>
    (await accounts.factorsOf(base.db, customer.id)).map((one) => ('address' in one ? one.address : one.kind));

  const set = (to: string) => accounts.setIdentifiers(base, base.db, { subject, email: to, asked: scene.caller() });
  await set(`moved-${email}`);
  assert.deepEqual(await left(), [`other-${email}`, 'recovery_codes'], 'one at another address stays');
  await set(`other-${email}`);
  assert.deepEqual(await left(), [`other-${email}`, 'recovery_codes']);
  await set(`gone-${email}`);
  assert.deepEqual(await left(), []);
});
