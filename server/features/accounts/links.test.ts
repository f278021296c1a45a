import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { accountScene, type Scene, shop } from '../../../test/account-scene.ts';
import { testBase } from '../../../test/base.ts';
import { isProblem } from '../../base/errors.ts';
import { isJsonObject } from '../../base/json.ts';
import { findById, merge, proofsOf } from '../customers/customers.ts';
import {
  beginCodeSignIn,
  beginEmailChange,
  completeEmailChange,
  completeReset,
  completeUnblock,
  completeVerification,
  createAccount,
  createTicket,
  lookAtTicket,
  mailUnblockLink,
  redeemCodeSignIn,
  setIdentifiers,
  signInWithPassword,
  startReset,
  startVerification,
} from './accounts.ts';

let scene: Scene;
before(async () => {
  scene = await accountScene(
    await testBase({ url: 'https://login.example.com', issuer: 'https://login.example.com/' }),
  );
});
after(() => scene.base.close());

const password = 'a good long password';
const next = 'another good password';
const signIn = (identifier: string, typed = password, asked = scene.caller()) =>
  signInWithPassword(scene.base, { connection: shop, identifier, password: typed, asked });
const ask = (identifier: string) => startReset(scene.base, { connection: shop, identifier, asked: scene.caller() });
const reset = (ticket: string, typed = next) =>
  completeReset(scene.base, { ticket, password: typed, asked: scene.caller(), endSessions: scene.endSessions });
const verify = (ticket: string, used: string[] = []) =>
  completeVerification(scene.base, { ticket, used, asked: scene.caller(), endSessions: scene.endSessions });
const is = (code: Parameters<typeof isProblem>[1]) => (error: unknown) => code !== undefined && isProblem(error, code);

test('a forgotten password: a link that works once, for an hour; ends sessions, lifts blocks, tells', async (t) => {
  t.after(() => mock.timers.reset());
  const { customer } = await scene.signUp('ada@example.com', password);
  const here = scene.caller();
  for (let i = 0; i < 10; i += 1) await assert.rejects(signIn('ada@example.com', 'wrong', here));
  await ask('Ada@example.com');
  const { kind, secret, text } = await scene.mail('ada@example.com');
  assert.equal(kind, 'reset_password');
  assert.ok(text.includes(`https://login.example.com/u/reset-password?ticket=${secret}`));
  assert.equal((await lookAtTicket(scene.base, 'reset_password', secret))?.address, 'ada@example.com');
  assert.equal(await lookAtTicket(scene.base, 'verify_email', secret), undefined, 'another purpose');
  assert.equal(
    await lookAtTicket(scene.base, 'reset_password', `${secret.slice(0, -3)}AAA`),
    undefined,
    'another secret',
  );
  await assert.rejects(reset(secret, 'short'), is('password_weak'));
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => reset(secret)));
  assert.equal(all.filter((one) => one.status === 'fulfilled').length, 1, 'of ten at once one wins');
  assert.ok(scene.ended.includes(customer.id));
  assert.equal((await scene.mail('ada@example.com')).kind, 'password_changed');
  await assert.rejects(signIn('ada@example.com'), is('wrong_credentials'));
  await signIn('ada@example.com', next, here);
  assert.ok((await findById(scene.base.db, customer.id))?.last_password_reset);

  await ask('ada@example.com');
  const late = (await scene.mail('ada@example.com')).secret;
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_601_000 });
  await assert.rejects(reset(late), is('code_expired'));
});

test('security row 19: asking for a link looks the same for unknown accounts, whose mail says so', async () => {
  await ask('nobody@example.com');
  assert.deepEqual(await scene.mailsTo('nobody@example.com'), ['no_account']);
  await ask('no such username');
  await ask('not@an@address');
  assert.deepEqual(await scene.mailsTo('not@an@address'), []);
});

test('a garbage ticket costs no hash', async () => {
  const { done } = scene.base.hasher.work();
  for (const ticket of ['', 'x', 'A'.repeat(43), 'x'.repeat(10_000)])
    await assert.rejects(reset(ticket), is('code_expired'));
  assert.equal(scene.base.hasher.work().done, done);
});

