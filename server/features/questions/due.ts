import type { QuestionContent, QuestionField, QuestionVariant } from '../../../contract/questions.ts';
import { type Asked, type History, isHeldBack, isInPause } from './history.ts';

/** A question that could be asked: what of it the decision looks at. */
export type Live = {
  readonly id: string;
  readonly brand: string | null;
  readonly state: 'draft' | 'live' | 'paused';
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly content: QuestionContent;
};

/** Who is asked, and at what. */
export type Occasion = {
  readonly at: Date;
  /** Id of the brand. */
  readonly brand: string | null;
  /** The number of the sign-in, this one included. */
  readonly signIn: number;
  /** On our page, or in one of the portal's own. */
  readonly place: 'page' | 'embedded';
};

/** What holds at an attribute, or for a scope of consents, as far as asking goes. */
export type Knowledge = (field: QuestionField) => 'unknown' | 'known' | 'unsure';

/** Why a question is not asked now, or that it is. */
export type Verdict =
  | 'due'
  | 'not_live'
  | 'other_place'
  | 'other_brand'
  | 'not_yet'
  | 'over'
  | 'condition'
  | 'nothing_left'
  | 'never_again'
  | 'held_back'
  | 'pause';

/** The question's own part, before anything of what was asked earlier is looked at. */
export function verdictOfQuestion(question: Live, occasion: Occasion, holds: () => boolean): Verdict {
  const { state, brand, startsAt, endsAt, content } = question;
  if (state !== 'live') return 'not_live';
  if (content.place !== occasion.place) return 'other_place';
  if (brand !== null && brand !== occasion.brand) return 'other_brand';
  if (startsAt && occasion.at < startsAt) return 'not_yet';
  if (endsAt && occasion.at >= endsAt) return 'over';
  return holds() ? 'due' : 'condition';
}

/** The customer's part: what they were asked, and what they said to it. */
export function verdictOfHistory(
  { id, content }: Pick<Live, 'id' | 'content'>,
  history: History,
  occasion: Occasion,
  pauseDays: number,
): Verdict {
  const asked = history.get(id);
  if (asked?.never) return 'never_again';
  if (asked && isHeldBack(asked, content.not_now, occasion)) return 'held_back';
  return isInPause(history, occasion.at, pauseDays) ? 'pause' : 'due';
}

/**
 * The fields that are still to be asked: what is known is left out, and what stood on a page that was answered. `unsure`
 * is asked as "is this right?".
 */
export function fieldsLeft(
  variant: QuestionVariant,
  knowledge: Knowledge,
  asked: Pick<Asked, 'answered'> | undefined,
): QuestionField[] {
  return variant.fields.filter((field) => {
    return !asked?.answered.includes(field.key) && knowledge(field) !== 'known';
  });
}
