// What a service outside did not say while somebody signed in, asked again afterwards.
import { z } from 'zod';
import { libraryRules, librarySources } from '../rules-library/library.ts';
import type { Base } from './base/base.ts';
import type { Json } from './base/json.ts';
import { currentConsents } from './features/consents/consents.ts';
import { findBySubject } from './features/customers/customers.ts';
import { finish } from './features/enrichment/enrichment.ts';
import { allows, libraryInUse } from './features/rules/rules.ts';

const job = z.object({ subject: z.uuid(), source: z.string(), brand: z.string() });

/** Asks if the rule is still on and the customer still allows it; else the question is dropped. */
export async function finishEnrichment(base: Base, payload: Json): Promise<void> {
  const { subject, source: id, brand } = job.parse(payload);
  await finish(base, { subject, source: id }, brand, async () => {
    const source = librarySources.find((one) => one.id === id);
    const rule = libraryRules.find((one) => one.id === id);
    const inUse = await libraryInUse(base, id);
    const customer = await findBySubject(base.db, subject);
    if (!source || !rule || !inUse || !customer) return undefined;
    const consents = (await currentConsents(base.db, customer.id)).map(({ brand: at, purpose, topic, state }) => {
      return { brand: at, purpose, topic, state };
    });
    return allows({ brand: { id: brand }, consents }, rule) ? { source, settings: inUse.settings } : undefined;
  });
}