test('a reset drops a pending change of address and other links; a link to an old address is dead', async () => {
  const { subject } = await scene.signUp('bea@example.com', password);
  const change = { subject, email: 'bea-new@example.com', flow: 'flow-change', asked: scene.caller() };
  const { code } = await beginEmailChange(scene.base, change);
  const typed = (await scene.mail('bea-new@example.com')).secret;
  await ask('bea@example.com');
  const first = (await scene.mail('bea@example.com')).secret;
  const asked = scene.caller();
  const signInCode = await beginCodeSignIn(scene.base, { email: 'bea@example.com', flow: 'flow-open', asked });
  const openCode = (await scene.mail('bea@example.com')).secret;
  await ask('bea@example.com');
  await reset((await scene.mail('bea@example.com')).secret);
  await assert.rejects(reset(first), is('code_expired'));
  const open = { ...signInCode, typed: openCode, flow: 'flow-open', asked, endSessions: scene.endSessions };
  await assert.rejects(redeemCodeSignIn(scene.base, open), is('code_expired'));
  const late = { code, typed, flow: 'flow-change', asked: scene.caller(), endSessions: scene.endSessions };
  await assert.rejects(completeEmailChange(scene.base, late), is('code_expired'));

  const { ticket } = await createTicket(scene.base, scene.base.db, { purpose: 'reset_password', subject });
  await setIdentifiers(scene.base, scene.base.db, { subject, email: 'bea-moved@example.com', asked: scene.caller() });
  await assert.rejects(reset(ticket), is('code_expired'));

  const kept = await createTicket(scene.base, scene.base.db, { purpose: 'reset_password', subject });
  const move = { value: 'bea-gone@example.com' };
  await scene.base.db.updateTable('login_identifiers').set(move).where('subject', '=', subject).execute();
  await assert.rejects(reset(kept.ticket), is('code_expired'), 'it was for the address before');
});

test('changing the address: the new one is proven first, the old one is told and opens nothing any more', async () => {
  const { customer, subject } = await scene.signUp('cleo@example.com', password);
  await scene.signUp('taken@example.com', password);
  const asked = scene.caller();
  const begin = (email: string, flow: string) => beginEmailChange(scene.base, { subject, email, flow, asked });
  const finish = (code: string, typed: string, flow: string) =>
    completeEmailChange(scene.base, { code, typed, flow, asked, endSessions: scene.endSessions });
  const taken = await begin('taken@example.com', 'flow-taken');
  const takenCode = (await scene.mail('taken@example.com')).secret;
  await assert.rejects(finish(taken.code, takenCode, 'flow-taken'), is('identifier_taken'));

  const { code } = await begin('Cleo.New@example.com', 'flow-new');
  assert.equal((await scene.mail('cleo@example.com')).kind, 'email_change_asked');
  await signIn('cleo@example.com');
  const door = await finish(code, (await scene.mail('cleo.new@example.com')).secret, 'flow-new');
  assert.ok(door.customer.id === customer.id && door.customer.email === 'cleo.new@example.com');
  assert.ok(door.customer.email_verified);
  assert.equal((await scene.mail('cleo@example.com')).kind, 'email_changed');
  await signIn('cleo.new@example.com');
  await assert.rejects(signIn('cleo@example.com'), is('wrong_credentials'));
  assert.deepEqual(
    (await proofsOf(scene.base.db, customer.id)).map((proof) => proof.address),
    ['cleo.new@example.com'],
  );
  const old = await beginCodeSignIn(scene.base, { email: 'cleo@example.com', flow: 'flow-old', asked });
  const typed = (await scene.mail('cleo@example.com')).secret;
  const back = { ...old, typed, flow: 'flow-old', asked, connection: shop, endSessions: scene.endSessions };
  assert.deepEqual((await redeemCodeSignIn(scene.base, back)).owners, []);
});

test('an account made elsewhere: a link alone drops the password; another can be chosen at once', async () => {
  const { customer, subject } = await scene.account('dora@example.com', password);
  assert.equal(customer.email_verified, false);
  await startVerification(scene.base, { subject, asked: scene.caller() });
  const { kind, secret } = await scene.mail('dora@example.com');
  assert.equal(kind, 'verify_email');
  const door = await verify(secret);
  assert.ok(door.customer.id === customer.id && door.customer.email_verified);
  await assert.rejects(signIn('dora@example.com'), is('wrong_credentials'));
  assert.ok(scene.ended.includes(customer.id));
  await reset(door.choosePassword ?? '');
  await signIn('dora@example.com', next);
  await assert.rejects(verify(secret), is('code_expired'), 'single use');
});

