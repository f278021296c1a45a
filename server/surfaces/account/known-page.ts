import { type Attribute, type Known, knownOf } from '../../features/customers/customers.ts';
import { type AccountPage, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';
import { catalogueOf, kindOf, mayDo, nameOf, placeOf, sourceInWords, wordsOf } from './known-values.ts';
import { toldByRule } from './library-values.ts';
import { itemInWords } from './value-words.ts';

/** What we know and why: every value in plain words, with its source and date. */
export const knownPage: AccountPage = {
  path: '/known',
  entry: { name: 'known.title', hint: 'known.hint' },
  fresh: false,
  async show(at, again) {
    const catalogue = await catalogueOf(at);
    const { known, silenced } = await knownOf(at.base.db, at.owner.customer.id);
    const rows = await rowsOf(at, known, catalogue);
    const groups = Map.groupBy(rows, ({ place }) => place);
    const model = {
      groups: [...groups].map(([title, inside]) => ({ title, rows: inside })),
      // Of an excluded value the place is free: another one may be told there.
      silenced: silenced
        .filter(({ path }) => mayDo(path, catalogue.get(path)) === 'change')
        .map(({ path }) => ({ label: nameOf(at, catalogue, path), href: hrefOf(path) })),
    };
    return showAccount(at, 'known', model, again);
  },
  acts: {},
};

/** Every value that is theirs to see, in plain words, with its source and date. */
export async function knownRows(at: AccountVisit) {
  const { known } = await knownOf(at.base.db, at.owner.customer.id);
  return rowsOf(at, known, await catalogueOf(at));
}

function rowsOf(at: AccountVisit, known: readonly Known[], catalogue: ReadonlyMap<string, Attribute>) {
  const may = ({ path, origin }: Known) => mayDo(path, catalogue.get(path), toldByRule(at.base, path, origin));
  const shown = known.filter((one) => may(one) !== 'nothing').sort(asPeopleAsk);
  return Promise.all(shown.map((one) => toRow(at, one, catalogue)));
}

/** Where one value is looked at and changed. */
export function hrefOf(path: string): string {
  return `/account/known/value?${new URLSearchParams({ path })}`;
}

const mostItems = 5;
const firstPaths: readonly string[] = ['name', 'given_name', 'family_name', 'email', 'phone_number', 'birthdate'];

/** Who one is comes first, the rest by its path. */
function asPeopleAsk(one: Known, other: Known): number {
  const place = ({ path }: Known) => firstPaths.indexOf(path) + 1 || firstPaths.length + 1;
  return place(one) - place(other) || (one.path < other.path ? -1 : 1);
}

async function toRow(at: AccountVisit, one: Known, catalogue: ReadonlyMap<string, Attribute>) {
  const { path, value, origin } = one;
  const attribute = catalogue.get(path);
  const items = Array.isArray(value) ? value : [];
  const told = toldByRule(at.base, path, origin);
  const kind = kindOf(attribute, told?.value);
  const first = items.slice(0, mostItems).map((item) => itemInWords(at, item, kind));
  const rest = items.length - first.length;
  return {
    place: await placeOf(at, path, told),
    label: nameOf(at, catalogue, path),
    words: rest > 0 ? first.join(', ') : shorten(wordsOf(at, one, attribute)),
    more: rest > 0 ? at.say('known.more', { count: rest }) : undefined,
    source: await sourceInWords(at, one),
    picture: path === 'picture' && typeof value === 'string' && value.startsWith('https:') ? value : undefined,
    sensitive: attribute?.sensitive === true,
    href: hrefOf(path),
  };
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
