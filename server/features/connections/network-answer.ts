import { normaliseEmail } from '../../../contract/email-address.ts';
import { Problem } from '../../base/errors.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { NetworkConnection } from './connection.ts';
import type { Like, Told, ToldProfile } from './network.ts';
import { cleanText, keepableProfile } from './raw-profile.ts';
import type { NetworkTokens } from './tokens.ts';

/** What a network told of the customer who came back, cleaned and ready to become facts. */
export type NetworkAnswer = {
  /** The stable id at the network. */
  userId: string;
  /**
   * Root attributes: name, given_name, family_name, nickname, picture (https), gender, birthdate (`YYYY-MM-DD`, or
   * `0000-MM-DD` without the year), locale (BCP 47), zoneinfo, email (normalised).
   */
  profile: { path: string; value: string }[];
  /** `claimed`: the network says it is verified. `proves`: its word is proof (it is authoritative and trusted). */
  email?: { address: string; claimed: boolean; proves: boolean };
  /** Pages liked; only there if they were asked for with consent. */
  likes?: Like[];
  /** False: there were more likes than could be read. */
  likesComplete?: boolean;
  /** The profile as the network told it, for `identities[].profileData`. */
  profileData: JsonObject;
  tokens: NetworkTokens;
  /** Scopes the customer agreed to. */
  granted: string[];
};

/** Cleans what a provider read. Problem `network_failed` when there is no usable id. */
export function toAnswer(
  connection: NetworkConnection,
  told: Told,
  exchanged: { tokens: NetworkTokens; granted: readonly string[] },
): NetworkAnswer {
  const { non_persistent_attrs: dropped } = connection.options;
  const email = emailOf(told);
  const picture = pictureOf(
    told.profile.picture,
    'origin' in connection.options ? connection.options.origin : undefined,
  );
  const values = { ...textsOf(told.profile), picture, email: email?.address };
  const profile = Object.entries(values).flatMap(([path, value]) =>
    value === undefined || dropped.includes(path) ? [] : [{ path, value }],
  );
  return {
    userId: idOf(told.id),
    profile,
    ...(email && !dropped.includes('email') && { email }),
    ...(told.likes && { likes: told.likes.pages, likesComplete: told.likes.complete }),
    profileData: keepableProfile(told.raw, dropped),
    tokens: exchanged.tokens,
    granted: [...(told.granted ?? exchanged.granted)],
  };
}

function idOf(told: Json | undefined): string {
  const id = typeof told === 'number' && Number.isSafeInteger(told) ? String(told) : told;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (typeof id === 'string' && id.length <= 255 && /^[^\s\u0000-\u001f\u007f]+$/.test(id) && id.isWellFormed())
    return id;
  throw new Problem('network_failed', undefined, { reason: 'no usable id' });
}

function emailOf({ email }: Told): NetworkAnswer['email'] {
  const address = typeof email?.address === 'string' ? normaliseEmail(email.address) : undefined;
  if (!email || address === undefined) return undefined;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return { address, claimed: email.verified, proves: email.verified && email.vouches(domain) };
}

function textsOf(told: ToldProfile): Record<string, string | undefined> {
  return {
    name: nameOf(told.name, 300),
    given_name: nameOf(told.given_name, 150),
    family_name: nameOf(told.family_name, 150),
    nickname: nameOf(told.nickname, 300),
    gender: nameOf(told.gender, 50),
    birthdate: typeof told.birthdate === 'string' ? told.birthdate : undefined,
    locale: localeOf(told.locale),
    zoneinfo: zoneOf(told.zoneinfo),
  };
}

/** One line without control and direction characters; cut at a whole character. */
function nameOf(told: Json | undefined, most: number): string | undefined {
  if (typeof told !== 'string' || told.length > 10_000) return undefined;
  const line = cleanText(told)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim();
  return [...line].slice(0, most).join('').trim() || undefined;
}

/** Pictures are shown by browsers: https, or the address that the umbrella itself gave this network. */
function pictureOf(told: Json | undefined, origin: string | undefined): string | undefined {
  if (typeof told !== 'string' || told.length > 2000 || !URL.canParse(told)) return undefined;
  const url = new URL(told);
  const allowed = url.protocol === 'https:' || url.origin === origin;
  return allowed && url.username === '' && url.password === '' ? url.href : undefined;
}

function localeOf(told: Json | undefined): string | undefined {
  if (typeof told !== 'string' || told.length > 35) return undefined;
  try {
    return Intl.getCanonicalLocales(told.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}

function zoneOf(told: Json | undefined): string | undefined {
  if (typeof told !== 'string' || told.length > 64) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: told }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
