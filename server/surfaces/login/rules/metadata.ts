import { z } from 'zod';
import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import { transact } from '../../../base/db.ts';
import { Problem } from '../../../base/errors.ts';
import { isStorable, type JsonObject, parsedObject, sameJson } from '../../../base/json.ts';
import {
  appendTimeline,
  type Customer,
  changedByCode,
  findByUserId,
  identitiesOf,
  update,
} from '../../../features/customers/customers.ts';

/** `auth0.users.updateUserMetadata` and `updateAppMetadata`: whose, and what is merged into it (null deletes). */
const wish = z.object({
  user_id: z
    .string()
    .max(255)
    .refine((id) => isStorable(id)),
  patch: parsedObject,
});

/**
 * Writes what code of the umbrella says of a customer, each time in a short transaction of its own. Only what changes is
 * a fact, so that code which hands back all it was given says nothing of what others have said, and writes nothing.
 *
 * @param by `only`: the one customer who may be changed (uuid); undefined: anybody
 * @returns the customer as they are now
 * @throws Problem `access_denied`, `invalid_body`, `not_found`
 */
export async function updateMetadata(
  base: Pick<Base, 'db'>,
  place: 'user_metadata' | 'app_metadata',
  argument: unknown,
  { origin, only }: { origin: string; only: string | undefined },
): Promise<Customer> {
  const { user_id, patch } = readWish(argument);
  const customer = await findByUserId(base.db, user_id);
  if (only !== undefined && customer?.id !== only) {
    throw new Problem('access_denied', 'This code may change the customer who signs in, and nobody else.');
  }
  if (!customer) throw new Problem('not_found', 'The user does not exist.');
  const news = changed(customer[place], patch);
  if (Object.keys(news).length === 0) return customer;
  return transact(base.db, async (tx) => {
    const at = now();
    const said = await update(tx, customer.id, { [place]: news }, { source: 'rule', origin, at });
    // A rule does not overrule who was there, but this is an order of the umbrella: what does not hold is its own word.
    const rest = changed(said[place], news);
    const result =
      Object.keys(rest).length === 0
        ? said
        : await update(tx, said.id, { [place]: rest }, { source: 'umbrella', origin, at });
    const paths = Object.keys(news).map((key) => `${place}.${key}`);
    const [first] = await identitiesOf(tx, said.id);
    if (first) await appendTimeline(tx, changedByCode(first.subject, { origin, paths, at }));
    return result;
  });
}

function readWish(argument: unknown): z.infer<typeof wish> {
  const { success, data } = wish.safeParse(argument);
  if (!success) throw new Problem('invalid_body', 'Hand over the id of a user and an object with what to change.');
  return data;
}

function changed(current: JsonObject, patch: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(patch).filter(([key, value]) => {
      const known = Object.hasOwn(current, key) ? current[key] : undefined;
      return known === undefined ? value !== null : !sameJson(known, value);
    }),
  );
}
