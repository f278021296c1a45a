import { partsOfPath } from '../../../contract/attribute-paths.ts';
import { zoneOf } from '../../base/date-words.ts';
import { signInAddresses } from '../../features/accounts/accounts.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { buttonOf, connectionByName } from '../../features/connections/connections.ts';
import { type Attribute, type Known, listAttributes } from '../../features/customers/customers.ts';
import type { AccountVisit } from './account-visit.ts';
import { type LibraryValue, ruleOf, ruleValueAt, toldByRule } from './library-values.ts';
import { type Kind, labelOf, valueInWords } from './value-words.ts';
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

/**
 * What may be done about it. Of `app_metadata` only what the umbrella has listed in its catalogue is shown at all, and
 * what a ready rule tells: if by the customer's leave, that is theirs to take away.
 */
export function mayDo(path: string, attribute: Attribute | undefined, told?: LibraryValue): May {
  const parts = partsOfPath(path);
  if (!parts) return 'nothing';
  if (parts.place === 'app_metadata') {
    if (told?.rule.needsConsent) return 'delete';
    return attribute || told ? 'look' : 'nothing';
  }
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
  told: LibraryValue | undefined,
): Promise<May> {
  const may = mayDo(path, attribute, told);
  if (may === 'look' && attribute?.askable && one?.source === 'asked') return 'delete';
  const { id, email } = owner.customer;
  const signsIn = path === 'email' && (await signInAddresses(base.db, id)).some(({ address }) => address === email);
  return signsIn ? 'elsewhere' : may;
}

/** Where the value stands, as a heading of the page; brands by their names. */
export async function placeOf(at: AccountVisit, path: string, told: LibraryValue | undefined): Promise<string> {
  if (told) return at.say('known.learned');
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

/** What it is called: by the umbrella, or else by the ready rule that tells it. */
export function nameOf(at: AccountVisit, catalogue: ReadonlyMap<string, Attribute>, path: string): string {
  const attribute = catalogue.get(path);
  return (
    (attribute ? undefined : ruleValueAt(at.base, path)?.value.labels[at.language]) ?? labelOf(at, path, attribute)
  );
}

/** A value that somebody told, as people say it. */
export function wordsOf(
  at: AccountVisit,
  { path, value, origin }: Pick<Known, 'path' | 'value' | 'origin'>,
  attribute: Attribute | undefined,
): string {
  const told = toldByRule(at.base, path, origin)?.value;
  return (
    told?.inWords?.(value, at.language, zoneOf(at.owner.customer.attributes.zoneinfo)) ??
    valueInWords(at, path, value, kindOf(attribute, told))
  );
}

/** What the value is: as the umbrella has listed it, or else as the ready rule says that tells it. */
export function kindOf(attribute: Attribute | undefined, told: LibraryValue['value'] | undefined): Kind | undefined {
  if (told?.choices && !attribute?.choices) return { type: 'choices', choices: told.choices };
  return attribute ?? (told?.type && { type: told.type, choices: null });
}

/** "Google told us on 3 March 2026."; of a ready rule, from what it has worked it out. */
export async function sourceInWords(
  at: AccountVisit,
  { source, origin, at: when }: Pick<Known, 'source' | 'origin' | 'at'>,
): Promise<string> {
  const date = dayIn(at, when);
  // Of whatever it learned: also of what is the customer's like any other value.
  const rule = ruleOf(at.base, origin);
  if (rule?.tells) {
    const from = rule.tells.from?.[at.language];
    // What is not worked out comes from a service that the rule asks.
    return from ? at.say('source.rule_from', { date, from }) : at.say('source.network', { date, network: rule.name });
  }
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
