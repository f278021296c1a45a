import { partsOfPath } from '../../../contract/attribute-paths.ts';
import { signInAddresses } from '../../features/accounts/accounts.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { buttonOf, connectionByName } from '../../features/connections/connections.ts';
import { type Attribute, type Known, listAttributes } from '../../features/customers/customers.ts';
import type { AccountVisit } from './account-visit.ts';
import { labelOf } from './value-words.ts';
import { dayIn } from './words.ts';

/**
 * What customers may do about the value at a path. An address that signs in is changed where a new one is proven
 * (`elsewhere`); any other, and a number, can be taken away (`delete`), and is replaced by one that is proven; what the umbrella keeps for its own work is theirs to see, not to write: rules decide by it who may do
 * what.
 */
export type May = 'change' | 'delete' | 'elsewhere' | 'look' | 'nothing';

/** The rows of the catalogue by path. */
export async function catalogueOf({ base }: AccountVisit): Promise<ReadonlyMap<string, Attribute>> {
  const rows = await base.settings.remember('account-catalogue', () => listAttributes(base.db));
  return new Map(rows.map((row) => [row.path, row]));
}

/** What may be done about it. Of `app_metadata` only what the umbrella has listed in its catalogue is shown at all. */
export function mayDo(path: string, attribute: Attribute | undefined): May {
  const parts = partsOfPath(path);
  if (!parts) return 'nothing';
  if (parts.place === 'app_metadata') return attribute ? 'look' : 'nothing';
  if (path === 'username') return 'look';
  // A new one is proven by a code before it counts.
  return path === 'email' || path === 'phone_number' ? 'delete' : 'change';
}

/**
 * The same of the value that is there: an address that signs in cannot be taken away; what the umbrella has asked for is
 * the customer's to take back, also where the umbrella keeps it.
 */
export async function mayDoAbout(
  { base, owner }: AccountVisit,
  path: string,
  attribute: Attribute | undefined,
  one: Known | undefined,
): Promise<May> {
  const may = mayDo(path, attribute);
  if (may === 'look' && attribute?.askable && one?.source === 'asked') return 'delete';
  const { id, email } = owner.customer;
  const signsIn = path === 'email' && (await signInAddresses(base.db, id)).some(({ address }) => address === email);
  return signsIn ? 'elsewhere' : may;
}

/** Where the value stands, as a heading of the page; brands by their names. */
export async function placeOf(at: AccountVisit, path: string): Promise<string> {
  const parts = partsOfPath(path);
  switch (parts?.place) {
    case 'brands':
      return at.say('known.at_brand', { name: (await brandBySlug(at.base.db, parts.brand))?.name ?? parts.brand });
    case 'app_metadata':
      return at.say('known.internal');
    case 'user_metadata':
      return at.say('known.noted');
    default:
      return at.say('known.about_you');
  }
}

/** What it is called, with whose it is where that is one brand. */
export function nameOf(at: AccountVisit, catalogue: ReadonlyMap<string, Attribute>, path: string): string {
  return labelOf(at, path, catalogue.get(path));
}

/** "Google told us on 3 March 2026." */
export async function sourceInWords(
  at: AccountVisit,
  { source, origin, at: when }: Pick<Known, 'source' | 'origin' | 'at'>,
): Promise<string> {
  const date = dayIn(at, when);
  if (source !== 'network') return at.say(sentences[source], { date });
  const connection = await connectionByName(at.base, origin);
  return at.say('source.network', { date, network: connection ? buttonOf(connection).label : origin });
}

const sentences = {
  customer: 'source.customer',
  asked: 'source.asked',
  umbrella: 'source.umbrella',
  rule: 'source.rule',
  inferred: 'source.inferred',
} as const;
