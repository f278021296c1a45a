import { sameJson } from '../../base/json.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import { type Explained, explain, type Known, knownOf } from '../../features/customers/customers.ts';
import {
  type Asking,
  type ConsentSaid,
  consentsSaid,
  type FactField,
  readAsks,
  toAsking,
} from '../../features/questions/questions.ts';
import { readForm } from '../login/login.ts';
import { type AccountPage, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';
import { hrefOf } from './known-page.ts';
import { catalogueOf, mayDo } from './known-values.ts';
import { type Kind, valueInWords } from './value-words.ts';
import { dayIn } from './words.ts';

/** What one was asked after signing in and what one said, also to questions that nobody is asked any more. */
export const askedPage: AccountPage = {
  path: '/known/asked',
  under: '/known',
  fresh: false,
  async show(at, again) {
    const { db } = at.base;
    const { id } = at.owner.customer;
    const offset = offsetIn(readForm(at.request.query).from);
    const asks = await readAsks(db, id, { limit: perPage + 1, offset });
    const askings = asks.slice(0, perPage).flatMap((ask) => toAsking(ask) ?? []);
    const said = await consentsSaid(db, id, askings);
    const { known } = await knownOf(db, id);
    const facts = (await explain(db, id)).filter(({ source }) => source === 'asked');
    const rows = await Promise.all(
      askings.map((one) => toRow(at, one, { known, facts, consents: said.get(one.ask.id) })),
    );
    const next = asks.length > perPage ? `/account/known/asked?from=${offset + perPage}` : undefined;
    return showAccount(at, 'asked', { rows, next }, again);
  },
  acts: {},
};

const perPage = 20;

function offsetIn(from = ''): number {
  return /^\d{1,5}$/.test(from) ? Number(from) : 0;
}

const outcomes = { skipped: 'asked.skipped', not_now: 'asked.not_now', never: 'asked.never' } as const;

type Held = {
  readonly known: readonly Known[];
  readonly facts: readonly Explained[];
  readonly consents: readonly ConsentSaid[] | undefined;
};

async function toRow(at: AccountVisit, asking: Asking, held: Held) {
  const { ask, variant, fields } = asking;
  const brand = ask.brand === null ? undefined : await cachedBrand(at.base, ask.brand);
  const own = brand && variant.brands[brand.slug];
  const catalogue = await catalogueOf(at);
  const answered = fields.filter(({ key }) => ask.answered.includes(key));
  const answers = answered.flatMap((field) => {
    if (!('path' in field)) return [];
    const isTheirs = mayDo(field.path, catalogue.get(field.path)) !== 'nothing';
    return [{ ...answerOf(at, asking, field, held), href: isTheirs ? hrefOf(field.path) : undefined }];
  });
  const outcome = ask.outcome === 'answered' ? undefined : ask.outcome ? outcomes[ask.outcome] : 'asked.left';
  return {
    heading: inWords(at, own?.heading) ?? inWords(at, variant.heading),
    details: [dayIn(at, ask.shown_at), brand?.name].filter((part) => part !== undefined).join(' · '),
    outcome: outcome && at.say(outcome),
    answers,
    consents: held.consents?.map((one) => consentOf(at, one)) ?? [],
  };
}

/** What was said to one field, and what has become of it. */
function answerOf(at: AccountVisit, { ask }: Asking, field: FactField, { known, facts }: Held) {
  const kind = kindOf(field);
  const label = inWords(at, field.labels);
  const own = facts.filter(({ path, origin }) => path === field.path && origin === ask.question);
  const said = own.find((fact) => fact.kind === 'said');
  const now = known.find(({ path }) => path === field.path);
  const nowInWords = now && valueInWords(at, field.path, now.value, kind);
  if (!said) {
    const isNone = own.some((fact) => fact.kind === 'excluded');
    if (!isNone) return { label, words: nowInWords ?? at.say('asked.gone') };
    return { label, words: at.say('asked.none'), since: nowInWords && at.say('asked.changed', { value: nowInWords }) };
  }
  const words = valueInWords(at, field.path, said.value, kind);
  if (!now) return { label, words, since: at.say('asked.deleted') };
  return {
    label,
    words,
    since: sameJson(now.value, said.value) ? undefined : at.say('asked.changed', { value: nowInWords }),
  };
}

/** How the values of a field are said; a yes or no, a number or a text stands for itself. */
function kindOf(field: FactField): Kind | undefined {
  switch (field.type) {
    case 'choice':
    case 'choices':
      return { type: field.type, choices: field.choices };
    case 'picture_choice':
      return { type: field.several ? 'choices' : 'choice', choices: field.choices };
    case 'birthday':
    case 'date':
    case 'country':
      return { type: field.type, choices: null };
    default:
      return undefined;
  }
}

function consentOf({ say }: AccountVisit, { wording, language, given, now }: ConsentSaid) {
  const since = {
    given: 'asked.allowed_since',
    withdrawn: 'asked.taken_back',
    pending: 'asked.waits',
    under_age: undefined,
  };
  const isAllowed = now === 'given';
  const key = now === undefined || (given === isAllowed && now !== 'pending') ? undefined : since[now];
  return {
    words: wording.split('\n\n')[0],
    language,
    said: say(given ? 'known.yes' : 'known.no'),
    since: key && say(key),
  };
}

type Texts = { readonly [language: string]: string | undefined };

function inWords({ language, brand }: AccountVisit, texts: Texts | undefined): string | undefined {
  return (
    texts &&
    (texts[language] ?? texts[brand.default_language] ?? Object.values(texts).find((text) => text !== undefined))
  );
}
