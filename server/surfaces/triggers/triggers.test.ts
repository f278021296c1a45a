import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { type City, writeMmdb } from '../../../demo/arrivals/mmdb.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { bindActions } from '../../../test/actions.ts';
import { signIn, signUp } from '../../../test/sign-in-world.ts';
import { startTextProvider } from '../../../test/text-provider.ts';
import { openTextScene } from '../../../test/text-scene.ts';
import { openGeo } from '../../base/geo.ts';
import { readOutgoingHosts, writeOutgoingHosts } from '../../base/outgoing-hosts.ts';
import { changeBindings, type TriggerId, triggerIds, triggers } from '../../features/actions/actions.ts';
import {
  defaultPasswordConnection as connection,
  createConnection,
  setEnabledClients,
} from '../../features/connections/connections.ts';
import { changeRunning } from '../../features/rules/rules.ts';
import { eventOf } from './event.ts';

// The whole server: what actions are told and what comes of it, by the doors that people and machines use.

const scene = await openTextScene();
const { world } = scene;
const { base } = world;
const outside = await startTextProvider();
const password = 'correct horse battery';
let machineToken = '';
before(async () => {
  await writeOutgoingHosts(base.db, base.settings, [...(await readOutgoingHosts(base.db)), outside.host]);
  await base.settings.refresh();
  machineToken = String((await askMachine()).access_token);
});
after(async () => {
  await scene.close();
  await outside.close();
});
afterEach(async () => {
  outside.received.length = 0;
  for (const trigger of triggerIds) await changeBindings(base, trigger, []);
  await base.settings.refresh();
});

const secrets = [{ name: 'URL', value: outside.url }];
const tell = (handler: string) => ({
  secrets,
  code: `exports.${handler} = async (event) => {
    const { secrets, ...told } = event;
    await fetch(secrets.URL, { method: 'POST', body: JSON.stringify(told) });
  };`,
});

async function askMachine(more: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const audience = `${base.config.issuer}api/v2/`;
  const client = { client_id: 'test-machine', client_secret: 'secret-of-the-test-machine' };
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...client, audience, ...more });
  const answer = await fetch(`${world.url}/oauth/token`, { method: 'POST', body });
  return { status: answer.status, ...Object(await answer.json()) };
}

async function manage(method: string, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${machineToken}`, 'content-type': 'application/json' };
  const answer = await fetch(`${world.url}/api/v2${path}`, { method, headers, body: JSON.stringify(body) });
  return { status: answer.status, ...Object(await answer.json()) };
}

async function portalSignUp(email: string, more: object = {}) {
  const body = JSON.stringify({ client_id: portalIds.lumiere, connection, email, password, ...more });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${world.url}/dbconnections/signup`, { method: 'POST', headers, body });
  return { status: answer.status, ...Object(await answer.json()) };
}

/** The event that an action handed on, once it came. */
async function told(count = 1): Promise<Record<string, Record<string, unknown>>> {
  for (const end = Date.now() + 30_000; outside.received.length < count; await sleep(20)) {
    if (Date.now() > end) assert.fail('no action has told anything');
  }
  return JSON.parse(outside.received[count - 1]?.body ?? '');
}

test('post-user-registration: told of every new customer, by whatever door, and nobody waits', async () => {
  await bindActions(base, 'post-user-registration', [tell('onExecutePostUserRegistration')]);
  assert.equal((await portalSignUp('post@example.com', { given_name: 'Rosa' })).status, 200);
  const first = await told();
  assert.partialDeepStrictEqual(first.user, { email: 'post@example.com', given_name: 'Rosa', app_metadata: {} });
  assert.partialDeepStrictEqual(first.connection, { name: connection, strategy: 'auth0' });
  assert.partialDeepStrictEqual(first.client, { client_id: portalIds.lumiere });
  assert.partialDeepStrictEqual(first.request, { method: 'POST', hostname: 'localhost' });
  assert.doesNotMatch(JSON.stringify(first), /correct horse/);

  await signUp(world, world.browser(), 'hosted@example.com', password);
  assert.equal((await told(2)).user?.email, 'hosted@example.com');
  await manage('POST', '/users', { connection, email: 'api@example.com', password, verify_email: false });
  assert.equal((await told(3)).user?.email, 'api@example.com');
  await signIn(world, world.browser(), 'hosted@example.com', password);
  await sleep(300);
  assert.equal(outside.received.length, 3, 'a sign-in is no registration');
});

