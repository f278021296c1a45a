import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import type { JsonParts } from '../../base/json-stream.ts';
import { readMailsTo, readTextsTo } from '../../base/outbox.ts';
import { appendTimeline, exportPage, inPages, lockCustomers, subjectsOf } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { readErasure } from './erasure-store.ts';
import { readFactorPhones } from './factors/factor-store.ts';
import { factorsOf } from './factors/factors.ts';
import { tellOnce } from './notices.ts';
import { readIdentifiers } from './store.ts';
import { happened } from './timeline-names.ts';
import { waysIn } from './ways-in.ts';

/** What this feature holds of a customer, to be handed to them: no secrets. Instants are ISO texts. */
export async function exportAccounts(db: Db, customerId: string): Promise<JsonParts> {
  const subjects = await subjectsOf(db, customerId);
  const identifiers = await readIdentifiers(db, subjects);
  const phones = await readFactorPhones(db, subjects);
  const ways = await waysIn(db, customerId);
  const asked = await readErasure(db, customerId);
  return {
    identifiers: identifiers.map(({ connection, kind, value }) => ({ connection, kind, value })),
    ways_in: ways.map((way) => {
      if (way.kind === 'code') return { kind: way.kind, address: way.address };
      if (way.kind === 'network') return { kind: way.kind, connection: way.connection };
      const lastUsed = way.lastUsedAt?.toISOString() ?? null;
      const opened = { kind: way.kind, connection: way.connection, last_used_at: lastUsed };
      if (way.kind === 'password') return opened;
      return { ...opened, name: way.name, created_at: way.createdAt.toISOString() };
    }),
    second_factors: (await factorsOf(db, customerId)).map((factor) => ({
      kind: factor.kind,
      name: factor.name,
      ...(factor.kind === 'phone' && { phone: factor.phone }),
      ...(factor.kind === 'email' && { address: factor.address }),
      created_at: factor.createdAt.toISOString(),
      last_used_at: factor.lastUsedAt?.toISOString() ?? null,
    })),
    ...(asked && { erasure: { asked_at: asked.asked_at.toISOString() } }),
    mails: inPages((after: string | undefined) => readMailsTo(db, subjects, after, exportPage)),
    text_messages: inPages((after: string | undefined) => readTextsTo(db, { subjects, phones }, after, exportPage)),
  };
}

/** Somebody downloads all of that on the account page: noted, and told to all addresses of the customer (see `tellOnce`). */
export async function noteDownload(
  base: Pick<Base, 'config'>,
  tx: Db,
  { customer, subject, asked }: { customer: string; subject: string; asked: Asked },
): Promise<void> {
  // Of many at once the later see what the first one wrote.
  await lockCustomers(tx, [customer]);
  await tellOnce(base, tx, { customer, kind: 'data_downloaded', asked });
  await appendTimeline(tx, [happened('data_downloaded', subject, asked, { occurredAt: now() })]);
}
