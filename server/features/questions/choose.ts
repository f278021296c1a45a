import type { QuestionField } from '../../../contract/questions.ts';
import type { Base } from '../../base/base.ts';
import type { Json } from '../../base/json.ts';
import { matches } from '../conditions/conditions.ts';
import { cachedEntries, type EntryInForce } from '../consents/consents.ts';
import {
  type Customer,
  customerValue,
  isDefaultAt,
  type SignInContext,
  type Sureness,
  sensitivePaths,
  surenessOf,
  valueAt,
} from '../customers/customers.ts';
import { cachedMayAsk, isInternal, type MayAsk } from './askable.ts';
import { readHistory } from './asks-store.ts';
import { type Chosen, decide } from './decide.ts';
import { type Knowledge, type Occasion, type Verdict, verdictOfQuestion } from './due.ts';
import { type History, isInPause } from './history.ts';
import type { LiveQuestion } from './live-questions.ts';
import { percentage, placeInLot } from './percentage.ts';

type Ground = Pick<Base, 'db' | 'settings'>;

/** Who could be asked, and how they come. */
export type Guest = {
  readonly customer: Customer;
  readonly signIn: SignInContext;
  /** The number of this sign-in, itself included. */
  readonly number: number;
  /** Id of the brand. */
  readonly brand: string;
  /** On our page, or in one of the portal's own. */
  readonly place: 'page' | 'embedded';
  readonly at: Date;
  /** What a condition can look at and the customer's row does not hold (`tag`, `brand`, `connection`, `consent`). */
  readonly sets: (attribute: string) => Promise<readonly string[]>;
  /** Brand (null: the umbrella), purpose and topic of everything that they said yes or no to. */
  readonly consented: () => Promise<readonly Scope[]>;
};
type Scope = { readonly brand: string | null; readonly purpose: string; readonly topic: string | null };

const inSets = new Set(['tag', 'brand', 'connection', 'consent']);

/** What a customer is asked now, and why the others are not. */
export type Decision = {
  readonly chosen: Chosen<LiveQuestion> | undefined;
  readonly verdicts: ReadonlyMap<string, Verdict>;
};

/**
 * Decides what a customer is asked at this sign-in. What their row and the sign-in tell is looked at first: where that
 * leaves nothing to ask, or they are in a pause, the database is not asked at all, and else once for all questions.
 *
 * @param fault is told when a condition cannot be evaluated: that question is not asked
 * @param how `explains`: of each question is said exactly why it is not asked, in a pause, too
 */
export async function chooseQuestion(
  ground: Ground,
  questions: readonly LiveQuestion[],
  guest: Guest,
  pauseDays: number,
  fault: (question: LiveQuestion, error: unknown) => void,
  { explains = false }: { readonly explains?: boolean } = {},
): Promise<Decision> {
  const { at, brand, place, customer } = guest;
  const occasion: Occasion = { at, brand, signIn: guest.number, place };
  const one = { occasion, customer: customer.id, pauseDays };
  const open = questions.filter((question) => verdictOfQuestion(question, occasion, () => true) === 'due');
  const holds = await conditionsOf(open, guest, fault);
  const possible = open.filter((question) => holds(question) && hasFieldLeft(question, customer));
  if (possible.length === 0) return decide(questions, holds, { ...one, history: new Map(), knowledge: () => 'known' });
  const rest = lastOnly(customer.last_asked_at);
  if (!explains && isInPause(rest, at, pauseDays)) {
    return decide(questions, holds, { ...one, history: rest, knowledge: () => 'unknown' });
  }
  const fields = possible.flatMap(({ content }) => content.variants.flatMap((variant) => variant.fields));
  const { history, sureness } = await readHistory(ground.db, customer.id, pathsOf(fields));
  const knowledge = await knowledgeFrom(ground, guest, fields, sureness);
  return decide(questions, holds, { ...one, history, knowledge });
}

/** What is known of their history by the row alone. */
function lastOnly(at: Date | null): History {
  if (at === null) return new Map();
  return new Map([['', { question: '', lastShownAt: at, putOff: 0, lastPutOff: null, never: false, answered: [] }]]);
}

