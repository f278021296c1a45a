import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { demoSecrets } from '../../../demo/demo-secrets.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { findPlanted } from '../../../test/find-planted.ts';
import { openTextScene } from '../../../test/text-scene.ts';
import { writeJson } from '../../base/json-stream.ts';
import { erasures, exports } from '../../customer-data.ts';
import { createAccount } from '../../features/accounts/accounts.ts';
import {
  createConnection,
  defaultPasswordConnection,
  setEnabledClients,
  updateConnection,
} from '../../features/connections/connections.ts';
import {
  type Customer,
  correct,
  exportAll,
  findByUserId,
  identitiesOf,
  knownOf,
  provenOwners,
  removeCustomer,
  update,
} from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';
import { endSessions } from '../oidc/oidc.ts';

const grant_type = 'http://auth0.com/oauth/grant-type/passwordless/otp';
const scene = await openTextScene();
const { world, codeTo, forgetCounts, another, carry, ownerOf } = scene;
let connection: string;
before(() => world.allow(grant_type));
after(() => scene.close());

const start = (phone_number: string, more: Record<string, string> = {}) =>
  world.machine('/passwordless/start', { connection: 'sms', phone_number, ...more });
const redeem = (username: string, otp: string, more: Record<string, string> = {}) =>
  world.token({ grant_type, username, otp, realm: 'sms', scope: 'openid phone offline_access', ...more });

test('off until the connection is there, the portal offers it, and somebody carries the messages', async () => {
  const refused = async () => assert.equal((await start('+14155550100')).error, 'bad.connection');
  await refused();
  await carry(true);
  await refused();
  const { base } = world;
  await assert.rejects(createConnection(base, { name: 'texts', strategy: 'sms' }), { code: 'invalid_body' });
  await assert.rejects(createConnection(base, { name: 'sms', strategy: 'auth0' }), { code: 'invalid_body' });
  connection = (await createConnection(base, { name: 'sms', strategy: 'sms' })).id;
  await base.settings.refresh();
  await refused();
  await setEnabledClients(base, connection, [{ client_id: portalIds.lumiere, status: true }]);
  await base.settings.refresh();
  await carry(false);
  await refused();
  await carry(true);
  assert.equal((await start('+14155550100')).error, undefined);
  assert.doesNotMatch((await world.browser().open(world.door())).text, /Text message/, 'no button of a network');
});

test('a code makes a customer, then signs them in; the number is proven in profile and claims', async () => {
  const phone = '+491701234567';
  const started = await start('+49 (170) 123-4567');
  assert.match(String(started._id), /^[0-9a-f]{24}$/);
  assert.deepEqual([started.phone_number, started.phone_verified], [phone, false]);
  const tokens = await redeem(phone, await codeTo(phone));
  assert.equal(tokens.status, 200, JSON.stringify(tokens.body));
  const { sub, phone_number, phone_number_verified, amr } = tokens.claims;
  assert.match(String(sub), /^sms\|[0-9a-f]{24}$/);
  assert.deepEqual([phone_number, phone_number_verified, amr], [phone, true, ['sms']]);
  assert.ok(tokens.body.refresh_token);
  const customer = await findByUserId(world.base.db, String(sub));
  assert.deepEqual([customer?.phone_number, customer?.phone_verified], [phone, true]);
  const [identity] = await identitiesOf(world.base.db, customer?.id ?? '');
  assert.partialDeepStrictEqual(identity, { provider: 'sms', connection: 'sms', is_social: false });

  await start(phone);
  const again = await redeem(phone, await codeTo(phone, 2));
  assert.equal(again.claims.sub, sub, 'the same customer');
});

test('a number that one customer has proven opens their account; one that is only claimed opens none', async () => {
  const phone = '+14155550111';
  const { user_id } = await ownerOf(phone, 'proven@example.com');
  const at = new Date();
  await createAccount(world.base, world.base.db, {
    connection: defaultPasswordConnection,
    email: 'claims@example.com',
    emailVerified: true,
    facts: [{ path: 'phone_number', value: phone, source: 'customer', origin: 'api', at }],
    origin: 'api',
  });
  await start(phone);
  assert.equal((await redeem(phone, await codeTo(phone))).claims.sub, user_id);
});

test('a number that several have proven is refused clearly, and opens none', async () => {
  const phone = '+14155550112';
  await ownerOf(phone, 'one-of-two@example.com');
  await ownerOf(phone, 'two-of-two@example.com');
  await start(phone);
  const { status, body } = await redeem(phone, await codeTo(phone));
  assert.deepEqual([status, body.error], [403, 'access_denied']);
  assert.match(String(body.error_description), /Several profiles share this phone number/);
});

