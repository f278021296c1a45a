import type { QuestionField, QuestionVariant } from '../../../contract/questions.ts';
import { questionContent } from '../../../contract/questions.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import type { Json } from '../../base/json.ts';
import { type Part, writeTogether } from '../../base/statement.ts';
import {
  appendTimeline,
  type FactDraft,
  holdEra,
  learn,
  lockCustomers,
  type TimelineDraft,
} from '../customers/customers.ts';
import { type AnswerFault, type FactAnswer, type FactField, readAnswer } from './answers.ts';
import { isInternal, readMayAsk } from './askable.ts';
import { type AskRow, askPart, endAsk, type KeptAsk, type Outcome, readAsk } from './asks-store.ts';
import type { Chosen } from './decide.ts';
import type { LiveQuestion } from './live-questions.ts';
import { writeFault } from './questions-store.ts';

/** Where and by whom something is asked. */
export type AskedAt = Omit<AskRow, 'id' | 'question' | 'contentVersion' | 'variant' | 'arm' | 'fields'>;

/** That this is asked now, as a part of what is written with it. @returns its id, too */
export function askingPart(
  { question, variant, fields, arm }: Chosen<LiveQuestion>,
  where: AskedAt,
): { id: string; part: Part } {
  const id = uuid();
  const part = askPart({
    ...where,
    id,
    question: question.id,
    contentVersion: question.contentVersion,
    variant: variant.key,
    arm,
    fields: fields.map(({ key }) => key),
  });
  return { id, part };
}

/** Writes down that this is asked now. @returns the id of the asking */
export async function startAsking(db: Db, chosen: Chosen<LiveQuestion>, where: AskedAt): Promise<string> {
  const { id, part } = askingPart(chosen, where);
  await writeTogether(db, [part]);
  return id;
}

/** An asking with what the customer was shown. */
export type Asking = {
  readonly ask: KeptAsk;
  readonly variant: QuestionVariant;
  /** Those that stood on the page. */
  readonly fields: readonly QuestionField[];
};

/** What this customer was asked, in the words of then; undefined: not this one. */
export async function askingOf(db: Db, customer: string, id: string): Promise<Asking | undefined> {
  const ask = await readAsk(db, customer, id);
  return ask && toAsking(ask);
}

/** A row with what was shown; undefined: that cannot be read any more. */
export function toAsking(ask: KeptAsk): Asking | undefined {
  const { data: content } = questionContent.safeParse(ask.content);
  const variant = content?.variants.find(({ key }) => key === ask.variant);
  return variant && { ask, variant, fields: variant.fields.filter(({ key }) => ask.fields.includes(key)) };
}

/** What was given to each field by its key: texts of a form, or JSON. */
export type Given = Readonly<Record<string, Json | undefined>>;

/** Facts that were said, and what is wrong with the rest. */
export type Answers = {
  readonly said: ReadonlyMap<FactField, FactAnswer>;
  readonly faults: ReadonlyMap<string, AnswerFault>;
};

/** Reads what was given to the fields that become facts; the answers to the others are not looked at. */
export function readAnswers(fields: readonly QuestionField[], given: Given, country?: string | null): Answers {
  const said = new Map<FactField, FactAnswer>();
  const faults = new Map<string, AnswerFault>();
  for (const field of fields) {
    if (!('path' in field)) continue;
    const read = readAnswer(field, Object.hasOwn(given, field.key) ? given[field.key] : undefined, country);
    if (read === undefined) {
      if (field.required) faults.set(field.key, 'missing');
    } else if ('fault' in read) faults.set(field.key, read.fault);
    else if ('withdrawn' in read && field.required) faults.set(field.key, 'missing');
    else said.set(field, read);
  }
  return { said, faults };
}

/** What else is written with an answer: the rows of consents. @returns the keys of the fields that were answered by it */
export type WriteConsents = (tx: Db) => Promise<readonly string[]>;

