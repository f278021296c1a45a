import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { apple } from '../../../demo/networks/apple.ts';
import { applePeople, facebookPeople, googlePeople, otherPeople } from '../../../demo/networks/demo-people.ts';
import { facebook } from '../../../demo/networks/facebook.ts';
import { openidNetwork } from '../../../demo/networks/generic-oidc.ts';
import { google } from '../../../demo/networks/google.ts';
import type { OpenidSettings } from '../../../demo/networks/openid-settings.ts';
import type { Person } from '../../../demo/networks/people.ts';
import { testBase } from '../../../test/base.ts';
import { startTrial, type Trial, toldBy } from '../../../test/network-sign-in.ts';
import { isProblem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { beginUpstream, finishUpstream, type UpstreamTicket } from './connections.ts';

const base = await testBase();
const trials: Trial[] = [];
after(async () => {
  await Promise.all(trials.map((trial) => trial.close()));
  await base.close();
});

async function keep(starting: Promise<Trial>): Promise<Trial> {
  const trial = await starting;
  trials.push(trial);
  return trial;
}
const atGoogle = (more: JsonObject = {}) =>
  keep(startTrial(base, google(googlePeople), 'google-oauth2', (origin) => ({ origin, ...more })));

const sofia = { person: '108204268033311374519' };
const failed = (error: unknown) => isProblem(error, 'network_failed');

function comeBack(trial: Trial, ticket: UpstreamTicket, params: Record<string, unknown> | URLSearchParams) {
  return finishUpstream(base, trial.connection, { ...ticket, params });
}

test("security case 6: an answer counts only with this flow's state, nonce, verifier and code", async () => {
  const trial = await atGoogle();
  const [mine, attackers] = [trial.ticket(), trial.ticket()];
  // The attacker's own finished visit, carried into the victim's browser (login CSRF, forced linking).
  const brought = await trial.leave(sofia, attackers);
  await assert.rejects(comeBack(trial, mine, brought), failed, 'foreign state');
  await assert.rejects(comeBack(trial, mine, { ...brought, state: mine.state }), failed, 'foreign code under my state');
  const own = async () => trial.leave(sofia, mine);
  await assert.rejects(comeBack(trial, { ...mine, nonce: attackers.nonce }, await own()), failed, 'nonce');
  const verifier = { ...mine, codeVerifier: attackers.codeVerifier };
  await assert.rejects(comeBack(trial, verifier, await own()), failed, 'verifier');
  const elsewhere = { ...mine, redirectUri: `${mine.redirectUri}2` };
  await assert.rejects(comeBack(trial, elsewhere, await own()), failed, 'redirect address');
  const params = await own();
  assert.equal((await comeBack(trial, mine, params)).userId, sofia.person);
  await assert.rejects(comeBack(trial, mine, params), failed, 'the same code again');
});

test('wrong input: parameters that are missing, doubled, empty, huge or of another flow', async () => {
  const trial = await atGoogle();
  const ticket = trial.ticket();
  const good = await trial.leave(sofia, ticket);
  const { code, state } = good;
  const wrong: Record<string, unknown>[] = [
    {},
    { state },
    { code },
    { ...good, state: '' },
    { ...good, state: [state, state] },
    { ...good, code: [code, code] },
    { ...good, code: '' },
    { ...good, code: 'x'.repeat(10_000) },
    { ...good, code: { nested: code } },
    { ...good, iss: 'https://accounts.google.com' },
    { ...good, id_token: 'eyJ.x.y' },
    { ...good, response: 'eyJ.x.y' },
    { ...good, error: 'server_error', code: '' },
    { error: 'access_denied', state: 'another' },
    { error: 'access_denied' },
  ];
  for (const params of wrong) {
    await assert.rejects(comeBack(trial, ticket, params), failed, JSON.stringify(params).slice(0, 80));
  }
  const used = trial.network.requests.filter((request) => request.endpoint === 'token');
  assert.equal(used.length, 0, 'nothing reached the token endpoint');
  assert.ok(await comeBack(trial, ticket, new URLSearchParams(good)));
});

test("security case 12: one network's answer is worth nothing at the connection of another", async () => {
  const first = await atGoogle();
  const second = await atGoogle();
  const other = await keep(startTrial(base, facebook(facebookPeople), 'facebook'));
  const ticket = first.ticket();
  const params = await first.leave(sofia, ticket);
  await assert.rejects(comeBack(second, ticket, params), failed, 'iss names another issuer');
  const { iss: _iss, ...silent } = params;
  await assert.rejects(comeBack(second, ticket, silent), failed, 'the code is unknown there');
  await assert.rejects(comeBack(other, ticket, params), failed);
  assert.equal((await comeBack(first, ticket, params)).userId, sofia.person);
});

test('security case 12: an issuer that announces itself must name itself (RFC 9207)', async () => {
  const settings = {
    ...{ name: 'own', title: 'Own', colour: '#333', people: otherPeople },
    paths: { discovery: '/.well-known/openid-configuration', authorize: '/a', token: '/t', keys: '/k', userinfo: '/u' },
    metadata: () => ({ authorization_response_iss_parameter_supported: true }),
  };
  const person = { person: 'sim-sofia-01' };
  const issuer = (origin: string) => ({ issuer: origin });
  const silent = await keep(startTrial(base, openidNetwork(settings), 'oidc', issuer));
  await assert.rejects(silent.signIn(person), failed);
  const telling = openidNetwork({ ...settings, backWith: (_grant, origin) => ({ iss: origin }) });
  assert.ok((await (await keep(startTrial(base, telling, 'oidc', issuer))).signIn(person)).userId);
});

test('security case 12: discovery that speaks for another issuer is refused', async () => {
  const paths = {
    discovery: '/.well-known/openid-configuration',
    authorize: '/a',
    token: '/t',
    keys: '/k',
    userinfo: '/u',
  };
  const liar = openidNetwork({
    ...{ name: 'own', title: 'Own', colour: '#333', people: otherPeople, paths },
    issuer: () => 'https://accounts.google.com',
  });
  for (const discovery of ['issuer', 'discovery_url']) {
    const trial = await keep(
      startTrial(base, liar, 'oidc', (origin) =>
        discovery === 'issuer' ? { issuer: origin } : { discovery_url: `${origin}${paths.discovery}` },
      ),
    );
    await assert.rejects(beginUpstream(base, trial.connection, trial.ticket()), failed);
  }
});

test('what leaves: state, nonce and challenge always, the secret never, further parameters only where free', async () => {
  const trial = await atGoogle({
    upstream_params: {
      hd: { value: 'example.com' },
      login_hint: { alias: 'login_hint' },
      lang: { alias: 'ui_locales' },
    },
    freeform_scopes: ['https://www.googleapis.com/auth/books'],
  });
  const ticket = trial.ticket();
  const hints = { login_hint: 'a@example.com', prompt: 'none', ui_locales: 'de' };
  const { searchParams } = new URL((await beginUpstream(base, trial.connection, { ...ticket, hints })).url);
  const { code_challenge, ...sent } = Object.fromEntries(searchParams);
  assert.match(String(code_challenge), /^[\w-]{43}$/);
  assert.deepEqual(sent, {
    client_id: 'app-google-oauth2',
    response_type: 'code',
    redirect_uri: ticket.redirectUri,
    scope: 'openid email profile https://www.googleapis.com/auth/books',
    state: ticket.state,
    nonce: ticket.nonce,
    code_challenge_method: 'S256',
    hd: 'example.com',
    login_hint: 'a@example.com',
    lang: 'de',
  });
});

test("security case 4: Google's word proves its own addresses and those of the organisation it names, no others", async () => {
  const trial = await atGoogle();
  const table: [email: string, hostedDomain: string | undefined, address: string | undefined, proves: boolean][] = [
    ['anna-b@gmail.com', undefined, 'anna-b@gmail.com', true],
    ['Anna-B@GMAIL.com', undefined, 'anna-b@gmail.com', true],
    ['anna@googlemail.com', undefined, 'anna@googlemail.com', true],
    ['anna@firm.example', 'firm.example', 'anna@firm.example', true],
    ['anna@firm.example', 'FIRM.example', 'anna@firm.example', true],
    ['ceo@victim.example', undefined, 'ceo@victim.example', false],
    ['ceo@victim.example', 'evil.example', 'ceo@victim.example', false],
    ['ceo@sub.firm.example', 'firm.example', 'ceo@sub.firm.example', false],
    ['ceo@gmail.com.evil.example', undefined, 'ceo@gmail.com.evil.example', false],
    ['ceo@gmail.com@evil.example', undefined, undefined, false],
    ['ceo@gmaıl.com', undefined, 'ceo@xn--gmal-nza.com', false],
    ['ceo＠gmail.com', undefined, 'ceo@gmail.com', true],
    ['сео@gmail.com', undefined, 'сео@gmail.com', true],
    ['cеo@gmail.com', undefined, undefined, false],
    ['not an address', undefined, undefined, false],
  ];
  for (const [index, [email, hostedDomain, address, proves]] of table.entries()) {
    const person: Person = { id: `9${index}`, name: 'Anna B', givenName: 'Anna', familyName: 'B', email };
    trial.network.people.add(hostedDomain === undefined ? person : { ...person, hostedDomain });
    const answer = await trial.signIn({ person: person.id });
    assert.deepEqual(
      [answer.email?.address, answer.email?.proves ?? false],
      [address, proves],
      `${email} ${hostedDomain}`,
    );
    assert.equal(toldBy(answer).email, address);
  }
  const distrusted = await atGoogle({ trust_email_verified: false });
  assert.deepEqual((await distrusted.signIn(sofia)).email, {
    address: 'sofia-marchetti@gmail.com',
    claimed: true,
    proves: false,
  });
});

test('security case 4: a generic provider proves only when trusted, for its own domains, flag beside address', async () => {
  const people: Person[] = [
    { id: 'p1', name: 'A B', givenName: 'A', familyName: 'B', email: 'a@firm.example' },
    { id: 'p2', name: 'C D', givenName: 'C', familyName: 'D', email: 'c@other.example' },
  ];
  const paths = {
    discovery: '/.well-known/openid-configuration',
    authorize: '/a',
    token: '/t',
    keys: '/k',
    userinfo: '/u',
  };
  const settings: OpenidSettings = { name: 'own', title: 'Own', colour: '#333', people, paths };
  const trusted = { trust_email_verified: true, domain_aliases: ['Firm.example'] };
  const start = (more: Partial<OpenidSettings>, options: JsonObject) =>
    keep(startTrial(base, openidNetwork({ ...settings, ...more }), 'oidc', (issuer) => ({ issuer, ...options })));
  const proofOf = async (trial: Trial, person: string) => {
    const { email } = await trial.signIn({ person });
    return [email?.claimed, email?.proves];
  };
  const both = await start({}, trusted);
  assert.deepEqual(await proofOf(both, 'p1'), [true, true]);
  assert.deepEqual(await proofOf(both, 'p2'), [true, false]);
  assert.deepEqual(await proofOf(await start({}, { trust_email_verified: true }), 'p1'), [true, false]);
  assert.deepEqual(await proofOf(await start({}, { domain_aliases: ['firm.example'] }), 'p1'), [true, false]);
  // Address in the ID token, flag at the userinfo, and the other way round.
  const split: Partial<OpenidSettings>[] = [
    { idClaims: () => ({ email: 'a@firm.example' }), userinfo: () => ({ email_verified: true }) },
    { idClaims: () => ({ email_verified: true }), userinfo: () => ({ email: 'a@firm.example' }) },
    { idClaims: () => ({ email: 'a@firm.example', email_verified: 'true' }), userinfo: () => ({}) },
    { idClaims: () => ({ email: 'a@firm.example', email_verified: 1 }), userinfo: () => ({}) },
    { idClaims: () => ({}), userinfo: () => ({ email: ['a@firm.example'], email_verified: true }) },
  ];
  for (const more of split) {
    const [claimed = false, proves = false] = await proofOf(await start(more, trusted), 'p1');
    assert.deepEqual([claimed, proves], [false, false]);
  }
});

test('Apple: what the browser carries as `user` names somebody and proves nothing', async () => {
  const trial = await keep(startTrial(base, apple(applePeople), 'apple'));
  const person = '001905.0b7e6d5c4f3a2b1908f7e6d5c4b3a291.0655';
  const forged = {
    name: { firstName: '<b>Eve\u0000\u202e', lastName: ['x'] },
    email: 'victim@icloud.com',
    sub: 'other',
  };
  const carried = [JSON.stringify(forged), '{', '[]', 'null', '"x"', '{"name":7}', 'x'.repeat(5000)];
  for (const [index, user] of carried.entries()) {
    const ticket = trial.ticket();
    const params = await trial.leave({ person, hideEmail: true }, ticket);
    const answer = await comeBack(trial, ticket, { ...params, user });
    assert.equal(answer.userId, person);
    assert.match(String(answer.email?.address), /@privaterelay\.appleid\.com$/);
    assert.equal(toldBy(answer).given_name, index === 0 ? '<b>Eve' : undefined, user.slice(0, 40));
    assert.ok(!JSON.stringify(answer.profileData).includes('victim'));
  }
});
