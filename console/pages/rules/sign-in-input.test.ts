import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOf } from './sign-in-input.ts';

const user = {
  user_id: 'auth0|1',
  logins_count: 4,
  identities: [
    { connection: 'Username-Password-Authentication', provider: 'auth0' },
    { connection: 'facebook', provider: 'facebook' },
  ],
};
const consents = [{ brand: null, purpose: 'profiling', topic: null, state: 'given' }] as const;
const brand = { id: '0197-1', slug: 'lumiere', name: 'Lumière' };
const row = {
  ...{ name: 'signed_in', occurred_at: '2026-11-20T10:00:00.000Z', brand: 'lumiere', portal: 'shop' },
  ...{ portal_name: 'Shop', device: 'd1', browser: 'Chrome, Windows', ip: '192.0.2.7' },
  data: { connection: 'facebook', amr: ['fed', 'otp', 'mfa'], place: { country: 'FR', city: 'Lyon', latitude: 45.7 } },
};

test('a rule is tried with the sign-in as it was: its connection, ways, place, brand and what they allow', () => {
  const { context } = inputOf({ user, row, brand, consents });
  const timestamp = '2026-11-20T10:00:00.000Z';
  assert.partialDeepStrictEqual(context, {
    ...{ clientID: 'shop', connection: 'facebook', connectionStrategy: 'facebook', protocol: 'oidc-basic-profile' },
    stats: { loginsCount: 4 },
    request: { ip: '192.0.2.7', geoip: { country_code: 'FR', city_name: 'Lyon', latitude: 45.7 } },
    authentication: {
      methods: [
        { name: 'federated', timestamp },
        { name: 'mfa', timestamp },
      ],
    },
    brand: { id: '0197-1', name: 'Lumière' },
    consents,
  });
});

test('a portal that sent the password; a sign-in that the role may not see', () => {
  const grant = { ...row, name: 'signed_in_by_password_grant', data: { ...row.data, amr: ['pwd'] } };
  assert.equal(inputOf({ user, row: grant, brand, consents: [] }).context.protocol, 'oauth2-password');
  const unseen = inputOf({ user, row: undefined, brand: undefined, consents: [] });
  assert.partialDeepStrictEqual(unseen.context, { stats: { loginsCount: 4 }, consents: [] });
});
