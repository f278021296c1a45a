import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Erased } from '../customers/customers.ts';
import { deleteAsks, type KeptAsk, readAsks } from './asks-store.ts';

/**
 * Questions: progressive profiling. What customers are asked after a sign-in, of whom and when, and what came of it.
 * This is the face of the feature: other folders import from here only.
 */
export { type AnswerFault, type FactAnswer, type FactField, notForMe, takenBack } from './answers.ts';
export {
  type Answers,
  type AskedAt,
  type Asking,
  askingOf,
  type Given,
  keepAnswer,
  putOff,
  readAnswers,
  startAsking,
  toAsking,
  type WriteConsents,
} from './ask.ts';
export { cachedMayAsk } from './askable.ts';
export {
  askAt,
  atSignIn,
  finishStep,
  type KeptAsk,
  type Outcome,
  readAskedVersions,
  readAsks,
} from './asks-store.ts';
export { attributeShares, countAttributeShares, type KnownOn, pathsIn } from './attribute-shares.ts';
export { type Audience, audienceOf } from './audience.ts';
export { chooseForCode, questionsForCode } from './by-code.ts';
export { chooseQuestion, type Decision, type Guest, openEntries } from './choose.ts';
export type { Chosen } from './decide.ts';
export type { Verdict } from './due.ts';
export { type LiveQuestion, liveQuestions, toLive, unreadable } from './live-questions.ts';
export { pauseDays, readPauseDays, writePauseDays } from './pause.ts';
export { countQuestions, type QuestionRow, readQuestions, writeFault } from './questions-store.ts';
export { type Results, resultsOf } from './results.ts';
export { type Brief, readBriefs } from './results-store.ts';
export { type ConsentSaid, consentsSaid } from './said.ts';
export { changeQuestion, createQuestion, getQuestion, orderQuestions, removeQuestion } from './save.ts';

/** Deletes what this feature holds of an erased customer. */
export function eraseQuestions(tx: Db, { subjects }: Erased): Promise<void> {
  return deleteAsks(tx, subjects);
}

const mostExported = 10_000;

/** What the customer was asked and how that ended, to be handed to them; the answers are among the facts. */
export async function exportQuestions(db: Db, customerId: string): Promise<JsonObject> {
  const rows = await readAsks(db, customerId, { limit: mostExported, offset: 0 });
  return { questions_asked: rows.map(toExport) };
}

function toExport({ name, place, fields, answered, portal, sign_in_number, shown_at, outcome, ended_at }: KeptAsk) {
  return {
    question: name,
    place,
    fields,
    answered,
    portal,
    sign_in_number,
    shown_at: shown_at.toISOString(),
    outcome,
    ended_at: ended_at?.toISOString() ?? null,
  };
}
