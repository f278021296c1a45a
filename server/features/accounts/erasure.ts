import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { dayInWords } from '../../base/date-words.ts';
import { type Db, transact } from '../../base/db.ts';
import { readSetting, writeSetting } from '../../base/settings.ts';
import { appendTimeline, type EndSessions, setErasure } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { dropPending } from './drop-pending.ts';
import { deleteErasures, writeErasure } from './erasure-store.ts';
import { tell } from './notices.ts';
import { happened } from './timeline-names.ts';

const setting = 'erasure_days';
const daySeconds = 86_400;

/** How many days a customer who asked to be erased has to change their mind: a setting of the umbrella. */
export async function readErasureDays(db: Db): Promise<number> {
  const days = await readSetting(db, setting);
  return typeof days === 'number' ? days : 14;
}

/** Sets it; requests that were made before keep their day. */
export function writeErasureDays(tx: Db, days: number): Promise<void> {
  return writeSetting(tx, setting, days);
}

/** A customer, who wants what, where. `subject`: the identity by which they came. */
export type ErasureAct = { readonly customer: string; readonly subject: string; readonly asked: Asked };

/**
 * The customer asks to be erased. They are signed out everywhere, what was mailed to them is dead, and whoever signs in
 * from now on is asked whether to keep the account. Asked twice, the first day stays. Tells all proven addresses.
 *
 * @returns when it will be done
 * @throws Problem `not_found`
 */
export function askErasure(
  base: Pick<Base, 'config' | 'db'>,
  { customer, subject, asked, endSessions }: ErasureAct & { endSessions: EndSessions },
): Promise<Date> {
  return transact(base.db, async (tx) => {
    const at = now();
    const eraseAt = inSeconds((await readErasureDays(tx)) * daySeconds);
    const before = await setErasure(tx, customer, eraseAt);
    if (before.erase_at) {
      await setErasure(tx, customer, before.erase_at);
      return before.erase_at;
    }
    const { brand, language } = asked;
    await writeErasure(tx, { customer: before.id, brand: brand.id, language, asked_at: at });
    await dropPending(tx, before.id);
    await endSessions(tx, before.id);
    await appendTimeline(tx, [happened('erasure_asked', subject, asked, { occurredAt: at })]);
    const content = {
      kind: 'erasure_asked',
      date: dayInWords({ language, zone: before.attributes.zoneinfo }, eraseAt),
      link: `${base.config.url}/account`,
    } as const;
    await tell(base, tx, { customer: before.id, content, asked });
    return eraseAt;
  });
}

/**
 * They changed their mind: everything is as it was. Tells all proven addresses. Said again it does nothing.
 *
 * @throws Problem `not_found` when it has been done already
 */
export function keepAccount(
  base: Pick<Base, 'config' | 'db'>,
  { customer, subject, asked }: ErasureAct,
): Promise<void> {
  return transact(base.db, async (tx) => {
    const before = await setErasure(tx, customer, null);
    if (!before.erase_at) return;
    await deleteErasures(tx, [before.id]);
    await appendTimeline(tx, [happened('erasure_undone', subject, asked, { occurredAt: now() })]);
    await tell(base, tx, { customer: before.id, content: { kind: 'erasure_undone' }, asked });
  });
}