test('pre-user-registration: adds metadata, or nobody is made', async () => {
  await bindActions(base, 'pre-user-registration', [
    `exports.onExecutePreUserRegistration = async (event, api) => {
      if (event.user.email.endsWith('@blocked.test')) return api.access.deny('a list', 'Please use another address.');
      if (event.user.email.endsWith('@secret.test')) return api.access.deny('inner reason');
      if (event.user.email.endsWith('@invalid.test')) return api.validation.error('bad', 'That cannot be.');
      api.user.setUserMetadata('first', event.client?.name ?? 'none');
      api.user.setAppMetadata('tier', 'new');
    };`,
    `exports.onExecutePreUserRegistration = async ({ user }, api) => {
      api.user.setAppMetadata('seen', [user.app_metadata, user.user_metadata.first]);
    };`,
  ]);
  assert.equal((await portalSignUp('pre@example.com')).status, 200);
  const made = await world.customer('pre@example.com');
  assert.deepEqual(
    [made.user_metadata, made.app_metadata],
    [{ first: 'Lumière shop' }, { tier: 'new', seen: [{ tier: 'new' }, 'Lumière shop'] }],
  );
  for (const [email, message] of [
    ['one@blocked.test', 'Please use another address.'],
    ['one@invalid.test', 'That cannot be.'],
    ['one@secret.test', 'You cannot sign up here.'],
  ] as const) {
    const refused = await portalSignUp(email);
    assert.partialDeepStrictEqual(refused, { status: 400, code: 'extensibility_error', friendly_message: message });
    const byApi = await manage('POST', '/users', { connection, email, password, verify_email: false });
    assert.partialDeepStrictEqual(byApi, { status: 400, message, errorCode: 'extensibility_error' });
    await assert.rejects(world.customer(email), /No customer/);
  }
  const user = { connection, email: 'pre-api@example.com', password, app_metadata: { tier: 'old', own: 1 } };
  assert.equal((await manage('POST', '/users', user)).status, 201);
  const seen = [{ tier: 'new', own: 1 }, 'First machine client'];
  assert.deepEqual((await world.customer('pre-api@example.com')).app_metadata, { tier: 'new', own: 1, seen });
});

test('what pre-user-registration decides counts before what was sent, also that there is to be nothing', async () => {
  const code = `exports.onExecutePreUserRegistration = async (event, api) => {
    api.user.setUserMetadata('tier', 'basic');
    api.user.setUserMetadata('vip', null);
    api.user.setAppMetadata('role', null);
  };`;
  await bindActions(base, 'pre-user-registration', [code]);
  const user_metadata = { tier: 'gold', vip: 'yes', color: 'blue' };
  const left = { tier: 'basic', color: 'blue' };
  const byForm = await portalSignUp('overruled@example.com', { user_metadata });
  assert.partialDeepStrictEqual(byForm, { status: 200, user_metadata: left });
  assert.deepEqual((await world.customer('overruled@example.com')).user_metadata, left);
  const email = 'overruled-api@example.com';
  const user = { connection, email, password, user_metadata, app_metadata: { role: 'admin', own: 1 } };
  assert.partialDeepStrictEqual(await manage('POST', '/users', user), { status: 201 });
  const made = await world.customer(email);
  assert.deepEqual([made.user_metadata, made.app_metadata], [left, { own: 1 }]);
});

test('post-change-password: told of it, and never of the password', async () => {
  await portalSignUp('change@example.com');
  const { user_id } = await world.customer('change@example.com');
  await bindActions(base, 'post-change-password', [tell('onExecutePostChangePassword')]);
  const next = 'another long password';
  assert.equal((await manage('PATCH', `/users/${user_id}`, { connection, password: next })).status, 200);
  const event = await told();
  assert.partialDeepStrictEqual(event.user, { email: 'change@example.com', user_id });
  assert.ok(event.user?.last_password_reset);
  assert.partialDeepStrictEqual(event.connection, { name: connection });
  assert.doesNotMatch(JSON.stringify(event), /another long/);
});

