import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actingOptions, readOptions, strategy } from './connection-options.ts';
import { inertOptions } from './connection-options-inert.ts';
import { connectionDraft, connectionName } from './connections.ts';

const app = { client_id: 'c', client_secret: 's' };
const least = {
  auth0: {},
  sms: {},
  'google-oauth2': app,
  facebook: app,
  apple: { client_id: 'c', team_id: 't', kid: 'k' },
  twitter: app,
  github: app,
  linkedin: app,
  windowslive: app,
  amazon: app,
  oidc: { ...app, issuer: 'https://id.example' },
  oauth2: {
    ...app,
    authorizationURL: 'https://id.example/a',
    tokenURL: 'https://id.example/t',
    userinfo_endpoint: 'https://id.example/u',
  },
};

test('every strategy takes what it cannot do without, and its options that do nothing at the value for that', () => {
  for (const name of strategy.values) {
    assert.ok('options' in readOptions(name, least[name]), name);
    for (const [option, values] of Object.entries(inertOptions[name])) {
      assert.ok(!actingOptions(name).includes(option), `${name} ${option} both acts and does not`);
      for (const value of values) {
        const read = readOptions(name, { ...least[name], [option]: value });
        assert.ok('options' in read, `${name} ${option}`);
        assert.ok(!(option in read.options), 'what does nothing is not kept');
      }
      const refused = readOptions(name, { ...least[name], [option]: 'anything else' });
      assert.ok('refused' in refused && refused.refused.startsWith(`options.${option} `), `${name} ${option}`);
    }
  }
});

test('what is unknown or wrong is refused by name', () => {
  const table: [keyof typeof least, object, RegExp][] = [
    ['auth0', { nonsense: 1 }, /^options\.nonsense is not supported$/],
    ['auth0', { client_secret: 'x' }, /^options\.client_secret is not supported$/],
    ['auth0', { passwordPolicy: 'strong' }, /^options\.passwordPolicy: /],
    ['auth0', { password_history: { enable: true, size: 25 } }, /^options\.password_history\.size: /],
    [
      'auth0',
      { password_complexity_options: { min_length: 7 } },
      /^options\.password_complexity_options\.min_length: /,
    ],
    ['auth0', { password_dictionary: { enable: true, dictionary: ['x'.repeat(51)] } }, /^options\.password_dictionary/],
    ['auth0', { brute_force_protection: false }, /^options\.brute_force_protection: /],
    [
      'auth0',
      { authentication_methods: { password: { enabled: false } } },
      /^options\.authentication_methods\.password/,
    ],
    [
      'auth0',
      { authentication_methods: { email_otp: { enabled: true } } },
      /^options\.authentication_methods\.email_otp is not supported$/,
    ],
    ['auth0', { passkey_options: { progressive_enrollment_enabled: true } }, /^options\.passkey_options\.progressive/],
    ['auth0', { disable_signup: 'yes' }, /^options\.disable_signup: /],
    ['google-oauth2', { calendar: true }, /^options\.calendar is not supported; leave it out or set it to false$/],
    ['google-oauth2', { origin: 'https://x.example/path' }, /^options\.origin: /],
    ['google-oauth2', { origin: 'javascript:alert(1)' }, /^options\.origin: /],
    ['google-oauth2', { scope: ['two words'] }, /^options\.scope/],
    ['google-oauth2', { client_id: undefined }, /^options\.client_id: /],
    ['google-oauth2', { upstream_params: { state: { value: 'x' } } }, /^options\.upstream_params/],
    ['google-oauth2', { upstream_params: { redirect_uri: { value: 'x' } } }, /^options\.upstream_params/],
    ['google-oauth2', { upstream_params: { code_challenge: { value: 'x' } } }, /^options\.upstream_params/],
    ['google-oauth2', { upstream_params: { x: { alias: 'client_id' } } }, /^options\.upstream_params/],
    ['facebook', { trust_email_verified: true }, /^options\.trust_email_verified is not supported$/],
    ['windowslive', { trust_email_verified: true }, /^options\.trust_email_verified is not supported$/],
    ['twitter', { protocol: 'oauth1' }, /^options\.protocol is not supported/],
    ['linkedin', { strategy_version: 1 }, /^options\.strategy_version is not supported/],
    ['oidc', { scope: 'email profile' }, /^options\.scope: must contain openid/],
    ['oidc', { discovery_url: 'https://id.example/config' }, /^options\.discovery_url: /],
    ['oidc', { issuer: 'https://user:pw@id.example' }, /^options\.issuer: /],
    ['oauth2', { authParams: { client_secret: 'x' } }, /^options\.authParams/],
    ['oauth2', { scripts: { fetchUserProfile: 'function(){}' } }, /^options\.scripts is not supported/],
    ['oauth2', { tokenURL: 'ftp://id.example' }, /^options\.tokenURL: /],
  ];
  for (const [name, more, expected] of table) {
    const read = readOptions(name, { ...least[name], ...more });
    assert.match('refused' in read ? read.refused : 'accepted', expected, `${name} ${JSON.stringify(more)}`);
  }
});

test('names of connections', () => {
  const good = ['a', 'google-oauth2', 'Username-Password-Authentication', 'a1-b2', '0', 'x'.repeat(128)];
  for (const name of good) assert.ok(connectionName.safeParse(name).success, name);
  const bad = ['', '-a', 'a-', 'a--b', 'a_b', 'a b', 'a|b', 'ä', 'a\n', 'a/b', '../a', 'x'.repeat(129)];
  for (const name of bad) assert.ok(!connectionName.safeParse(name).success, name);
  assert.ok(!connectionDraft.safeParse({ name: 'a', strategy: 'samlp' }).success);
  assert.ok(!connectionDraft.safeParse({ name: 'a', strategy: 'auth0', is_domain_connection: true }).success);
});
