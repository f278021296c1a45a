import type { FactSource } from '../contract/customers.ts';
import type { Json } from '../server/base/json.ts';
import type { IdentityDraft } from '../server/features/customers/create.ts';
import type { FactDraft, ProofDraft } from '../server/features/customers/fact.ts';

/** Drafts of what one source says, by path. */
export function saying(
  values: Readonly<Record<string, Json>>,
  { source = 'customer', origin = 'test', at = new Date() }: { source?: FactSource; origin?: string; at?: Date } = {},
): FactDraft[] {
  return Object.entries(values).map(([path, value]) => ({ path, value, source, origin, at }));
}

/** A person at a network: what it tells, and the address that it vouches for, if any. */
export function networkIdentity(
  provider: string,
  id: string,
  told: Readonly<Record<string, Json>> = {},
  { proves, at = new Date() }: { proves?: string; at?: Date } = {},
): IdentityDraft {
  const proof: ProofDraft[] = proves ? [{ kind: 'email', address: proves, how: 'provider', origin: provider, at }] : [];
  return {
    provider,
    connection: provider,
    userIdAtProvider: id,
    isSocial: true,
    profileData: { id, ...told },
    facts: saying(told, { source: 'network', origin: provider, at }),
    proofs: proof,
    at,
  };
}

/** A person of a password store, with what was typed at sign-up. */
export function passwordIdentity(
  email: string,
  { proven = false, at = new Date() }: { proven?: boolean; at?: Date } = {},
): IdentityDraft {
  return {
    provider: 'auth0',
    connection: 'Username-Password-Authentication',
    isSocial: false,
    facts: saying({ email }, { source: 'customer', origin: 'sign-up', at }),
    proofs: proven ? [{ kind: 'email', address: email, how: 'code', origin: 'sign-up', at }] : [],
    at,
  };
}

/** What a merge or an unlink is told by a test: nobody has sessions or consents. */
export function act(at = new Date()) {
  const nothing = () => Promise.resolve();
  return { by: 'api', origin: 'test', at, endSessions: nothing, settleConsents: nothing } as const;
}