test('credentials-exchange: claims and scopes of a machine, within its grant', async () => {
  await bindActions(base, 'credentials-exchange', [
    `exports.onExecuteCredentialsExchange = async (event, api) => {
      api.accessToken.setCustomClaim('https://shop.test/from', event.resource_server.identifier);
      api.transaction.setTargetScopes(['read:users', 'never:granted']);
      api.transaction.addTargetScope('read:stores');
    };`,
    `exports.onExecuteCredentialsExchange = async (event, api) => {
      api.accessToken.setCustomClaim('seen', [event.transaction.target_scopes, Object.keys(event.accessToken.customClaims)]);
      if (JSON.stringify(event).includes('secret-of-the')) api.access.deny('server_error', 'sees the secret');
    };`,
  ]);
  const { status, access_token, scope } = await askMachine();
  assert.equal(status, 200);
  assert.deepEqual(String(scope).split(' ').sort(), ['read:stores', 'read:users']);
  const claims = decodeJwt(String(access_token));
  assert.equal(claims['https://shop.test/from'], `${base.config.issuer}api/v2/`);
  assert.deepEqual(claims.seen, [['read:users', 'never:granted', 'read:stores'], ['https://shop.test/from']]);
});

test('credentials-exchange: a refusal has the code that the action says, and a failure refuses', async () => {
  const code = (body: string) => `exports.onExecuteCredentialsExchange = async (event, api) => { ${body} };`;
  await bindActions(base, 'credentials-exchange', [code(`api.access.deny('invalid_scope', 'Not for you.');`)]);
  const denied = { status: 400, error: 'invalid_scope', error_description: 'Not for you.' };
  assert.partialDeepStrictEqual(await askMachine(), denied);
  await bindActions(base, 'credentials-exchange', [code(`throw new Error('inner details');`)]);
  const failed = await askMachine();
  assert.partialDeepStrictEqual(failed, { status: 403, error: 'access_denied' });
  assert.doesNotMatch(JSON.stringify(failed), /inner details/);
});

test('what refuses a registration or a machine and then fails has refused, also where one goes on without it', async () => {
  for (const end of [`throw new Error('inner details');`, 'while (true) {}']) {
    const refusing = (handler: string, refusal: string) => ({
      code: `exports.${handler} = async (event, api) => { ${refusal} ${end} };`,
      on_failure: 'go_on' as const,
    });
    for (const refusal of [`api.access.deny('a list', 'Not you.');`, `api.validation.error('bad', 'Not you.');`]) {
      await bindActions(base, 'pre-user-registration', [refusing('onExecutePreUserRegistration', refusal)]);
      const refused = await portalSignUp('refused-late@example.com');
      assert.partialDeepStrictEqual(refused, { status: 400, friendly_message: 'Not you.' }, `${refusal} ${end}`);
    }
    await bindActions(base, 'credentials-exchange', [
      refusing('onExecuteCredentialsExchange', `api.access.deny('invalid_scope', 'Not for you.');`),
    ]);
    const denied = { status: 400, error: 'invalid_scope', error_description: 'Not for you.' };
    assert.partialDeepStrictEqual(await askMachine(), denied, end);
  }
});

test("security row 10: code overwrites no claim of the protocol in a machine's token", async () => {
  const names = [
    'iss',
    'sub',
    'aud',
    'exp',
    'iat',
    'azp',
    'scope',
    'permissions',
    'gty',
    'client_id',
    'jti',
    'cnf',
    '__proto__',
  ];
  const before = decodeJwt(String((await askMachine({ scope: 'read:users' })).access_token));
  await bindActions(base, 'credentials-exchange', [
    `exports.onExecuteCredentialsExchange = async (event, api) => {
      for (const name of ${JSON.stringify(names)}) api.accessToken.setCustomClaim(name, 'mine');
      api.accessToken.setCustomClaim('own', 'mine');
    };`,
  ]);
  const { iat: _i, exp: _e, ...claims } = decodeJwt(String((await askMachine({ scope: 'read:users' })).access_token));
  const { iat: _i2, exp: _e2, ...expected } = before;
  assert.deepEqual({ ...claims }, { ...expected, own: 'mine' });
});

test('send-phone-message: an action carries the message instead of a provider', async () => {
  const { id } = await createConnection(base, { name: 'sms', strategy: 'sms' });
  await setEnabledClients(base, id, [{ client_id: portalIds.lumiere, status: true }]);
  await base.settings.refresh();
  const browser = world.browser();
  assert.doesNotMatch((await browser.open(world.door())).text, /text message/, 'nobody carries any');
  await bindActions(base, 'send-phone-message', [tell('onExecuteSendPhoneMessage')]);
  const page = await browser.follow(await browser.open(world.door()), 'Send me a code by text message');
  const typing = await browser.submit(page, 'text', { phone: '+14155550199' });
  const { message_options = {}, client } = await told();
  assert.partialDeepStrictEqual(message_options, { message_type: 'sms', recipient: '+14155550199' });
  assert.match(String(message_options.text), new RegExp(String(message_options.code)));
  assert.partialDeepStrictEqual(client, { client_id: portalIds.lumiere });
  const arrived = await browser.submit(typing, 'verify', { code: String(message_options.code) });
  assert.equal(arrived.url.origin, 'http://lumiere.example', arrived.text);
});

