import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import { type Erased, subjectsOf } from '../customers/customers.ts';
import { deleteAnswers, readAnswersOf } from './answers-store.ts';

/**
 * Enrichment: what library rules learn of a customer from elsewhere. Services outside, with a circuit breaker, an
 * interval for each customer and figures; and what is known of the areas that people are in. This is the face of the
 * feature: other folders import from here only.
 */
export { areaIncome, type FoundIncome, type Where } from './area-income.ts';
export { type Asking, ask, finish, type Told } from './ask.ts';
export { type IncomeLoad, loadIncome } from './load-income.ts';
export type { Source, SourceAnswer, SourceFact, SourceReply, SourceRequest } from './source.ts';
export { changeSource, type Figures, type SourceChange, type SourceState, sourceStates } from './sources.ts';

/** Deletes what this feature holds of an erased customer. What was learned goes with the facts. */
export function eraseEnrichment(tx: Db, { subjects }: Erased): Promise<void> {
  return deleteAnswers(tx, subjects);
}

/** Which services were asked about the customer, to be handed to them; what they told is among the facts. */
export async function exportEnrichment(db: Db, customerId: string): Promise<JsonObject> {
  const rows = await readAnswersOf(db, await subjectsOf(db, customerId));
  return {
    enrichment: rows.map(({ source, status, asked_at: at, question }) => ({
      source,
      status,
      at: at.toISOString(),
      ...(question !== null && { question }),
    })),
  };
}