test('a code is good once, at the portal that asked, and the newest one alone', async () => {
  const phone = '+14155550113';
  await start(phone);
  const first = await codeTo(phone);
  await start(phone);
  const code = await codeTo(phone, 2);
  for (const typed of [another(code), ...(first === code ? [] : [first])]) {
    const { status, body } = await redeem(phone, typed);
    assert.deepEqual(
      [status, body.error, body.error_description],
      [403, 'invalid_grant', 'Wrong phone number or verification code.'],
    );
  }
  assert.equal((await redeem(phone, code, { realm: 'email' })).body.error, 'invalid_request', 'no mailed code');
  const { northtrail } = demoSecrets(world.base.vault).shops;
  const grant_types = [grant_type, 'authorization_code', 'refresh_token'] as const;
  await updatePortal(
    world.base,
    portalIds.northtrail,
    { settings: { grant_types: [...grant_types] } },
    () => undefined,
  );
  await world.base.settings.refresh();
  const elsewhere = await world.token({
    ...{ grant_type, username: phone, otp: code, realm: 'sms' },
    ...{ client_id: portalIds.northtrail, client_secret: northtrail },
  });
  assert.equal(elsewhere.body.error, 'access_denied', 'the other shop does not offer it');
  const many = await Promise.all(Array.from({ length: 50 }, () => redeem(phone, code)));
  assert.equal(many.filter(({ status }) => status === 200).length, 1, 'of fifty at once one gets in');
  assert.equal((await provenOwners(world.base.db, 'phone', phone)).length, 1);
});

test('security row 16: a code that one portal asked for is good at no other that takes text codes, too', async () => {
  await forgetCounts();
  const phone = '+14155550170';
  const { northtrail } = demoSecrets(world.base.vault).shops;
  const grant_types = [grant_type, 'authorization_code', 'refresh_token'] as const;
  const portal = { settings: { grant_types: [...grant_types] } };
  await updatePortal(world.base, portalIds.northtrail, portal, () => undefined);
  await setEnabledClients(world.base, connection, [{ client_id: portalIds.northtrail, status: true }]);
  await world.base.settings.refresh();
  const there = { client_id: portalIds.northtrail, client_secret: northtrail };
  await start(phone);
  const code = await codeTo(phone);
  const refused = await redeem(phone, code, there);
  assert.deepEqual(
    [refused.status, refused.body.error, refused.body.error_description],
    [403, 'invalid_grant', 'Wrong phone number or verification code.'],
  );
  assert.equal((await provenOwners(world.base.db, 'phone', phone)).length, 0, 'nobody came in');
  // The other way round, with one waiting at each.
  await start(phone, there);
  const theirs = await codeTo(phone, 2);
  if (theirs !== code) assert.equal((await redeem(phone, theirs)).status, 403);
  assert.equal((await redeem(phone, code)).status, 200, 'the portal that asked still takes it');
  assert.equal((await redeem(phone, theirs, there)).status, 200);
  await setEnabledClients(world.base, connection, [{ client_id: portalIds.northtrail, status: false }]);
  await world.base.settings.refresh();
});

test('security row 15: five tries for a code', async () => {
  const phone = '+14155550114';
  await start(phone);
  const code = await codeTo(phone);
  for (let tries = 0; tries < 5; tries += 1) assert.equal((await redeem(phone, another(code))).status, 403);
  assert.equal((await redeem(phone, code)).status, 403, 'the right one comes too late');
});

test('security row 19: whoever asks cannot tell whose number it is', async () => {
  const known = '+14155550115';
  await ownerOf(known, 'has-a-number@example.com');
  const answers = [await start(known), await start('+14155550116')].map(({ _id, phone_number, ...rest }) => rest);
  assert.deepEqual(answers[0], answers[1]);
  for (const phone of [known, '+14155550116']) await codeTo(phone);
  const refusals = [await redeem(known, '000000'), await redeem('+14155550117', '000000')];
  assert.deepEqual(refusals[0]?.body, refusals[1]?.body);
});

test('what is asked for wrongly is refused in Auth0’s words', async () => {
  for (const phone of ['0170 1234567', '+0123456789', 'otto@example.com', '+1415555010012345', ' ']) {
    assert.equal((await start(phone)).error, 'bad.phone_number', phone);
  }
  assert.equal((await world.machine('/passwordless/start', { connection: 'sms' })).error, 'bad.phone_number');
  assert.equal((await start('+14155550118', { client_secret: 'wrong' })).error, 'access_denied');
  assert.equal((await redeem('+14155550118', '000000', { realm: 'fax' })).body.error, 'invalid_request');
});

