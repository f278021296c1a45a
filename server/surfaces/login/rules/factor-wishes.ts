import type { Base } from '../../../base/base.ts';
import { textChannels } from '../../../base/text-provider.ts';
import type { FactorKind } from '../../../features/accounts/accounts.ts';
import type { FactorWish } from '../../../features/actions/actions.ts';
import type { AskedFactor } from '../../oidc/oidc.ts';
import { challengeable, enrollable, factorNames } from '../second-ways.ts';
import type { Occasion } from './occasion.ts';

/**
 * What actions together ask for as a second factor: one that fits every one of their wishes. `multifactor.enable('none')`
 * takes back what rules or actions asked for in general, never a kind that one of them asked for.
 *
 * @param before what rules asked for
 * @returns `refused` when the customer has no such factor and can add none here, in words for the portal
 */
export async function factorOf(
  base: Base,
  { customer, amr }: Occasion,
  wishes: readonly FactorWish[],
  before: AskedFactor | undefined,
): Promise<{ readonly multifactor: AskedFactor | undefined } | { readonly refused: string }> {
  const kinds = kindsOf(wishes);
  if (!kinds) return { multifactor: inGeneral(wishes, before) };
  const has = await challengeable(base, customer.id, amr, kinds);
  if (has.length > 0) return { multifactor: { remembers: false, kinds } };
  const hasOther = (await challengeable(base, customer.id, amr)).length > 0;
  if (wishes.some(({ by }) => by === 'challenge')) return { refused: hasOther ? noneOfKind : none };
  if (hasOther) return { refused: noneOfKind };
  const addable = await addableOf(base, customer.id, amr, kinds);
  return addable.length > 0
    ? { multifactor: { remembers: false, kinds: addable, adds: true } }
    : { refused: noneToAdd };
}

const none = 'A second factor is needed, and there is none.';
const noneOfKind = 'A second factor of another kind is needed: add one on the pages of your account.';
const noneToAdd = 'A second factor is needed of a kind that cannot be added here.';

/** What every wish for certain kinds allows; undefined: there is no such wish. */
function kindsOf(wishes: readonly FactorWish[]): FactorKind[] | undefined {
  const lists = wishes.flatMap((wish) => (wish.by === 'enable' ? [] : [wish.factors]));
  if (lists.length === 0) return undefined;
  return (['totp', 'phone', 'email', 'recovery_codes'] as const).filter((kind) => {
    return lists.every((names) => names.includes(factorNames[kind]));
  });
}

function inGeneral(wishes: readonly FactorWish[], before: AskedFactor | undefined): AskedFactor | undefined {
  let asked = before;
  for (const wish of wishes) {
    if (wish.by !== 'enable') continue;
    asked = wish.provider === 'none' ? undefined : { remembers: wish.allowRememberBrowser };
  }
  return asked;
}

async function addableOf(
  base: Base,
  customer: string,
  amr: readonly string[],
  kinds: readonly FactorKind[],
): Promise<FactorKind[]> {
  const withPhone = (await textChannels(base)).length > 0;
  const withMail = (await enrollable(base, customer, amr)).length > 0;
  const can = ['totp', ...(withPhone ? ['phone'] : []), ...(withMail ? ['email'] : [])];
  return kinds.filter((kind) => can.includes(kind));
}
