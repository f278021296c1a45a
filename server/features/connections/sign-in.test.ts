import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { NetworkStrategy } from '../../../contract/connection-options.ts';
import { amazon } from '../../../demo/networks/amazon.ts';
import { apple, relayAddress } from '../../../demo/networks/apple.ts';
import type { NetworkDefinition } from '../../../demo/networks/definition.ts';
import {
  applePeople,
  facebookPeople,
  githubPeople,
  googlePeople,
  otherPeople,
  xPeople,
} from '../../../demo/networks/demo-people.ts';
import { facebook } from '../../../demo/networks/facebook.ts';
import { oauthNetwork } from '../../../demo/networks/generic-oauth2.ts';
import { openidNetwork } from '../../../demo/networks/generic-oidc.ts';
import { github } from '../../../demo/networks/github.ts';
import { google } from '../../../demo/networks/google.ts';
import { linkedin } from '../../../demo/networks/linkedin.ts';
import { microsoft, personalTenant } from '../../../demo/networks/microsoft.ts';
import { x } from '../../../demo/networks/x.ts';
import { testBase } from '../../../test/base.ts';
import { startTrial, type Trial, toldBy } from '../../../test/network-sign-in.ts';
import type { JsonObject } from '../../base/json.ts';
import { asksOf, createConnection, endUpstream, isNetwork, openTokens, sealTokens } from './connections.ts';

const base = await testBase();
const trials: Trial[] = [];
after(async () => {
  await Promise.all(trials.map((trial) => trial.close()));
  await base.close();
});

async function start(definition: NetworkDefinition, strategy: NetworkStrategy, more: JsonObject = {}): Promise<Trial> {
  const trial = await startTrial(base, definition, strategy, (origin) => ({ origin, ...more }));
  trials.push(trial);
  return trial;
}

const sofiaAtGoogle = '108204268033311374519';
const jonasAtGoogle = '113991047552088216734';

test('Google tells name, picture, proven e-mail, birthday and gender', async () => {
  const trial = await start(google(googlePeople), 'google-oauth2', { birthday: true, gender: true });
  assert.deepEqual(asksOf(trial.connection), ['name', 'picture', 'email', 'birthday', 'gender']);
  const sofia = await trial.signIn({ person: sofiaAtGoogle });
  assert.equal(sofia.userId, sofiaAtGoogle);
  assert.deepEqual(toldBy(sofia), {
    name: 'Sofia Marchetti',
    given_name: 'Sofia',
    family_name: 'Marchetti',
    gender: 'female',
    birthdate: '1991-04-18',
    locale: 'en',
    picture: `${trial.network.origin}/pictures/${sofiaAtGoogle}.png`,
    email: 'sofia-marchetti@gmail.com',
  });
  assert.deepEqual(sofia.email, { address: 'sofia-marchetti@gmail.com', claimed: true, proves: true });
  assert.ok(sofia.granted.includes('https://www.googleapis.com/auth/user.birthday.read'));
  assert.equal(sofia.profileData.given_name, 'Sofia');
  assert.ok(Array.isArray(sofia.profileData.birthdays));
  for (const name of ['nonce', 'at_hash', 'aud', 'exp']) assert.equal(sofia.profileData[name], undefined, name);
  assert.equal(sofia.likes, undefined);

  const jonas = await trial.signIn({ person: jonasAtGoogle });
  assert.equal(toldBy(jonas).birthdate, '0000-11-03');
  assert.equal(jonas.email?.proves, true, "the organisation's own domain, by hd");
  const amelie = await trial.signIn({ person: '100417825593301128840' });
  assert.deepEqual(amelie.email, { address: 'amelie.laurent@example.com', claimed: true, proves: false });
  const diego = await trial.signIn({ person: '117730918264405573312' });
  assert.equal(toldBy(diego).birthdate, '1988');
});

test('Google: who grants less signs in all the same', async () => {
  const trial = await start(google(googlePeople), 'google-oauth2', { birthday: true, gender: true });
  const birthday = 'https://www.googleapis.com/auth/user.birthday.read';
  const sofia = await trial.signIn({ person: sofiaAtGoogle, untick: [birthday] });
  assert.equal(toldBy(sofia).birthdate, undefined);
  assert.equal(toldBy(sofia).gender, 'female');
  assert.ok(!sofia.granted.includes(birthday));
});

