import type { Base } from '../../../base/base.ts';
import { type JsonObject, withoutUndefined } from '../../../base/json.ts';
import { type Connection, connectionByName } from '../../../features/connections/connections.ts';
import { toJson } from '../../triggers/triggers.ts';
import { factorNames } from '../second-ways.ts';
import { signalsAsJson } from '../signals.ts';
import type { Occasion } from './occasion.ts';
import { senderOf } from './sender.ts';

// What rules and actions are told alike; they differ in how they call it.

/**
 * The ways by which the customer has come, in Auth0's words. What came second is `mfa` alone, with the kind of factor:
 * who typed an app's code did not come by mail. A way that an action recorded is told by its address, as it was said.
 */
export function methodsOf({ amr, factor, visit }: Occasion): { name: string; timestamp: string; type?: string }[] {
  const first = amr.includes('mfa') ? amr.filter((one, place) => place === 0 || !isCode(one)) : amr;
  const names = new Set(first.flatMap((one) => auth0Names[one] ?? (/^https?:/.test(one) ? one : [])));
  const { session, refreshes } = visit.wire;
  const timestamp = (session?.since ?? refreshes?.since ?? visit.at).toISOString();
  return [...names].map((name) => ({
    name,
    timestamp,
    ...(name === 'mfa' && factor && { type: factorNames[factor] }),
  }));
}

/** A code that was typed: by itself, or as a second factor. */
function isCode(method: string): boolean {
  return ['otp', 'sms', 'tel'].includes(method);
}

const auth0Names: Readonly<Record<string, string>> = {
  pwd: 'pwd',
  fed: 'federated',
  otp: 'email',
  sms: 'sms',
  tel: 'sms',
  hwk: 'passkey',
  swk: 'passkey',
  phr: 'passkey',
  phrh: 'passkey',
  mfa: 'mfa',
};

/** The roles that stand in the profile. */
export function rolesOf({ customer: { app_metadata } }: Occasion): string[] {
  const { roles } = app_metadata;
  return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
}

/** Where the customer comes from, with what stands of its settings for code to see. */
export async function connectionOf(
  base: Base,
  { connection }: Occasion,
): Promise<{ id?: string; name: string; strategy: string; options: JsonObject; metadata: JsonObject }> {
  const found = await connectionByName(base, connection);
  if (!found) return { name: connection, strategy: '', options: {}, metadata: {} };
  const { id, name, strategy, metadata } = found;
  return { id, name, strategy, options: shownOptions(found), metadata };
}

/** Of the options what tells which domains it is for; there are secrets among the others. */
function shownOptions({ options }: Connection): JsonObject {
  const { tenant_domain, domain_aliases }: Readonly<Record<string, unknown>> = { ...options };
  return toJson({ tenant_domain, domain_aliases });
}

/** How sure one may be that it is the customer, in the words of Auth0's adaptive second factor. */
export function riskOf({ signals, customer }: Occasion): JsonObject {
  const { newDevice, impossibleTravel, newPlace } = signals;
  const isFirst = customer.logins_count === 0;
  const device = newDevice === undefined ? 'neutral' : newDevice ? 'low' : 'high';
  const travel = impossibleTravel ? 'low' : newPlace ? 'medium' : newPlace === undefined ? 'neutral' : 'high';
  const worst = ['low', 'medium', 'neutral', 'high'].find((one) => one === device || one === travel) ?? 'neutral';
  return {
    confidence: isFirst ? 'neutral' : worst,
    version: '1',
    assessments: {
      NewDevice: { confidence: device, code: isFirst ? 'initial_login' : newDevice ? 'unknown_device' : 'match' },
      ImpossibleTravel: {
        confidence: travel,
        code: impossibleTravel
          ? 'impossible_travel_from_last_login'
          : newPlace
            ? 'travel_from_last_login'
            : 'minimal_travel_from_last_login',
      },
      // Auth0's own answer where it has none: code takes for granted that it is there.
      UntrustedIP: { confidence: 'neutral', code: 'assessment_not_available' },
    },
  };
}

/** Ours: what Regulars knows beyond what Auth0 told its rules. */
export function oursOf(base: Base, { visit, signals, kept }: Occasion): JsonObject {
  const { brand, device } = visit;
  return withoutUndefined({
    brand: { id: brand.id, name: brand.name },
    device: device && withoutUndefined({ id: deviceId(base, device.cookieHash), new: signals.newDevice }),
    signals: signalsAsJson(signals),
    sender: senderOf(visit),
    counts: !visit.silent,
    consents: [...kept.consents],
  });
}

/** Names the browser to code; worth nothing to whoever would be it. */
function deviceId({ vault }: Base, cookieHash: Buffer): string {
  return vault.keyedHash('device for rules', cookieHash.toString('base64url')).toString('base64url').slice(0, 22);
}

/** Scopes that were asked for. */
export function askedScopes({ asked: { scope = '' } }: Occasion['visit']['wire']): string[] {
  return scope.split(' ').filter((one) => one !== '');
}
