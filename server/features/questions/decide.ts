import type { QuestionField, QuestionVariant } from '../../../contract/questions.ts';
import { assign } from '../experiments/experiments.ts';
import {
  fieldsLeft,
  type Knowledge,
  type Live,
  type Occasion,
  type Verdict,
  verdictOfHistory,
  verdictOfQuestion,
} from './due.ts';
import type { History } from './history.ts';

/** What is asked now, in which variant, and which of its fields. */
export type Chosen<Question extends Live = Live> = {
  readonly question: Question;
  readonly variant: QuestionVariant;
  /** Never empty. */
  readonly fields: readonly QuestionField[];
  /** `held_out`: they are not asked, to compare. */
  readonly arm: 'asked' | 'held_out';
};

/** What the decision looks at. */
export type Case = {
  readonly occasion: Occasion;
  /** Who is asked: names them to the experiments. */
  readonly customer: string;
  readonly history: History;
  readonly knowledge: Knowledge;
  readonly pauseDays: number;
};

/** Does the condition of a question hold now? */
export type Holds<Question extends Live> = (question: Question) => boolean;

/**
 * Decides what a customer is asked now: of the questions that are due the first in the marketer's order, and never more
 * than one. Also says of every question why it is not asked.
 */
export function decide<Question extends Live>(
  questions: readonly Question[],
  holds: Holds<Question>,
  one: Case,
): { chosen: Chosen<Question> | undefined; verdicts: ReadonlyMap<string, Verdict> } {
  const verdicts = new Map<string, Verdict>();
  let chosen: Chosen<Question> | undefined;
  for (const question of questions) {
    const { verdict, ask } = look(question, () => holds(question), one);
    verdicts.set(question.id, verdict);
    chosen ??= ask;
  }
  return { chosen, verdicts };
}

function look<Question extends Live>(
  question: Question,
  holds: () => boolean,
  { occasion, customer, history, knowledge, pauseDays }: Case,
): { verdict: Verdict; ask?: Chosen<Question> } {
  const own = verdictOfQuestion(question, occasion, holds);
  if (own !== 'due') return { verdict: own };
  const { variant, arm } = armOf(question, customer);
  const fields = fieldsLeft(variant, knowledge, history.get(question.id));
  if (fields.length === 0) return { verdict: 'nothing_left' };
  const verdict = verdictOfHistory(question, history, occasion, pauseDays);
  return verdict === 'due' ? { verdict, ask: { question, variant, fields, arm } } : { verdict };
}

/** Which variant this customer is always shown, and whether they are asked at all. */
export function armOf(
  question: Pick<Live, 'id' | 'content'>,
  customer: string,
): { variant: QuestionVariant; arm: 'asked' | 'held_out' } {
  const { holdOut, variants } = experimentsOf(question);
  const key = assign(variants.name, customer, variants.arms);
  const [first] = question.content.variants;
  const variant = question.content.variants.find((other) => other.key === key) ?? first;
  if (!variant) throw new Error('a question has a variant');
  return { variant, arm: assign(holdOut.name, customer, holdOut.arms) };
}

/** By which lots a question tells customers apart. */
export function experimentsOf({ id, content: { variants, hold_out } }: Pick<Live, 'id' | 'content'>) {
  return {
    holdOut: {
      name: `${id} hold-out`,
      arms: [
        { key: 'held_out', weight: hold_out },
        { key: 'asked', weight: 100 - hold_out },
      ],
    },
    variants: { name: `${id} variant`, arms: variants.map(({ key }) => ({ key, weight: 1 })) },
  } as const;
}
