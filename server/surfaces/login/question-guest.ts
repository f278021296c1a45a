import { deviceKind } from '../../../contract/browser-names.ts';
import type { Base } from '../../base/base.ts';
import { hourIn } from '../../base/date-words.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import { currentConsents } from '../../features/consents/consents.ts';
import { type Customer, identitiesOf, type SignInContext, visitsOf } from '../../features/customers/customers.ts';
import { tagsOf } from '../../features/notes/notes.ts';
import type { Guest } from '../../features/questions/questions.ts';
import type { Coming } from './visit.ts';

/** How a customer comes, as conditions see it. */
export function signInContext(base: Base, visit: Coming, connection: string, customer?: Customer): SignInContext {
  const { portal, brand, language, ip, userAgent, at } = visit;
  const place = base.geo.detailsOf(ip);
  const zone = customer?.attributes.zoneinfo;
  return {
    portal: portal.client_id,
    brand: brand.slug,
    connection,
    country: place?.country ?? null,
    language,
    device: deviceKind(userAgent),
    hour: hourIn(typeof zone === 'string' ? zone : place?.timeZone, at),
  };
}

/**
 * Who could be asked at this sign-in.
 *
 * @param number of the sign-in, itself included
 */
export function guestOf(
  base: Base,
  visit: Coming,
  customer: Customer,
  connection: string,
  number: number,
  place: Guest['place'] = 'page',
): Guest {
  return {
    place,
    customer,
    signIn: signInContext(base, visit, connection, customer),
    number,
    brand: visit.brand.id,
    at: visit.at,
    ...setsOf(base, customer.id),
  };
}

/**
 * What conditions can look at and the customer's row does not hold, read when it is asked for. Conditions name brands by
 * their slugs, here as where a condition is SQL.
 */
export function setsOf(base: Pick<Base, 'db' | 'settings'>, customer: string): Pick<Guest, 'sets' | 'consented'> {
  const { db } = base;
  const said = once(() => currentConsents(db, customer));
  const slugOf = async (brand: string) => (await cachedBrand(base, brand))?.slug ?? brand;
  return {
    consented: said,
    async sets(attribute) {
      switch (attribute) {
        case 'tag':
          return (await tagsOf(db, customer)).map(({ tag }) => tag);
        case 'brand':
          return Promise.all((await visitsOf(db, customer)).map(({ brand }) => slugOf(brand)));
        case 'connection':
          return (await identitiesOf(db, customer)).map((identity) => identity.connection);
        case 'consent':
          return Promise.all(
            (await said())
              .filter(({ state, topic }) => state === 'given' && topic === null)
              .map(async ({ brand, purpose }) => (brand === null ? purpose : `${await slugOf(brand)}:${purpose}`)),
          );
        default:
          return [];
      }
    },
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