/**
 * Keeps the answer of a customer, once: as facts that were asked for, and as what `consents` writes; all or nothing. Who
 * answered nothing has skipped the question, and so has whose answer cannot be kept.
 *
 * @param answer `era`: in which they came in; left out where whoever calls holds them in it
 * @returns how it ended; undefined when it had ended before (another tab, or the same form again)
 * @throws Problem `flow_expired` in another era of theirs
 */
export async function keepAnswer(
  db: Db,
  asking: Asking,
  answer: {
    readonly customer: string;
    readonly era?: number | undefined;
    readonly subject: string;
    readonly said: Answers['said'];
    readonly consents?: WriteConsents | undefined;
    readonly at: Date;
  },
): Promise<Outcome | undefined> {
  try {
    return await transact(db, (tx) => write(tx, asking, answer));
  } catch (error) {
    if (error instanceof HasEnded) return undefined;
    throw error;
  }
}

/** Another answer was first: nothing of this one is written, its consents neither. */
class HasEnded extends Error {}

type Said = Parameters<typeof keepAnswer>[2];

async function write(tx: Db, asking: Asking, answer: Said): Promise<Outcome> {
  const { ask } = asking;
  const { subject, at } = answer;
  const [customer = answer.customer] = await lockCustomers(tx, [answer.customer]);
  if (answer.era !== undefined) await holdEra(tx, { id: customer, era: answer.era });
  const byConsent = (await answer.consents?.(tx)) ?? [];
  const said = await stillAsked(tx, answer.said);
  const isKept = await learnIfRoom(tx, asking, answer, factsOf(asking, said, at));
  const byFact = isKept ? [...said.keys()].map(({ key }) => key) : [];
  const answered = [...byFact, ...byConsent];
  const outcome = answered.length === 0 ? 'skipped' : 'answered';
  if (!(await endAsk(tx, customer, ask.id, { outcome, answered, at }))) throw new HasEnded();
  if (outcome === 'answered') await appendTimeline(tx, [happened(ask, subject, at)]);
  return outcome;
}

/** Without what the umbrella took back while the customer looked at the question: that is nobody's to say any more. */
async function stillAsked(tx: Db, said: Answers['said']): Promise<Answers['said']> {
  if (![...said.keys()].some(({ path }) => isInternal(path))) return said;
  const mayAsk = await readMayAsk(tx);
  return new Map([...said].filter(([{ path }]) => mayAsk(path)));
}

/** What cannot be kept of this customer (they have values at a thousand paths) holds up nobody's sign-in. */
async function learnIfRoom(tx: Db, { ask }: Asking, { subject, at }: Said, facts: FactDraft[]): Promise<boolean> {
  try {
    await learn(tx, subject, facts);
    return true;
  } catch (error) {
    if (!isProblem(error, 'invalid_body')) throw error;
    await writeFault(tx, ask.question, `An answer could not be kept. ${error.message}`, at);
    return false;
  }
}

/** What was said stands among the facts, and which question it was with the asking: not all staff may see that. */
function happened({ id, brand, portal }: KeptAsk, subject: string, at: Date): TimelineDraft {
  const row = { class: 'profile', source: 'questions', name: 'question_answered' } as const;
  return { ...row, subject, brand, portal, occurredAt: at, data: { asking: id } };
}

/** Ends an asking without an answer. @throws Problem `not_found`: it is not this customer's, or has ended */
export async function putOff(
  db: Db,
  customer: string,
  id: string,
  outcome: Exclude<Outcome, 'answered'>,
  at: Date,
): Promise<boolean> {
  if (!(await readAsk(db, customer, id))) throw new Problem('not_found', 'There is no such question');
  return endAsk(db, customer, id, { outcome, answered: [], at });
}

function factsOf({ ask }: Asking, said: Answers['said'], at: Date): FactDraft[] {
  return [...said].flatMap(([field, answer]): FactDraft[] => {
    const word = { path: field.path, source: 'asked' as const, origin: ask.question, at };
    if ('value' in answer) return [{ ...word, value: answer.value }];
    if ('withdrawn' in answer) return [{ ...word, kind: 'withdrawn' }];
    const choices = 'choices' in field ? field.choices : [];
    return choices.map(({ value }) => ({ ...word, kind: 'excluded' as const, value }));
  });
}