test('where nobody signs up by themselves, a number that is nobody’s is let in nowhere', async () => {
  const phone = '+14155550119';
  await updateConnection(world.base, connection, { options: { disable_signup: true } });
  await world.base.settings.refresh();
  await start(phone);
  const { status, body } = await redeem(phone, await codeTo(phone));
  assert.deepEqual([status, body.error], [403, 'access_denied']);
  assert.deepEqual(await provenOwners(world.base.db, 'phone', phone), []);
  await updateConnection(world.base, connection, { options: {} });
  await world.base.settings.refresh();
});

test('a second factor is another one: the phone that signed in is not asked again, and cannot be added', async () => {
  const phone = '+14155550120';
  await ownerOf(phone, 'two-steps@example.com');
  await world.allow('http://auth0.com/oauth/grant-type/mfa-oob');
  await updatePortal(world.base, portalIds.lumiere, { settings: { mfa: 'always' } }, () => undefined);
  await world.base.settings.refresh();
  await start(phone);
  const { body } = await redeem(phone, await codeTo(phone));
  assert.equal(body.error, 'mfa_required');
  const add = async (phone_number: string) => {
    const response = await fetch(`${world.url}/mfa/associate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${body.mfa_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ authenticator_types: ['oob'], oob_channels: ['sms'], phone_number }),
    });
    return response.status;
  };
  assert.equal(await add('+1 415 555 0120'), 400);
  assert.equal(await add('+14155550121'), 200);
  await updatePortal(world.base, portalIds.lumiere, { settings: { mfa: null } }, () => undefined);
  await world.base.settings.refresh();
});

test('the number is in what is taken along, and is found nowhere once its customer is erased', async () => {
  const phone = '+14155550122';
  await start(phone);
  const { claims } = await redeem(phone, await codeTo(phone));
  await start(phone);
  await codeTo(phone, 2);
  const customer = await findByUserId(world.base.db, String(claims.sub));
  assert.ok(customer);
  let file = '';
  for await (const part of writeJson(exportAll(world.base.db, customer.id, exports))) file += part;
  assert.ok(file.includes(phone));
  const at = new Date();
  await removeCustomer(world.base.db, customer.id, { at, endSessions, others: erasures });
  assert.deepEqual(await findPlanted(world.base.db, phone), []);
});

test('security row 3: a number that the umbrella replaces, or its customer deletes, opens the account no more', async () => {
  const { db } = world.base;
  await forgetCounts();
  const at = new Date();
  const umbrella = { source: 'umbrella', origin: 'api', at } as const;
  const endings: ((customer: Customer) => Promise<unknown>)[] = [
    ({ id }) => update(db, id, { root: { phone_number: '+14155550139' } }, umbrella),
    ({ id }) => update(db, id, { root: { phone_number: null } }, umbrella),
    async ({ id }) => {
      const { known } = await knownOf(db, id);
      const seen = known.find(({ path }) => path === 'phone_number')?.mark ?? '';
      await correct(db, id, { path: 'phone_number', withdraw: true, seen }, { origin: 'account', at });
    },
    async ({ id }) => {
      const { known } = await knownOf(db, id);
      const seen = known.find(({ path }) => path === 'phone_number')?.mark ?? '';
      await correct(db, id, { path: 'phone_number', exclude: 'value', seen }, { origin: 'account', at });
    },
  ];
  for (const [index, end] of endings.entries()) {
    const phone = `+1415555013${index}`;
    const owner = await ownerOf(phone, `had-a-number-${index}@example.com`);
    await update(db, owner.id, { root: { phone_number: phone } }, umbrella);
    assert.equal((await provenOwners(db, 'phone', phone)).length, 1, 'said again it stays as it is');
    await end(owner);
    await start(phone);
    const { claims } = await redeem(phone, await codeTo(phone));
    assert.match(String(claims.sub), /^sms\|/, 'whoever has the number now is somebody else');
  }
});

test('nobody but the person brings an erased number back; they start empty, and that lifts the hold', async () => {
  const phone = '+14155550125';
  await start(phone);
  const first = (await redeem(phone, await codeTo(phone))).claims.sub;
  const customer = await findByUserId(world.base.db, String(first));
  await removeCustomer(world.base.db, customer?.id ?? '', { at: new Date(), endSessions, others: erasures });
  await assert.rejects(ownerOf(phone, 'imported@example.com'), { code: 'address_erased' });
  await start(phone);
  const { claims } = await redeem(phone, await codeTo(phone, 2));
  assert.match(String(claims.sub), /^sms\|/);
  assert.notEqual(claims.sub, first);
  await ownerOf(phone, 'imported@example.com');
});

test('nobody’s phone is flooded', async () => {
  const answers: Record<string, unknown>[] = [];
  for (let count = 0; count < 8; count += 1) answers.push(await start('+14155550123'));
  assert.equal(answers.at(-1)?.error, 'too_many_attempts');
});
