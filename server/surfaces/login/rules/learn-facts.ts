import { z } from 'zod';
import { partsOfPath } from '../../../../contract/attribute-paths.ts';
import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import { transact } from '../../../base/db.ts';
import { Problem } from '../../../base/errors.ts';
import { parsedJson } from '../../../base/json.ts';
import { appendTimeline, changedByCode, learn, sensitivePaths } from '../../../features/customers/customers.ts';
import { allows } from '../../../features/rules/rules.ts';
import { type Kept, saidAt } from './kept.ts';
import type { Occasion } from './occasion.ts';

const wish = z.object({
  facts: z
    .array(z.object({ path: z.string().max(400), value: parsedJson, confidence: z.number().min(0).max(1).optional() }))
    .max(100),
});

// What people are found and signed in by, and what is told of them by other means.
const neverLearned = new Set(['email', 'phone_number', 'username']);

type Whom = Pick<Occasion, 'subject'> & {
  readonly kept: Pick<Kept, 'consents'>;
  readonly visit: { readonly brand: Pick<Occasion['visit']['brand'], 'id' | 'slug'> };
};

/**
 * What a rule of the library found out about a customer, as facts with their source and confidence. What the catalogue
 * calls sensitive is learned only of who has allowed this brand, or the umbrella, to enrich the profile.
 *
 * @returns the paths at which the profile changed, and those that were left out
 * @throws Problem `invalid_body`
 */
export async function learnFacts(
  base: Pick<Base, 'db' | 'settings'>,
  { visit, subject, kept }: Whom,
  argument: unknown,
  origin: string,
): Promise<{ changed: string[]; left_out: string[] }> {
  const { data } = wish.safeParse(argument);
  if (!data) throw new Problem('invalid_body', 'Hand over a list of facts, each with a path and a value.');
  for (const { path } of data.facts) checkPath(path, visit.brand.slug);
  const sensitive = await sensitivePaths(base);
  const asksConsent = data.facts.some(({ path }) => sensitive.has(path));
  const mayEnrich = asksConsent && allows(saidAt(visit.brand.id, kept), enriches);
  const may = (path: string) => mayEnrich || !sensitive.has(path);
  const facts = data.facts.filter(({ path }) => may(path));
  const left_out = data.facts.filter(({ path }) => !may(path)).map(({ path }) => path);
  if (facts.length === 0 || subject === undefined) return { changed: [], left_out };
  const at = now();
  const changed = await transact(base.db, async (tx) => {
    const paths = await learn(
      tx,
      subject,
      facts.map((one) => ({ ...one, source: 'rule', origin, at })),
    );
    await appendTimeline(tx, changedByCode(subject, { origin, paths, at }));
    return paths;
  });
  return { changed, left_out };
}

const enriches = { needsConsent: 'enrichment', topicIsEnough: false } as const;

function checkPath(path: string, slug: string): void {
  const parts = partsOfPath(path);
  const isOthers = parts?.place === 'brands' && parts.brand !== slug;
  if (!parts || isOthers || neverLearned.has(path)) {
    throw new Problem('invalid_body', `A rule may not learn ${path.slice(0, 100)}.`);
  }
}
