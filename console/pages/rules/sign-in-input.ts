import { connectionOf, type LastSignIn, methodsOf, protocolOf } from '../../ui/known-sign-in.ts';

type Json = Readonly<Record<string, unknown>>;

/** `user` and `context` as a rule finds them at such a sign-in; made up where nobody was chosen. */
export function inputOf(chosen: LastSignIn | undefined): { user: Json; context: Json } {
  if (chosen) return { user: chosen.user, context: contextOf(chosen) };
  const user = { user_id: 'auth0|example', email: 'ada@example.com', email_verified: true, name: 'Ada Example' };
  const known = { ...user, user_metadata: {}, app_metadata: {} };
  return { user: known, context: contextOf({ user: known, row: undefined, brand: undefined, consents: [] }) };
}

function contextOf(chosen: LastSignIn): Json {
  const { user, row, brand, consents } = chosen;
  const place = placeOf(row?.data.place);
  const { name: connection, strategy } = connectionOf(chosen);
  return {
    clientID: row?.portal ?? 'a-portal',
    clientName: row?.portal_name ?? 'A portal',
    connection,
    connectionStrategy: strategy,
    protocol: protocolOf(chosen),
    stats: { loginsCount: typeof user.logins_count === 'number' ? user.logins_count : 1 },
    request: {
      ip: row?.ip ?? '192.0.2.1',
      userAgent: row?.browser ?? 'Mozilla/5.0',
      query: {},
      body: {},
      ...(place && { geoip: place }),
    },
    authentication: { methods: methodsOf(chosen) },
    idToken: {},
    accessToken: { scope: ['openid'] },
    brand: { id: brand?.id ?? row?.brand ?? 'a-brand', name: brand?.name ?? row?.brand ?? 'A brand' },
    counts: true,
    device: { id: row?.device ?? null, new: row?.data.new_device === true },
    consents: consents.map(({ brand: at, purpose, topic, state }) => ({ brand: at, purpose, topic, state })),
  };
}

function placeOf(place: unknown): Json | undefined {
  if (typeof place !== 'object' || place === null) return undefined;
  const { city, country, latitude, longitude }: Json = { ...place };
  return { country_code: country, city_name: city, latitude, longitude };
}
