import type { Base } from '../../../base/base.ts';
import type { Db } from '../../../base/db.ts';
import { lockCustomers } from '../../customers/customers.ts';
import type { Asked } from '../asked.ts';
import { addressOf } from './factor.ts';
import { setFactorAddress } from './factor-store.ts';
import { factorsOf, removeFactor } from './factors.ts';
import { forgetDevices } from './remembered-devices.ts';

/**
 * A customer has given addresses or numbers up: whoever reads them now passes no second step by them. A second factor
 * there goes on at the address that was proven in their place (`to`); without one, or when that is a factor already, it
 * is removed like any other (see `removeFactor`). Remembered devices are forgotten either way.
 */
export async function followAddress(
  base: Pick<Base, 'config'>,
  tx: Db,
  change: {
    customer: string;
    kind: 'email' | 'phone';
    /** Normalised, as `to` is. */
    gone: readonly string[];
    to?: string | undefined;
    asked: Asked;
  },
): Promise<void> {
  const { customer, kind, gone, to, asked } = change;
  await lockCustomers(tx, [customer]);
  const there = (await factorsOf(tx, customer)).filter((one) => one.kind === kind);
  let isFree = to !== undefined && !there.some((one) => addressOf(one) === to);
  for (const factor of there.filter((one) => gone.includes(addressOf(one) ?? ''))) {
    if (to !== undefined && isFree) {
      await setFactorAddress(tx, factor, kind === 'email' ? { address: to } : { phone: to });
      await forgetDevices(tx, [customer]);
      isFree = false;
    } else {
      await removeFactor(base, tx, { customer, factor: factor.id, asked });
    }
  }
}
