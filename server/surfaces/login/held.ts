import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import type { AtDoor } from '../../features/accounts/accounts.ts';
import { type Customer, findById, findBySubject } from '../../features/customers/customers.ts';
import type { Decided } from '../oidc/oidc.ts';
import type { FlowState } from './flow-state.ts';
import type { Found } from './found.ts';
import type { Newcomer } from './newcomer.ts';
import type { Proven } from './proven.ts';

/**
 * A sign-in whose first steps are done and that waits for its second factor: what was proven and found, so that nothing
 * is asked twice. Of customers only their ids: whether they may still come in is looked at again, and by their era
 * whether everything was ended meanwhile.
 */
export type Held = {
  /** Names this waiting: what is begun or sent for another is worth nothing here. */
  readonly nonce: string;
  readonly proven: Pick<
    Proven,
    | 'amr'
    | 'acr'
    | 'connection'
    | 'told'
    | 'methodId'
    | 'counter'
    | 'isMultiFactor'
    | 'anew'
    | 'keeps'
    | 'executions'
    | 'demanded'
  >;
  readonly found:
    | ({ readonly kind: 'known' } & Ids)
    | {
        readonly kind: 'joins';
        readonly newcomer: Newcomer;
        readonly customer: string;
        readonly era: number;
        readonly proof?: Ids;
      }
    | { readonly kind: 'new'; readonly newcomer: Newcomer };
  /** None: it is held before rules decide. */
  readonly decided: Decided | undefined;
};
type Ids = { readonly customer: string; readonly subject: string; readonly era: number };

/** What a flow does not go on with once its sign-in is held. */
export const forgotten = {
  mailed: undefined,
  conflict: undefined,
  choice: undefined,
  leaving: undefined,
  held: undefined,
  away: undefined,
  demanded: undefined,
} as const satisfies Partial<FlowState>;

/** Writes down how far a sign-in has come. */
export function hold(proven: Held['proven'], found: Found, decided?: Decided): Held {
  const { amr, acr, connection, told, methodId, counter, isMultiFactor, anew, keeps, executions, demanded } = proven;
  return {
    nonce: randomId(),
    proven: { amr, acr, connection, told, methodId, counter, isMultiFactor, anew, keeps, executions, demanded },
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

/**
 * Goes on from there.
 *
 * @throws Problem `flow_expired` when somebody of it is gone, or is somebody else's by now, or everything of theirs has
 *   been ended meanwhile
 */
export async function takeUp(base: Pick<Base, 'db'>, { proven, found, decided }: Held): Promise<Proven> {
  return { ...proven, welcome: true, decided, who: { kind: 'found', found: await fromIds(base, found) } };
}

function toIds(found: Found): Held['found'] {
  switch (found.kind) {
    case 'known':
      return { kind: 'known', ...idsOf(found) };
    case 'joins': {
      const { kind, newcomer, customer, proof } = found;
      return { kind, newcomer, customer: customer.id, era: customer.era, ...(proof && { proof: idsOf(proof) }) };
    }
    case 'new':
      return found;
  }
}

function idsOf({ customer, subject }: AtDoor): Ids {
  return { customer: customer.id, subject, era: customer.era };
}

async function fromIds(base: Pick<Base, 'db'>, found: Held['found']): Promise<Found> {
  switch (found.kind) {
    case 'known':
      return { kind: 'known', ...(await atDoor(base, found)) };
    case 'joins': {
      const { kind, newcomer, proof } = found;
      const customer = stillAt(await findById(base.db, found.customer), found.customer, found.era);
      return { kind, newcomer, customer, ...(proof && { proof: await atDoor(base, proof) }) };
    }
    case 'new':
      return found;
  }
}

async function atDoor({ db }: Pick<Base, 'db'>, { customer: id, subject, era }: Ids): Promise<AtDoor> {
  // An identity that was taken off meanwhile opens this account no more.
  return { customer: stillAt(await findBySubject(db, subject), id, era), subject };
}

/** Is it this customer, and has nothing ended what they proved in that era? */
export function isStillAt(customer: Customer | undefined, id: string, era: number): customer is Customer {
  return customer?.id === id && customer.era === era;
}

/** The same, or Problem `flow_expired`. */
export function stillAt(customer: Customer | undefined, id: string, era: number): Customer {
  if (!isStillAt(customer, id, era)) throw new Problem('flow_expired');
  return customer;
}

function contextOf(flowId: string): string {
  return `flows.state held ${flowId}`;
}
