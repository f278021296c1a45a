import type { Base } from '../../../base/base.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Rendered } from '../../../features/actions/actions.ts';
import { identitiesOf } from '../../../features/customers/customers.ts';
import { chooseForCode, startAsking } from '../../../features/questions/questions.ts';
import type { DemandedAsk } from '../flow-state.ts';
import type { Found, PageNeeded } from '../found.ts';
import { forgotten, type Held, hold } from '../held.ts';
import type { Proven, Resume } from '../proven.ts';
import { guestOf } from '../question-guest.ts';
import { hasBrowser } from './actions.ts';
import type { Occasion } from './occasion.ts';

// `api.prompt.render`: a question of the umbrella's in the middle of a sign-in.

/** What a flow keeps of it. */
export type Demand = { readonly held: Held; readonly resume: Resume; readonly rendered: Omit<Rendered, 'form'> };

export const demandedPage = 'ask';

/**
 * Asks what an action wants to have asked, and holds the sign-in until it is answered.
 *
 * @returns undefined where nothing is to be asked: the action goes on as if it had been skipped
 */
export async function demandQuestion(
  base: Base,
  occasion: Occasion,
  { form, ...rendered }: Rendered,
  held: { readonly proven: Proven; readonly found: Found; readonly resume: Resume },
): Promise<PageNeeded | undefined> {
  const { visit, customer, connection, logins } = occasion;
  // One page with a question at a sign-in, whoever asks.
  if (held.proven.demanded) return undefined;
  const guest = guestOf(base, visit, customer, connection, logins);
  const chosen = await chooseForCode(base, form, guest);
  if (!chosen) return undefined;
  if (!hasBrowser(occasion)) return { page: demandedPage, remember: {} };
  const subject = occasion.subject ?? (await identitiesOf(base.db, customer.id))[0]?.subject;
  if (subject === undefined) return undefined;
  const ask = await startAsking(base.db, chosen, {
    subject,
    place: 'page',
    brand: visit.brand.id,
    portal: visit.portal.client_id,
    // It is not recorded yet.
    signIn: null,
    signInNumber: logins,
    device: guest.signIn.device,
    country: guest.signIn.country,
    language: visit.language,
    hour: guest.signIn.hour,
    demanded: true,
    at: guest.at,
  });
  const kept = hold(held.proven, held.found);
  const demand: Demand = { held: kept, resume: held.resume, rendered };
  const sealed = base.vault.encrypt(JSON.stringify(demand), contextOf(kept.nonce));
  return { page: demandedPage, remember: { ...forgotten, demanded: { nonce: kept.nonce, ask, sealed } } };
}

/** How far the sign-in had come, and what the action said with its question. */
export function openDemand({ vault }: Pick<Base, 'vault'>, { nonce, sealed }: DemandedAsk): Demand {
  return JSON.parse(vault.decrypt(sealed, contextOf(nonce)));
}

/**
 * `event.prompt`: what was answered, over what the action gave that is no field of the question; as at Auth0, hidden
 * fields are among the fields.
 *
 * @param asked keys of the fields that were shown
 */
export function promptOf(
  { id, fields, vars }: Demand['rendered'],
  answers: JsonObject = {},
  asked: readonly string[] = [],
): JsonObject {
  const hidden = Object.entries(fields).filter(([key]) => !asked.includes(key));
  return { id, fields: { ...Object.fromEntries(hidden), ...answers }, vars };
}

function contextOf(nonce: string): string {
  return `flows.state demanded ${nonce}`;
}
