import type { Base } from '../../../base/base.ts';
import type { JsonObject } from '../../../base/json.ts';
import { isActionBound } from '../../../features/actions/actions.ts';
import { currentConsents } from '../../../features/consents/consents.ts';
import { type KeptIdentity, keptIdentitiesOf } from '../../../features/customers/customers.ts';
import { rulesEnabled } from '../../../features/rules/rules.ts';

/** What only code is told of a customer, as it was kept before this sign-in; all code of the sign-in is told the same. */
export type Kept = {
  readonly identities: readonly KeptIdentity[];
  /** What holds now, in every brand, as code is told; what is said during the sign-in is kept in step 7 only. */
  readonly consents: readonly JsonObject[];
};

/** The same, asked for while something else is looked at. */
export type Ahead = { readonly customer: string; readonly kept: Promise<Kept> };

/** Is there any code of the umbrella to run at a sign-in? */
export async function isCodeOn(base: Base): Promise<boolean> {
  return (await rulesEnabled(base)) || (await isActionBound(base, 'post-login'));
}

/** Reads it, in two queries at once. */
export async function readKept({ db }: Pick<Base, 'db'>, customer: string): Promise<Kept> {
  const [identities, consents] = await Promise.all([keptIdentitiesOf(db, customer), currentConsents(db, customer)]);
  return {
    identities,
    consents: consents.map(({ brand, purpose, topic, state }) => ({ brand, purpose, topic, state })),
  };
}

/** Asks for it as soon as one knows who it is; undefined where no code is on. */
export async function askAhead(base: Base, customer: string): Promise<Ahead | undefined> {
  if (!(await isCodeOn(base))) return undefined;
  const kept = readKept(base, customer);
  // Who waits for it is told when it fails; a run that ends before is nobody who waits.
  kept.catch(() => {});
  return { customer, kept };
}

/** As `allows` asks for it: what the customer has said, at this brand (uuid). */
export function saidAt(brand: string, { consents }: Pick<Kept, 'consents'>): JsonObject {
  return { brand: { id: brand }, consents: [...consents] };
}