const sms = async () => {
  const browser = world.browser();
  const page = await browser.follow(await browser.open(world.door()), 'Send me a code by text message');
  await browser.submit(page, 'text', { phone: '+14155550177' });
};
// What each makes happen.
const acts: Record<TriggerId, () => Promise<unknown>> = {
  'post-login': () => signIn(world, world.browser(), 'events@example.com', password),
  'pre-user-registration': () =>
    manage('POST', '/users', { connection, email: 'events-1@example.com', password, verify_email: false }),
  'post-user-registration': () =>
    manage('POST', '/users', { connection, email: 'events-2@example.com', password, verify_email: false }),
  'post-change-password': async () => {
    const { user_id } = await world.customer('events@example.com');
    await manage('PATCH', `/users/${user_id}`, { connection, password });
  },
  'credentials-exchange': () => askMachine(),
  'send-phone-message': sms,
};

test('an event has the names that Auth0 documents for its trigger, and code may read members of each', async (t) => {
  await portalSignUp('events@example.com');
  for (const trigger of triggerIds) {
    const { execute, event: names, eventMay = [] } = triggers[trigger];
    await t.test(trigger, async () => {
      const { code } = tell(execute);
      await bindActions(base, trigger, [
        { secrets, code: code.replace('(told)', '({ ...told, secrets: Object.keys(secrets) })') },
      ]);
      outside.received.length = 0;
      await acts[trigger]();
      const event = await told();
      await changeBindings(base, trigger, []);
      await base.settings.refresh();
      assert.deepEqual(
        names.filter((name) => typeof event[name] !== 'object' || event[name] === null),
        [],
      );
      const others = Object.keys(event).filter((name) => !names.includes(name) && !eventMay.includes(name));
      assert.deepEqual(others, [], 'it has nothing that is offered nowhere');
      const { request = {}, authentication } = event;
      for (const name of ['geoip', 'query', 'body']) assert.equal(typeof request[name], 'object', name);
      if (authentication) assert.ok(Array.isArray(authentication.methods));
      assert.deepEqual(event.custom_domain, { domain: new URL(base.config.issuer).host, domain_metadata: {} });
    });
  }
});

test('an event tells all that is known of the place', async (t) => {
  const file = join(await mkdtemp(join(tmpdir(), 'regulars-event-')), 'places.mmdb');
  t.after(() => rm(dirname(file), { recursive: true }));
  const lyon: City = {
    ...{ country: 'FR', city: 'Lyon', latitude: 45.75, longitude: 4.85, postalCode: '69001', timeZone: 'Europe/Paris' },
    ...{ continent: 'EU', subdivision: ['ARA', 'Auvergne-Rhône-Alpes'] },
  };
  await writeMmdb(file, { '81.2.69.0/24': lyon });
  const { request } = eventOf({ config: base.config, geo: openGeo(file) }, { ip: '81.2.69.142' }, {});
  assert.partialDeepStrictEqual(request, {
    geoip: {
      ...{
        countryCode: 'FR',
        countryCode3: 'FRA',
        countryName: 'France',
        cityName: 'Lyon',
        latitude: 45.75,
        longitude: 4.85,
      },
      ...{ timeZone: 'Europe/Paris', continentCode: 'EU', subdivisionCode: 'ARA', postalCode: '69001' },
      subdivisionName: 'Auvergne-Rhône-Alpes',
    },
  });
});

test('with all code switched off, no trigger runs', async () => {
  await bindActions(base, 'pre-user-registration', [
    `exports.onExecutePreUserRegistration = async (event, api) => api.access.deny('x', 'y');`,
  ]);
  assert.equal((await portalSignUp('off@example.com')).status, 400);
  const change = (skipped: boolean) => changeRunning(base, { skipped });
  await change(true);
  await base.settings.refresh();
  assert.equal((await portalSignUp('off@example.com')).status, 200);
  await change(false);
});