test('the address that ends a session at a network: as it publishes it, or as the connection says; many have none', async () => {
  const end = { redirectUri: `${base.config.url}/back`, state: 'the state', idToken: 'an.id.token' };
  const site = 'https://login.microsoftonline.com';
  const called = { site, graph: 'https://graph.microsoft.com' };
  const works = await start(microsoft(otherPeople, called), 'windowslive');
  const { url = '' } = (await endUpstream(base, works.connection, end)) ?? {};
  assert.equal(new URL(url).origin + new URL(url).pathname, `${site}/common/oauth2/v2.0/logout`);
  assert.deepEqual(Object.fromEntries(new URL(url).searchParams), {
    client_id: works.connection.options.client_id,
    post_logout_redirect_uri: end.redirectUri,
    state: 'the state',
    id_token_hint: 'an.id.token',
  });
  const long = await endUpstream(base, works.connection, { ...end, idToken: 'x'.repeat(5000) });
  assert.equal(new URL(long?.url ?? '').searchParams.has('id_token_hint'), false, 'no address is that long');

  const silent = [
    await start(google(googlePeople), 'google-oauth2'),
    await start(facebook(facebookPeople), 'facebook'),
  ];
  for (const { connection } of silent) assert.equal(await endUpstream(base, connection, end), undefined);

  const at = 'https://id.example';
  const endpoints = { authorization_endpoint: `${at}/a`, token_endpoint: `${at}/t`, jwks_uri: `${at}/k`, issuer: at };
  const written = await createConnection(base, {
    name: 'written-down',
    strategy: 'oidc',
    options: { client_id: 'c', client_secret: 's', ...endpoints, end_session_endpoint: `${at}/bye?tenant=1` },
  });
  assert.ok(isNetwork(written));
  const address = new URL((await endUpstream(base, written, end))?.url ?? '');
  assert.deepEqual([address.origin + address.pathname, address.searchParams.get('tenant')], [`${at}/bye`, '1']);
});

test('a network cannot have a browser sent to anything but a web address', async () => {
  const paths = {
    discovery: '/.well-known/openid-configuration',
    authorize: '/a',
    token: '/t',
    keys: '/k',
    userinfo: '/u',
  };
  for (const bad of ['javascript:alert(1)', 'http://elsewhere.example/bye', 'data:text/html,x', 'nonsense']) {
    const metadata = () => ({ end_session_endpoint: bad });
    const definition = openidNetwork({
      name: 'own',
      title: 'Own',
      colour: '#333',
      people: otherPeople,
      paths,
      metadata,
    });
    const trial = await startTrial(base, definition, 'oidc', (issuer) => ({ issuer }));
    trials.push(trial);
    const end = { redirectUri: `${base.config.url}/back`, state: 's' };
    assert.equal(await endUpstream(base, trial.connection, end), undefined, bad);
  }
});

test('Google: tokens come along, with a refresh token where the connection asks for one, and are sealed', async () => {
  const trial = await start(google(googlePeople), 'google-oauth2', { offline_access: true });
  const { tokens } = await trial.signIn({ person: sofiaAtGoogle });
  assert.match(tokens.access_token, /^access-/);
  assert.match(String(tokens.refresh_token), /^refresh-/);
  const seconds = (Date.parse(String(tokens.expires_at)) - Date.now()) / 1000;
  assert.ok(seconds > 3500 && seconds < 3700);
  const sealed = sealTokens(base.vault, tokens);
  assert.ok(!sealed.includes(tokens.access_token));
  assert.deepEqual(openTokens(base.vault, sealed), tokens);
});

test('Facebook tells likes to the end, only when the connection asks and the customer consented', async () => {
  const asking = { user_birthday: true, user_gender: true, user_likes: true };
  const trial = await start(facebook(facebookPeople), 'facebook', asking);
  assert.deepEqual(asksOf(trial.connection), ['name', 'picture', 'email', 'birthday', 'gender', 'likes']);
  const sofia = await trial.signIn({ person: '10160844201175532' }, { readLikes: true });
  assert.equal(sofia.likes?.length, 60);
  assert.equal(sofia.likesComplete, true);
  assert.deepEqual(Object.keys(sofia.likes?.[0] ?? {}), ['id', 'name', 'category']);
  const { picture, ...told } = toldBy(sofia);
  assert.match(String(picture), /pictures/);
  assert.deepEqual(told, {
    name: 'Sofia Marchetti',
    given_name: 'Sofia',
    family_name: 'Marchetti',
    gender: 'female',
    birthdate: '1991-04-18',
    email: 'sofia-marchetti@gmail.com',
  });
  assert.deepEqual(sofia.email, { address: 'sofia-marchetti@gmail.com', claimed: false, proves: false });
  assert.ok(sofia.granted.includes('user_likes'));

  const seen = trial.network.requests.length;
  const mia = await trial.signIn({ person: '10222719380914467' }, { readLikes: false });
  assert.equal(mia.likes, undefined);
  assert.equal(mia.email, undefined);
  assert.equal(toldBy(mia).birthdate, '0000-07-02');
  const requests = trial.network.requests.slice(seen);
  assert.ok(!requests.some((request) => request.endpoint === 'likes'));
  assert.ok(!requests.some((request) => request.query.scope?.includes('user_likes')));

  const silent = await start(facebook(facebookPeople), 'facebook', {
    freeform_scopes: ['user_likes', 'user_location'],
  });
  const noah = await silent.signIn({ person: '10103227745190863' }, { readLikes: true });
  assert.equal(noah.likes, undefined, 'the connection does not ask');
  const asked = silent.network.requests.map((request) => request.query.scope ?? '').join(',');
  assert.ok(asked.includes('user_location') && !asked.includes('user_likes'));
});

