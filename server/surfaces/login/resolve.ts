import type { Base } from '../../base/base.ts';
import { randomId } from '../../base/ids.ts';
import { type Customer, customersByEmail, proofsOf, provenOwners } from '../../features/customers/customers.ts';
import type { Choice } from './flow-state.ts';
import type { Found, PageNeeded } from './found.ts';
import { addressOf, type Newcomer, sealNewcomer } from './newcomer.ts';
import { askForWay, isWayDue } from './prove-first-way.ts';
import type { Proven } from './proven.ts';
import { pagesOf, type Visit } from './visit.ts';

/**
 * Step 2: which customer that is: known, a safe link, a conflict to be settled, or new. Linking comes before anything
 * that belongs to a registration.
 */
export async function resolve(base: Base, visit: Visit, proven: Proven): Promise<Found | PageNeeded> {
  const found = await find(base, visit, proven);
  return 'page' in found || !isWayDue(found) ? found : askForWay(base, visit, found.newcomer, proven);
}

async function find(base: Base, visit: Visit, { who, amr, welcome }: Proven): Promise<Found | PageNeeded> {
  if (who.kind === 'several') {
    const owners = who.owners.map(({ customer, subject }) => ({ customer: customer.id, subject, era: customer.era }));
    const choice = { address: who.address, owners, apart: pagesOf(visit).state.conflict !== undefined, amr: [...amr] };
    return { page: 'choose', remember: { choice, mailed: undefined } };
  }
  if (who.kind === 'known') return welcome ? who : { page: 'continue', remember: {} };
  if (who.kind === 'found') return who.found;
  const { newcomer, settled } = who;
  if (settled === 'apart') return { kind: 'new', newcomer };
  if (settled) return { kind: 'joins', newcomer, customer: settled.customer, proof: settled };
  return match(base, visit, newcomer, amr);
}

/** An identity links by itself only if this very address is proven on both sides and nobody else has proven it. */
async function match(
  base: Base,
  visit: Visit,
  newcomer: Newcomer,
  amr: readonly string[],
): Promise<Found | PageNeeded> {
  const told = addressOf(newcomer);
  if (!told) return { kind: 'new', newcomer };
  const { address, isProven } = told;
  const owners = await provenOwners(base.db, 'email', address);
  const [owner, another] = owners;
  if (isProven && owner && !another) return { kind: 'joins', newcomer, customer: owner };
  const claimants = await customersByEmail(base.db, address);
  const candidates = [...new Set([...owners, ...claimants].map(({ id }) => id))];
  if (candidates.length === 0) return { kind: 'new', newcomer };
  const { flow } = pagesOf(visit);
  const sealed = sealNewcomer(base.vault, flow.id, newcomer);
  const conflict = { newcomer: sealed, address, candidates, nonce: randomId(), amr: [...amr] };
  if (owners.length > 0 && newcomer.kind !== 'network') {
    // The address was proven here by a mailed code: whose it is, is theirs to choose.
    const choice = { address, owners: await doorsOf(base, address, owners), apart: true, amr: [] };
    return { page: 'choose', remember: { conflict, mailed: undefined, choice } };
  }
  return { page: 'conflict', remember: { conflict, mailed: undefined, choice: undefined } };
}

/** As which of their subjects these customers have proven the address. */
function doorsOf({ db }: Base, address: string, owners: readonly Customer[]): Promise<Choice['owners']> {
  return Promise.all(
    owners.map(async ({ id, era }) => {
      const proof = (await proofsOf(db, id)).find((one) => one.kind === 'email' && one.address === address);
      if (!proof) throw new Error(`Customer ${id} has lost the proof of an address.`);
      return { customer: id, subject: proof.subject, era };
    }),
  );
}
