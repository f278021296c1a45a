import type { z } from 'zod';
import type { brand } from '../../contract/brands.ts';
import type { userConsent } from '../../contract/consents.ts';

type Json = Readonly<Record<string, unknown>>;

/** A sign-in of a customer, as far as the role of whoever asks may see it: the server leaves out what it may not. */
export type LastSignIn = {
  /** As the API shows them: what rules find as `user`. */
  readonly user: Json & { readonly user_id: string };
  /** Undefined: they never signed in, or the role may not read it. */
  readonly row: SignInRow | undefined;
  /** The brand where it was; undefined where the role may not read it. */
  readonly brand: Brand | undefined;
  /** What they allow and refuse now. */
  readonly consents: readonly Consent[];
};

export type Brand = Pick<z.infer<typeof brand>, 'id' | 'slug' | 'name'>;
export type Consent = Pick<z.infer<typeof userConsent>, 'brand' | 'purpose' | 'topic' | 'state'>;

export type SignInRow = {
  readonly name: string;
  readonly occurred_at: string;
  readonly brand: string | null;
  readonly portal: string | null;
  readonly portal_name: string | null;
  readonly device: string | null;
  readonly browser: string | null;
  readonly ip: string | null;
  readonly data: Json;
};

/** The connection by which they came, with what it is. */
export function connectionOf(chosen: LastSignIn | undefined): { name: string; strategy: string } {
  const name = String(chosen?.row?.data.connection ?? 'Username-Password-Authentication');
  const identities = chosen?.user.identities;
  const all = Array.isArray(identities) ? identities.filter((one): one is Json => one instanceof Object) : [];
  const own = all.find((one) => one.connection === name);
  return { name, strategy: typeof own?.provider === 'string' ? own.provider : 'auth0' };
}

/** The portal had the password itself, or the customer came by our pages. */
export function protocolOf(chosen: LastSignIn | undefined): string {
  return chosen?.row?.name.endsWith('_grant') ? 'oauth2-password' : 'oidc-basic-profile';
}

// What the timeline keeps as RFC 8176 has it, in Auth0's words.
const methods: Readonly<Record<string, string>> = {
  ...{ pwd: 'pwd', fed: 'federated', otp: 'email', sms: 'sms', tel: 'sms', mfa: 'mfa' },
  ...{ hwk: 'passkey', swk: 'passkey', phr: 'passkey', phrh: 'passkey' },
};

/** The ways by which they came. */
export function methodsOf(chosen: LastSignIn | undefined): { name: string; timestamp: string }[] {
  const timestamp = chosen?.row?.occurred_at ?? new Date(0).toISOString();
  return namesOf(chosen?.row?.data.amr).map((name) => ({ name, timestamp }));
}

function namesOf(amr: unknown): string[] {
  if (!Array.isArray(amr)) return ['pwd'];
  // A code is the mailed one where somebody came in by it; else it is that of the second factor.
  const first = amr.filter((one, place) => one !== 'otp' || place === 0);
  return [...new Set(first.flatMap((one) => methods[String(one)] ?? []))];
}