test('Facebook: likes that were declined are none, and the sign-in works', async () => {
  const trial = await start(facebook(facebookPeople), 'facebook', { user_likes: true, user_birthday: true });
  const choice = { person: '10160844201175532', untick: ['user_likes', 'user_birthday', 'email'] };
  const sofia = await trial.signIn(choice, { readLikes: true });
  assert.deepEqual(sofia.likes, []);
  assert.equal(toldBy(sofia).birthdate, undefined);
  assert.equal(sofia.email, undefined);
  assert.deepEqual([...sofia.granted].sort(), ['public_profile']);
});

test('Facebook: more likes than can be read are cut and said to be', async () => {
  const many = Array.from({ length: 2300 }, (_, index) => ({
    id: `p${index}`,
    name: `Page ${index}`,
    category: 'Community',
    likedAt: '2024-01-01T00:00:00.000Z',
  }));
  const trial = await start(
    facebook([{ ...facebookPeople[0], id: '77', name: 'Ada B', givenName: 'Ada', familyName: 'B', likes: many }]),
    'facebook',
    { user_likes: true },
  );
  const answer = await trial.signIn({ person: '77' }, { readLikes: true });
  assert.equal(answer.likes?.length, 2000);
  assert.equal(answer.likesComplete, false);
  assert.ok(trial.network.requests.filter((request) => request.endpoint === 'likes').length <= 25);
});

test('Apple answers by POST, tells the name once, and its relay address is proven', async () => {
  const trial = await start(apple(applePeople), 'apple');
  const [sofia] = applePeople;
  assert.ok(sofia);
  const { id: person } = sofia;
  const relay = relayAddress(sofia);
  const first = await trial.signIn({ person, hideEmail: true });
  assert.equal(first.userId, person);
  assert.deepEqual(toldBy(first), {
    name: 'Sofia Marchetti',
    given_name: 'Sofia',
    family_name: 'Marchetti',
    email: relay,
  });
  assert.deepEqual(first.email, { address: relay, claimed: true, proves: true });
  assert.equal(first.profileData.is_private_email, 'true');
  const again = await trial.signIn({ person });
  assert.deepEqual(toldBy(again), { email: relay });
  const shared = await trial.signIn({ person: '000731.a3d1e8c47b5f42069d8c1e2f3a4b5c6d.1432', hideEmail: false });
  assert.deepEqual(shared.email, { address: 'amelie.laurent@example.com', claimed: true, proves: false });
});

test('X tells from its envelope', async () => {
  const trial = await start(x(xPeople), 'twitter');
  const jonas = await trial.signIn({ person: '92817364' });
  assert.equal(jonas.userId, '92817364');
  assert.equal(toldBy(jonas).nickname, 'jonasweber');
  assert.equal(toldBy(jonas).name, 'Jonas Weber');
  assert.deepEqual(jonas.email, { address: 'jonas@aurora-studio.example', claimed: false, proves: false });
  const mia = await trial.signIn({ person: '1480225631190077441' });
  assert.equal(mia.email, undefined);
});

test('GitHub tells the primary address and whether it is verified, which proves nothing', async () => {
  const trial = await start(github(githubPeople), 'github');
  const jonas = await trial.signIn({ person: '6041773' });
  assert.equal(jonas.userId, '6041773');
  assert.equal(toldBy(jonas).nickname, 'jonasweber');
  assert.deepEqual(jonas.email, { address: 'jonas@aurora-studio.example', claimed: true, proves: false });
  assert.deepEqual([...jonas.granted].sort(), ['read:user', 'user:email']);
  const amelie = await trial.signIn({ person: '88120456' });
  assert.deepEqual(amelie.email, { address: 'amelie.laurent@example.com', claimed: false, proves: false });
  const bare = await start(github(githubPeople), 'github', { email: false });
  const kenji = await bare.signIn({ person: '31550209' });
  assert.deepEqual(kenji.email, { address: 'kenji.tanaka@example.net', claimed: false, proves: false });
});

