import type { LastSignIn } from '../../ui/last-sign-in.ts';
import { Refused } from '../../ui/refused.ts';
import type { Trial } from './api.ts';

type Json = Readonly<Record<string, unknown>>;

/** `user` and `context` as a rule finds them at such a sign-in; made up where nobody was chosen. */
export function inputOf(chosen: LastSignIn | undefined): { user: Json; context: Json } {
  if (!chosen) {
    const user = { user_id: 'auth0|example', email: 'ada@example.com', email_verified: true, name: 'Ada Example' };
    return { user: { ...user, user_metadata: {}, app_metadata: {} }, context: contextOf(1, undefined, []) };
  }
  const { user, row } = chosen;
  const logins = typeof user.logins_count === 'number' ? user.logins_count : 1;
  return { user, context: contextOf(logins, row, Array.isArray(user.identities) ? user.identities : []) };
}

function contextOf(loginsCount: number, row: LastSignIn['row'], [identity]: readonly Json[]): Json {
  const place = placeOf(row?.data.place);
  return {
    clientID: row?.portal ?? 'a-portal',
    clientName: row?.portal_name ?? 'A portal',
    connection: identity?.connection ?? 'Username-Password-Authentication',
    connectionStrategy: identity?.provider ?? 'auth0',
    protocol: 'oidc-basic-profile',
    stats: { loginsCount },
    request: {
      ip: row?.ip ?? '192.0.2.1',
      userAgent: row?.browser ?? 'Mozilla/5.0',
      query: {},
      body: {},
      ...(place && { geoip: place }),
    },
    authentication: { methods: [{ name: 'pwd', timestamp: Date.parse(row?.occurred_at ?? '') || 0 }] },
    idToken: {},
    accessToken: { scope: ['openid'] },
    brand: { id: row?.brand ?? 'a-brand', name: row?.brand ?? 'A brand' },
    device: { id: row?.device ?? null, new: false },
    consents: [],
  };
}

function placeOf(place: unknown): Json | undefined {
  if (typeof place !== 'object' || place === null) return undefined;
  const { city, country }: { city?: unknown; country?: unknown } = place;
  return { country_code: country, city_name: city };
}

/** What was typed, to be sent. @throws Refused where it is no JSON */
export function trialOf(
  script: string,
  typed: { readonly user: string; readonly context: string; readonly configuration: string },
): Trial {
  return {
    script,
    user: jsonOf('user', typed.user),
    context: jsonOf('context', typed.context),
    configuration: textsOf(jsonOf('configuration', typed.configuration)),
  };
}

function jsonOf(field: string, text: string): Trial['user'] {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return { ...read };
  } catch {
    // Told below.
  }
  throw new Refused(field, 'This is not an object in JSON: look at commas, quotes and brackets.');
}

function textsOf(values: Trial['user']): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
