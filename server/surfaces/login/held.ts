import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import type { AtDoor } from '../../features/accounts/accounts.ts';
import { type Customer, findById, findBySubject } from '../../features/customers/customers.ts';
import type { Decided } from '../oidc/oidc.ts';
import type { Found } from './found.ts';
import type { Newcomer } from './newcomer.ts';
import type { Proven } from './proven.ts';

/**
 * A sign-in whose first steps are done and that waits for its second factor: what was proven and found, so that nothing
 * is asked twice. Of customers only their ids: whether they may still come in is looked at again.
 */
export type Held = {
  /** Names this waiting: what is begun or sent for another is worth nothing here. */
  readonly nonce: string;
  readonly proven: Pick<
    Proven,
    'amr' | 'acr' | 'connection' | 'told' | 'methodId' | 'counter' | 'isMultiFactor' | 'anew' | 'keeps'
  >;
  readonly found:
    | ({ readonly kind: 'known' } & Ids)
    | { readonly kind: 'joins'; readonly newcomer: Newcomer; readonly customer: string; readonly proof?: Ids }
    | { readonly kind: 'new'; readonly newcomer: Newcomer };
  /** None: it is held before rules decide. */
  readonly decided: Decided | undefined;
};
type Ids = { readonly customer: string; readonly subject: string };

/** Writes down how far a sign-in has come. */
export function hold(proven: Held['proven'], found: Found, decided?: Decided): Held {
  const { amr, acr, connection, told, methodId, counter, isMultiFactor, anew, keeps } = proven;
  return {
    nonce: randomId(),
    proven: { amr, acr, connection, told, methodId, counter, isMultiFactor, anew, keeps },
    found: toIds(found),
    decided,
  };
}

/** As it may be kept in the flow's row: it holds what a network told and its tokens. */
export function sealHeld({ vault }: Pick<Base, 'vault'>, flowId: string, held: Held): string {
  return vault.encrypt(JSON.stringify(held), contextOf(flowId));
}

/** Throws when it is another flow's. */
export function openHeld({ vault }: Pick<Base, 'vault'>, flowId: string, sealed: string): Held {
  return JSON.parse(vault.decrypt(sealed, contextOf(flowId)));
}

/** Goes on from there. Throws Problem `flow_expired` when somebody of it is gone, or is somebody else's by now. */
export async function takeUp(base: Pick<Base, 'db'>, { proven, found, decided }: Held): Promise<Proven> {
  return { ...proven, welcome: true, decided, who: { kind: 'found', found: await fromIds(base, found) } };
}

function toIds(found: Found): Held['found'] {
  switch (found.kind) {
    case 'known':
      return { kind: 'known', customer: found.customer.id, subject: found.subject };
    case 'joins': {
      const { kind, newcomer, customer, proof } = found;
      const ids = proof && { customer: proof.customer.id, subject: proof.subject };
      return { kind, newcomer, customer: customer.id, ...(ids && { proof: ids }) };
    }
    case 'new':
      return found;
  }
}

async function fromIds(base: Pick<Base, 'db'>, found: Held['found']): Promise<Found> {
  switch (found.kind) {
    case 'known':
      return { kind: 'known', ...(await atDoor(base, found)) };
    case 'joins': {
      const { kind, newcomer, proof } = found;
      const customer = still(await findById(base.db, found.customer), found.customer);
      return { kind, newcomer, customer, ...(proof && { proof: await atDoor(base, proof) }) };
    }
    case 'new':
      return found;
  }
}

async function atDoor({ db }: Pick<Base, 'db'>, { customer: id, subject }: Ids): Promise<AtDoor> {
  // An identity that was taken off meanwhile opens this account no more.
  return { customer: still(await findBySubject(db, subject), id), subject };
}

function still(customer: Customer | undefined, id: string): Customer {
  if (customer?.id !== id) throw new Problem('flow_expired');
  return customer;
}

function contextOf(flowId: string): string {
  return `flows.state held ${flowId}`;
}
