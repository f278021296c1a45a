import type { LastSignIn } from '../../ui/known-sign-in.ts';

type Json = Readonly<Record<string, unknown>>;

/** `user` and `context` as a rule finds them at such a sign-in; made up where nobody was chosen. */
export function inputOf(chosen: LastSignIn | undefined): { user: Json; context: Json } {
  if (chosen) return { user: chosen.user, context: contextOf(chosen) };
  const user = { user_id: 'auth0|example', email: 'ada@example.com', email_verified: true, name: 'Ada Example' };
  const known = { ...user, user_metadata: {}, app_metadata: {} };
  return { user: known, context: contextOf({ user: known, row: undefined, brand: undefined, consents: [] }) };
}

function contextOf({ user, row, brand, consents }: LastSignIn): Json {
  const place = placeOf(row?.data.place);
  const connection = String(row?.data.connection ?? 'Username-Password-Authentication');
  const timestamp = row?.occurred_at ?? new Date(0).toISOString();
  return {
    clientID: row?.portal ?? 'a-portal',
    clientName: row?.portal_name ?? 'A portal',
    connection,
    connectionStrategy: strategyOf(user.identities, connection),
    protocol: row?.name.endsWith('_grant') ? 'oauth2-password' : 'oidc-basic-profile',
    stats: { loginsCount: typeof user.logins_count === 'number' ? user.logins_count : 1 },
    request: {
      ip: row?.ip ?? '192.0.2.1',
      userAgent: row?.browser ?? 'Mozilla/5.0',
      query: {},
      body: {},
      ...(place && { geoip: place }),
    },
    authentication: { methods: methodsOf(row?.data.amr).map((name) => ({ name, timestamp })) },
    idToken: {},
    accessToken: { scope: ['openid'] },
    brand: { id: brand?.id ?? row?.brand ?? 'a-brand', name: brand?.name ?? row?.brand ?? 'A brand' },
    device: { id: row?.device ?? null, new: row?.data.new_device === true },
    consents: consents.map(({ brand: at, purpose, topic, state }) => ({ brand: at, purpose, topic, state })),
  };
}

// What the timeline keeps as RFC 8176 has it, in Auth0's words.
const methods: Readonly<Record<string, string>> = {
  ...{ pwd: 'pwd', fed: 'federated', otp: 'email', sms: 'sms', tel: 'sms', mfa: 'mfa' },
  ...{ hwk: 'passkey', swk: 'passkey', phr: 'passkey', phrh: 'passkey' },
};

function methodsOf(amr: unknown): string[] {
  if (!Array.isArray(amr)) return ['pwd'];
  // A code is the mailed one where somebody came in by it; else it is that of the second factor.
  const first = amr.filter((one, place) => one !== 'otp' || place === 0);
  return [...new Set(first.flatMap((one) => methods[String(one)] ?? []))];
}

function strategyOf(identities: unknown, connection: string): string {
  const all = Array.isArray(identities) ? identities.filter((one): one is Json => one instanceof Object) : [];
  const own = all.find((one) => one.connection === connection);
  return typeof own?.provider === 'string' ? own.provider : 'auth0';
}

function placeOf(place: unknown): Json | undefined {
  if (typeof place !== 'object' || place === null) return undefined;
  const { city, country, latitude, longitude }: Json = { ...place };
  return { country_code: country, city_name: city, latitude, longitude };
}
