import type { Base } from '../../base/base.ts';
import type { Json } from '../../base/json.ts';
import type { Answer } from '../../features/consents/consents.ts';
import type { Customer } from '../../features/customers/customers.ts';
import {
  type Answers,
  type Asking,
  askingOf,
  atSignIn,
  keepAnswer,
  notForMe,
  putOff,
} from '../../features/questions/questions.ts';
import type { Demanded } from './proven.ts';
import { type Consents, consentsOf, writeConsents } from './question-consents.ts';
import type { Visit } from './visit.ts';

/**
 * Inside the recording transaction: what was said to a question of an action. Not before, since a second factor may be
 * asked for behind it: who has not passed that one yet says nothing of the customer that stays.
 */
export async function keepDemanded(
  base: Base,
  visit: Visit,
  { ask, said, consents: given = [] }: Demanded,
  to: { readonly customer: Customer; readonly subject: string; readonly signIn: string },
): Promise<void> {
  const { customer, signIn } = to;
  const { db } = base;
  const asking = await askingOf(db, customer.id, ask);
  if (!asking) return; // of another account, which an action has left
  const { subject } = asking.ask;
  if (subject === to.subject) await atSignIn(db, subject, ask, signIn);
  if (!said) {
    await putOff(db, customer.id, ask, 'not_now', visit.at);
    return;
  }
  const consents = await consentsOf(base, visit.brand.id, { fields: asking.fields, customer });
  const answers = given.filter((one) => isInForce(one, consents));
  await keepAnswer(db, asking, {
    customer: customer.id,
    subject,
    said: byField(asking, said),
    consents: () => writeConsents(base, visit, { customer, subject, consents, answers }),
    at: visit.at,
  });
}

/** Was this asked, in these words? */
export function isInForce({ consent, version }: Answer, consents: Consents): boolean {
  return [...consents.values()].flat().some((entry) => entry.id === consent && entry.version === version);
}

function byField({ fields }: Asking, said: Said): Answers['said'] {
  return new Map(
    fields.flatMap((field) => {
      const answer = ownOf(said, field.key);
      return 'path' in field && answer ? [[field, answer] as const] : [];
    }),
  );
}

/** What was answered, as an action is told: values by the key of the field, of consents what was said yes to. */
export function answersForCode(
  { fields }: Pick<Asking, 'fields'>,
  said: Said,
  consents: Consents,
  given: readonly Answer[],
): Record<string, Json> {
  return Object.fromEntries(
    fields.flatMap((field): [string, Json][] => {
      const answer = ownOf(said, field.key);
      if ('path' in field) {
        if (!answer || 'withdrawn' in answer) return [];
        return [[field.key, 'value' in answer ? answer.value : { ...notForMe }]];
      }
      const entries = consents.get(field.key) ?? [];
      const yes = entries.filter(({ id }) => given.some((one) => one.consent === id && one.given));
      const isAsked = entries.length > 0;
      if (field.type === 'consent') return isAsked ? [[field.key, yes.length > 0]] : [];
      return isAsked ? [[field.key, yes.flatMap(({ topic }) => topic ?? [])]] : [];
    }),
  );
}

type Said = NonNullable<Demanded['said']>;

/** A field may be called `constructor`. */
function ownOf(said: Said, key: string): Said[string] | undefined {
  return Object.hasOwn(said, key) ? said[key] : undefined;
}