/** Does a condition hold? Looks at each condition once. */
async function conditionsOf(
  questions: readonly LiveQuestion[],
  guest: Guest,
  fault: (question: LiveQuestion, error: unknown) => void,
): Promise<(question: LiveQuestion) => boolean> {
  const asked = new Set(questions.flatMap(({ attributes }) => attributes.filter((one) => inSets.has(one))));
  const sets = new Map(
    await Promise.all([...asked].map(async (one): Promise<[string, Json]> => [one, [...(await guest.sets(one))]])),
  );
  const read = (question: LiveQuestion, attribute: string) => {
    if (attribute === percentage) return placeInLot(question.id, guest.customer.id);
    if (inSets.has(attribute)) return emptyAsNone(sets.get(attribute));
    if (attribute === 'sign_in.number') return guest.number;
    return customerValue(attribute, guest);
  };
  const holding = new Set<string>();
  for (const question of questions) {
    try {
      const { when } = question.content;
      if (when === null || matches(when, (attribute) => read(question, attribute))) holding.add(question.id);
    } catch (error) {
      fault(question, error);
    }
  }
  return ({ id }) => holding.has(id);
}

function emptyAsNone(set: Json | undefined): Json | undefined {
  return Array.isArray(set) && set.length === 0 ? undefined : set;
}

/** Could any of its fields be asked, as far as the customer's row tells? */
function hasFieldLeft({ content }: LiveQuestion, customer: Customer): boolean {
  return content.variants.some(({ fields }) =>
    fields.some((field) => {
      if (!('path' in field) || field.confirm_below !== null) return true;
      return valueAt(customer, field.path) === undefined || isDefaultAt(customer, field.path);
    }),
  );
}

const everything: MayAsk = () => true;

/**
 * What is known of what these fields ask for. What is sensitive counts as known, and so is not asked, of whoever did not
 * say yes to profiling.
 */
export async function knowledgeOf(ground: Ground, guest: Guest, fields: readonly QuestionField[]): Promise<Knowledge> {
  return knowledgeFrom(ground, guest, fields, await surenessOf(ground.db, guest.customer.id, pathsOf(fields)));
}

function pathsOf(fields: readonly QuestionField[]): string[] {
  return [...new Set(fields.flatMap((field) => ('path' in field ? [field.path] : [])))];
}

async function knowledgeFrom(
  ground: Ground,
  guest: Guest,
  fields: readonly QuestionField[],
  sureness: Sureness,
): Promise<Knowledge> {
  const { customer, brand, consented } = guest;
  const paths = pathsOf(fields);
  const asksConsent = fields.some((field) => !('path' in field));
  const sensitive = await sensitivePaths(ground);
  const [mayAsk, mayAskSensitive, entries, said] = await Promise.all([
    paths.some(isInternal) ? cachedMayAsk(ground) : everything,
    paths.some((path) => sensitive.has(path)) && mayProfile(guest),
    asksConsent ? cachedEntries(ground, brand) : [],
    asksConsent ? consented() : [],
  ]);
  return (field) => {
    if (!('path' in field)) return openEntries(field, entries, said).length > 0 ? 'unknown' : 'known';
    // The catalogue may have changed since the question was written.
    if (!mayAsk(field.path)) return 'known';
    if (sensitive.has(field.path) && !mayAskSensitive) return 'known';
    const sure = sureness.get(field.path);
    if (sure === 'silenced') return 'known';
    // The row may be from before this sign-in's facts; without any, what stands there is known unless it is a default.
    if (sure === undefined) {
      const isSaid = valueAt(customer, field.path) !== undefined && !isDefaultAt(customer, field.path);
      return isSaid ? 'known' : 'unknown';
    }
    return field.confirm_below !== null && sure < field.confirm_below ? 'unsure' : 'known';
  };
}

/** Did they say yes to profiling, to the umbrella or to this brand? */
async function mayProfile({ signIn, sets }: Guest): Promise<boolean> {
  const given = await sets('consent');
  return given.includes('profiling') || given.includes(`${signIn.brand}:profiling`);
}

/** The consents in force that a field asks for and to which nothing was said. */
export function openEntries(
  field: Extract<QuestionField, { purpose: string }>,
  entries: readonly EntryInForce[],
  said: readonly Scope[],
): EntryInForce[] {
  const topics: readonly (string | null)[] = field.type === 'topics' ? field.topics : [field.topic ?? null];
  return entries.filter((entry) => {
    if (entry.purpose !== field.purpose || !topics.includes(entry.topic)) return false;
    return !said.some(({ brand, purpose, topic }) => {
      return brand === entry.brand && purpose === entry.purpose && topic === entry.topic;
    });
  });
}