test('an account made elsewhere: a password that was used in the proof is kept', async () => {
  const { customer, subject } = await scene.account('emil@example.com', password);
  await startVerification(scene.base, { subject, asked: scene.caller() });
  const { secret } = await scene.mail('emil@example.com');
  const door = await verify(secret, [(await signIn('emil@example.com')).subject]);
  assert.ok(door.customer.email_verified && door.choosePassword === undefined);
  await signIn('emil@example.com');
  assert.ok(!scene.ended.includes(customer.id));
});

test('links of the umbrella: own lifetime, and where to go afterwards', async (t) => {
  t.after(() => mock.timers.reset());
  const { subject } = await scene.signUp('finn@example.com', password);
  const draft = { purpose: 'verify_email', subject, resultUrl: 'https://shop.example/done', seconds: 60 } as const;
  const { ticket, url } = await createTicket(scene.base, scene.base.db, draft);
  assert.equal(url, `https://login.example.com/u/email-verification?ticket=${ticket}`);
  assert.equal((await lookAtTicket(scene.base, 'verify_email', ticket))?.resultUrl, draft.resultUrl);
  assert.equal((await verify(ticket)).resultUrl, draft.resultUrl);
  const other = await createTicket(scene.base, scene.base.db, draft);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 61_000 });
  assert.equal(await lookAtTicket(scene.base, 'verify_email', other.ticket), undefined);
});

test('the owner of a blocked account is mailed a link that lifts just that block', async () => {
  const { customer } = await scene.signUp('gina@example.com', password);
  const [here, there] = [scene.caller(), scene.caller()];
  for (const asked of [here, there]) {
    for (let i = 0; i < 10; i += 1) await assert.rejects(signIn('gina@example.com', 'wrong', asked));
  }
  const { rows } = await scene.base.pool.query(
    `select payload from graphile_worker._private_jobs where payload->>'customer' = $1 order by id`,
    [customer.id],
  );
  assert.equal(rows.length, 2, 'one mail a block');
  assert.ok(isJsonObject(rows[0].payload) && rows[0].payload.ip === here.ip);
  await mailUnblockLink(scene.base, rows[0].payload);
  const { kind, secret, text } = await scene.mail('gina@example.com');
  assert.ok(kind === 'unblock' && text.includes(here.ip));
  await assert.rejects(signIn('gina@example.com', password, here), is('too_many_attempts'));
  await completeUnblock(scene.base, { ticket: secret });
  await signIn('gina@example.com', password, here);
  await assert.rejects(signIn('gina@example.com', password, there), is('too_many_attempts'));
  await assert.rejects(completeUnblock(scene.base, { ticket: secret }), is('code_expired'));
  await mailUnblockLink(scene.base, { ...rows[0].payload, customer: null });
});

test('in the database no code, ticket or password is readable but in mails that were not sent', async () => {
  const { secret } = await (async () => {
    await scene.signUp('hana@example.com', password);
    await ask('hana@example.com');
    return scene.mail('hana@example.com');
  })();
  for (const table of ['one_time_codes', 'authentication_methods', 'timeline', 'attempts']) {
    const { rows } = await scene.base.pool.query(`select t::text as row from ${table} t`);
    const all = rows.map((row) => row.row).join('\n');
    assert.ok(!all.includes(secret) && !all.includes(password) && !all.includes(next), table);
  }
});

test('a reset drops what was pending of an identity that joined since', async () => {
  const { base, endSessions } = scene;
  const winner = await scene.signUp('wim@example.com', 'some password');
  const draft = { connection: 'other shop', email: 'lou@example.com', password: 'some password', emailVerified: true };
  const loser = await createAccount(base, base.db, { ...draft, facts: [], origin: 'importer' });
  const [flow, asked, email] = ['flow-pending', scene.caller(), 'attacker@example.com'];
  const { code } = await beginEmailChange(base, { subject: loser.subject, email, flow, asked });
  const act = { by: 'api', origin: 'importer', at: new Date(), settleConsents: async () => undefined } as const;
  await merge(base.db, { winner: winner.customer.id, loser: loser.customer.id, endSessions, ...act });
  await startReset(base, { connection: shop, identifier: 'wim@example.com', asked: scene.caller() });
  const { secret: ticket } = await scene.mail('wim@example.com');
  await completeReset(base, { ticket, password: 'another password', asked: scene.caller(), endSessions });
  const typed = (await scene.mail(email)).secret;
  await assert.rejects(completeEmailChange(base, { code, typed, flow, asked, endSessions }), is('code_expired'));
});
