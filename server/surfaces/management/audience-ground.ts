import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { listBrands } from '../../features/brands/brands.ts';
import { entriesInForce } from '../../features/consents/consents.ts';
import { lastSignIn, sensitivePaths } from '../../features/customers/customers.ts';
import {
  type Audience,
  cachedMayAsk,
  pathsIn,
  pauseDays,
  type QuestionRow,
} from '../../features/questions/questions.ts';
import type { Caller } from './caller.ts';
import { mayRead } from './may-read.ts';
import { conditionFields } from './user-conditions.ts';

const mostBrands = 1000;

/**
 * From what the audience of a question is worked out for this caller. Who sees some brands alone is told of those who
 * would come there, as they came last to one of them, and nothing of what they said or did elsewhere.
 */
export async function audienceGround(
  base: Base,
  { brand, content }: QuestionRow,
  caller: Caller,
): Promise<Omit<Audience, 'of'>> {
  const { brands: seen } = caller.access;
  const sensitive = await sensitivePaths(base);
  if (pathsIn(content).some((path) => sensitive.has(path)) && !caller.scopes.has('read:consents')) {
    throw new Problem('access_denied', 'What is sensitive is asked of who allows it: read:consents is needed.');
  }
  const only = brand === null ? seen : new Set([brand]);
  const { brands } = await listBrands(base.db, { limit: mostBrands, offset: 0 }, only);
  const slugs = new Map(brands.map(({ id, slug }) => [id, slug]));
  const asksConsent = content.variants.some(({ fields }) => fields.some((field) => !('path' in field)));
  const entries = asksConsent ? await entriesInForce(base.db, ...slugs.keys()) : [];
  return {
    brands: only && [...slugs.values()],
    entries: entries.map((entry) => ({ entry, slug: entry.brand === null ? null : (slugs.get(entry.brand) ?? null) })),
    sensitive,
    mayAsk: await cachedMayAsk(base),
    fields: await conditionFields(base, mayRead(caller), seen),
    last: lastSignIn(seen),
    pauseDays: await pauseDays(base),
    at: now(),
  };
}
