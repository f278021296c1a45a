import type { FactSource } from '../../../contract/customers.ts';
import type { Db } from '../../base/db.ts';
import type { Json } from '../../base/json.ts';
import { readFoldInput } from './facts-store.ts';
import { fold } from './fold.ts';
import { readIdentitiesOf } from './identities-store.ts';

/** A current fact, and whether the current value comes from it. */
export type Explained = {
  path: string;
  kind: 'said' | 'withdrawn' | 'excluded';
  /** null when withdrawn */
  value: Json;
  source: FactSource;
  origin: string;
  confidence: number;
  at: Date;
  subject: string;
  /** `provider|id` of the identity it was learned of; null: of another kind of subject. */
  identity: string | null;
  wins: boolean;
};

/** Where every value of a customer comes from: its current facts by path, at each the winning one first. */
export async function explain(db: Db, customerId: string): Promise<Explained[]> {
  const input = await readFoldInput(db, customerId);
  const { winners } = fold(input);
  const identities = (await readIdentitiesOf(db, [customerId])).get(customerId) ?? [];
  const names = new Map(identities.map((one) => [one.subject, `${one.provider}|${one.user_id}`]));
  return input.facts
    .map(({ id, ...fact }) => {
      return { ...fact, identity: names.get(fact.subject) ?? null, wins: winners.get(fact.path)?.fact.id === id };
    })
    .sort(
      (a, b) =>
        (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) ||
        Number(b.wins) - Number(a.wins) ||
        b.at.getTime() - a.at.getTime(),
    );
}
