import { type DateReader, dayInWords, momentInWords } from '../../base/date-words.ts';
import type { AccountVisit } from './account-visit.ts';

type Reader = Pick<AccountVisit, 'language' | 'owner'>;

/** A day as the customer reads it: "3 March 2026". */
export function dayIn(reader: Reader, at: Date): string {
  return dayInWords(ofReader(reader), at);
}

/** A moment in the customer's own time zone, where it is known: "3 March 2026, 14:05". */
export function momentIn(reader: Reader, at: Date): string {
  return momentInWords(ofReader(reader), at);
}

function ofReader({ language, owner }: Reader): DateReader {
  return { language, zone: owner.customer.attributes.zoneinfo };
}