test('LinkedIn: no nonce, no PKCE, locale from an object', async () => {
  const trial = await start(linkedin(otherPeople), 'linkedin');
  const jonas = await trial.signIn({ person: 'sim-jonas-02' });
  assert.equal(jonas.userId, 'sim-jonas-02');
  assert.equal(toldBy(jonas).locale, 'de-DE');
  assert.deepEqual(jonas.email, { address: 'jonas@aurora-studio.example', claimed: true, proves: false });
});

test('Microsoft: the id counts per directory, an address never proves', async () => {
  const trial = await start(microsoft(otherPeople), 'windowslive');
  const jonas = await trial.signIn({ person: 'sim-jonas-02' });
  assert.equal(jonas.userId, '3b7a1c52-6f0d-4e8b-9a44-0c5d2e91f7a6.sim-jonas-02');
  assert.equal(toldBy(jonas).given_name, 'Jonas');
  assert.equal(toldBy(jonas).picture, undefined);
  assert.deepEqual(jonas.email, { address: 'jonas@aurora-studio.example', claimed: false, proves: false });
  const sofia = await trial.signIn({ person: 'sim-sofia-01' });
  assert.equal(sofia.userId, 'sim-sofia-01');
  assert.equal(sofia.profileData.tid, personalTenant);
});

test('Amazon: name and e-mail', async () => {
  const trial = await start(amazon(otherPeople), 'amazon', { postal_code: true });
  const sofia = await trial.signIn({ person: 'sim-sofia-01' });
  assert.equal(sofia.userId, 'sim-sofia-01');
  assert.deepEqual(toldBy(sofia), { name: 'Sofia Marchetti', email: 'sofia-marchetti@gmail.com' });
  assert.equal(sofia.profileData.postal_code, '20121');
});

const paths = {
  discovery: '/.well-known/openid-configuration',
  authorize: '/a',
  token: '/t',
  keys: '/k',
  userinfo: '/u',
};
const own = { name: 'own', title: 'Own', colour: '#333', people: otherPeople };

test('any OpenID provider: ES256, Basic, PKCE required, found by issuer, by discovery or written down', async () => {
  const definition = openidNetwork({ ...own, paths, algorithm: 'ES256', pkce: 'required', clientAuth: ['basic'] });
  const auth = { token_endpoint_auth_method: 'client_secret_basic' };
  const ways = [
    (origin: string) => ({ ...auth, issuer: origin }),
    (origin: string) => ({ ...auth, discovery_url: `${origin}/.well-known/openid-configuration` }),
  ];
  for (const way of ways) {
    const trial = await startTrial(base, definition, 'oidc', way);
    trials.push(trial);
    const sofia = await trial.signIn({ person: 'sim-sofia-01' });
    assert.equal(sofia.userId, 'sim-sofia-01');
    assert.equal(toldBy(sofia).locale, 'en-US');
    assert.deepEqual(sofia.email, { address: 'sofia-marchetti@gmail.com', claimed: true, proves: false });
  }
  const written = await startTrial(base, openidNetwork({ ...own, paths }), 'oidc', (origin) => ({
    issuer: origin,
    authorization_endpoint: `${origin}/a`,
    token_endpoint: `${origin}/t`,
    jwks_uri: `${origin}/k`,
  }));
  trials.push(written);
  const mia = await written.signIn({ person: 'sim-mia-03' });
  assert.equal(toldBy(mia).name, 'Mia Johansson');
  assert.ok(!written.network.requests.some((request) => request.endpoint === 'discovery'));
});

test('any OAuth 2 provider: the map tells what is where', async () => {
  const definition = oauthNetwork({
    ...own,
    paths: { authorize: '/go', token: '/give', profile: '/who' },
    pkce: 'required',
    profile: (person, _grant, email) => ({
      account: { number: 7_000_001, mail: email?.email, checked: email?.verified },
      names: [person.givenName, person.familyName],
    }),
  });
  const trial = await startTrial(base, definition, 'oauth2', (origin) => ({
    authorizationURL: `${origin}/go`,
    tokenURL: `${origin}/give`,
    userinfo_endpoint: `${origin}/who`,
    scope: 'who.am.i',
    fieldsMap: {
      user_id: 'account.number',
      email: 'account.mail',
      email_verified: 'account.checked',
      given_name: 'names.0',
      family_name: 'names.1',
    },
  }));
  trials.push(trial);
  const sofia = await trial.signIn({ person: 'sim-sofia-01' });
  assert.equal(sofia.userId, '7000001');
  assert.deepEqual(toldBy(sofia), {
    given_name: 'Sofia',
    family_name: 'Marchetti',
    email: 'sofia-marchetti@gmail.com',
  });
  assert.deepEqual(sofia.email, { address: 'sofia-marchetti@gmail.com', claimed: true, proves: false });
  assert.deepEqual(sofia.granted, ['who.am.i']);
});
