import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventOf } from './test-event.ts';

test('an action is tried with the sign-in as it was: its connection, ways and portal', () => {
  const user = { user_id: 'facebook|1', logins_count: 4, identities: [{ connection: 'fb', provider: 'facebook' }] };
  const row = {
    ...{ name: 'signed_in', occurred_at: '2026-11-20T10:00:00.000Z', brand: 'lumiere', portal: 'shop' },
    ...{ portal_name: 'Shop', device: 'd1', browser: 'Chrome, Windows', ip: '192.0.2.7' },
    data: { connection: 'fb', amr: ['fed'] },
  };
  assert.partialDeepStrictEqual(eventOf({ user, row, brand: undefined, consents: [] }), {
    user,
    connection: { name: 'fb', strategy: 'facebook' },
    client: { client_id: 'shop', name: 'Shop' },
    request: { ip: '192.0.2.7' },
    stats: { logins_count: 4 },
    transaction: { protocol: 'oidc-basic-profile' },
    authentication: { methods: [{ name: 'federated', timestamp: '2026-11-20T10:00:00.000Z' }] },
  });
  const grant = { ...row, name: 'signed_in_by_password_grant' };
  const direct = eventOf({ user, row: grant, brand: undefined, consents: [] });
  assert.partialDeepStrictEqual(direct, { transaction: { protocol: 'oauth2-password' } });
});
