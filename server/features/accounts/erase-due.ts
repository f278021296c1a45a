import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { languages } from '../../base/languages.ts';
import { type Brand, defaultBrand, getBrand } from '../brands/brands.ts';
import {
  dueForErasure,
  type EndSessions,
  type ErasureVerb,
  findById,
  lockCustomers,
  removeCustomer,
} from '../customers/customers.ts';
import { readErasure } from './erasure-store.ts';
import { addressesOf } from './notices.ts';
import { post } from './post.ts';

type Ground = Pick<Base, 'config' | 'db' | 'settings' | 'log'>;

/** What erasing takes beside this feature: see `removeCustomer`. */
export type Erasing = { readonly endSessions: EndSessions; readonly others: readonly ErasureVerb[] };

const batch = 100;

/**
 * Erases everybody whose day has come, each in a transaction of their own: what a crash leaves is found the next time.
 * One who cannot be erased now keeps nobody else waiting.
 *
 * @throws what kept the last of those from being erased
 */
export async function eraseDue(base: Ground, erasing: Erasing): Promise<void> {
  const failed = new Map<string, unknown>();
  for (let due: string[] = []; ; ) {
    due = (await dueForErasure(base.db, now(), batch + failed.size)).filter((id) => !failed.has(id));
    for (const id of due) {
      await eraseOne(base, id, erasing).catch((fault: unknown) => {
        base.log.error({ err: fault, customer: id }, 'A customer could not be erased.');
        failed.set(id, fault);
      });
    }
    if (due.length < batch) break;
  }
  const [fault] = failed.values();
  if (fault) throw fault;
}

async function eraseOne(base: Ground, id: string, { endSessions, others }: Erasing): Promise<void> {
  await transact(base.db, async (tx) => {
    await lockCustomers(tx, [id]);
    const customer = await findById(tx, id);
    const at = now();
    // They may have changed their mind a moment ago.
    if (!customer?.erase_at || customer.erase_at > at) return;
    const asked = await wornBy(base, await readErasure(tx, id));
    const addresses = await addressesOf(tx, id);
    await removeCustomer(tx, id, { at, endSessions, others });
    for (const { address } of addresses) {
      await post(base, tx, { to: address, asked, content: { kind: 'erased' }, forget: true });
    }
  });
}

/** The clothes and the language of the last mail: those of the page where it was asked for. */
async function wornBy(base: Ground, asked: { brand: string; language: string } | undefined) {
  const brand: Brand = (asked && (await getBrand(base.db, asked.brand))) ?? (await defaultBrand(base));
  const language = languages.find((one) => one === asked?.language) ?? languages[0];
  return { brand, language };
}
