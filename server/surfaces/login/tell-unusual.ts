import { browserName } from '../../../contract/browser-names.ts';
import type { Base } from '../../base/base.ts';
import { momentInWords } from '../../base/date-words.ts';
import type { Db } from '../../base/db.ts';
import { type Place, placeInWords } from '../../base/geo.ts';
import { tellOfNewDevice } from '../../features/accounts/accounts.ts';
import type { Customer } from '../../features/customers/customers.ts';
import { askedBy, type Visit } from './visit.ts';

/** Mails the customer that somebody signed in by an unknown device or from an unusual place, and how to end it. */
export function tellUnusual(
  base: Base,
  tx: Db,
  visit: Visit,
  unusual: { customer: Customer; subject: string; signIn: string; place: Place | undefined },
): Promise<void> {
  const { language, ip, at, userAgent } = visit;
  const { customer, subject, signIn, place } = unusual;
  const words = {
    time: momentInWords({ language, zone: customer.attributes.zoneinfo }, at),
    browser: browserName(userAgent) ?? '–',
    place: place ? `${placeInWords(place, language)} (${ip})` : ip,
  };
  const device = visit.device?.cookieHash;
  return tellOfNewDevice(base, tx, { customer: customer.id, subject, signIn, words, device, asked: askedBy(visit) });
}
