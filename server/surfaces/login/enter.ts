import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import {
  type AtDoor,
  completeCodeSignUp,
  completePhoneSignUp,
  completeSignUp,
  recordProof,
  tellOfLink,
} from '../../features/accounts/accounts.ts';
import { queueActions } from '../../features/actions/actions.ts';
import { buttonOf, connectionByName } from '../../features/connections/connections.ts';
import { addIdentity, createCustomer, learn as learnFacts } from '../../features/customers/customers.ts';
import { endSessions } from '../oidc/oidc.ts';
import type { Found } from './found.ts';
import type { Learned } from './learn.ts';
import { addressOf, type Newcomer } from './newcomer.ts';
import { askedBy, pagesOf, type Visit } from './visit.ts';

/** Who came in, and what that was: the first sign-in of a new customer, of an identity that joined one, or neither. */
export type Entered = AtDoor & { readonly event: 'signed_up' | 'linked' | undefined };

/** Inside the recording transaction: the customer is made, joined by the newcomer, or only learned of. */
export async function enter(base: Base, tx: Db, visit: Visit, found: Found, learned: Learned): Promise<Entered> {
  if (found.kind === 'known') {
    if (learned.facts.length > 0) await learnFacts(tx, found.subject, learned.facts);
    const { customer, subject } = found;
    const saysNothingNew = customer.email_verified && customer.email === learned.proof?.address;
    const door = saysNothingNew ? found : await proveAddress(tx, visit, found, learned, [subject]);
    return { ...door, event: undefined };
  }
  const joins = found.kind === 'joins' ? found.customer : undefined;
  const { isNew, ...door } = await admit(base, tx, visit, found.newcomer, learned, joins?.id);
  // A network's are written with the identity; these are what actions at registration added.
  if (found.newcomer.kind !== 'network' && learned.facts.length > 0) await learnFacts(tx, door.subject, learned.facts);
  const used = found.kind === 'joins' && found.proof ? [door.subject, found.proof.subject] : [door.subject];
  const entered = await proveAddress(tx, visit, door, learned, used);
  if (!isNew) return { ...entered, event: undefined };
  if (!joins) {
    const { ip, userAgent, language, portal } = visit;
    const { subject } = entered;
    const about = { subject, ip, userAgent, language, portal: portal.client_id };
    await queueActions(base, tx, 'post-user-registration', about);
    return { ...entered, event: 'signed_up' };
  }
  const accounts = [joins.email ?? joins.name ?? joins.user_id, await labelOf(base, found.newcomer)] as const;
  await tellOfLink(base, tx, { customer: entered.customer.id, what: 'linked', accounts, asked: askedBy(visit) });
  return { ...entered, event: 'linked' };
}

/** The newcomer becomes an identity: of the customer it joins, or of one of its own. */
async function admit(
  base: Base,
  tx: Db,
  visit: Visit,
  newcomer: Newcomer,
  learned: Learned,
  joins: string | undefined,
): Promise<AtDoor & { isNew: boolean }> {
  if (newcomer.kind === 'network')
    return { ...(await admitFromNetwork(base, tx, visit, newcomer, learned, joins)), isNew: true };
  const act = { joins, endSessions };
  if (newcomer.kind === 'sign_up') {
    const { signUp, way } = newcomer;
    return completeSignUp(tx, { ...act, flow: pagesOf(visit).flow.id, signUp, ...(way !== 'due' && { way }) });
  }
  const { code, flow, connection } = newcomer;
  if (newcomer.kind === 'text') return completePhoneSignUp(tx, { code, flow, connection });
  return completeCodeSignUp(tx, { ...act, code, flow, connection });
}

async function admitFromNetwork(
  base: Base,
  tx: Db,
  visit: Visit,
  { told }: Extract<Newcomer, { kind: 'network' }>,
  { facts, profileData, sealedTokens }: Learned,
  joins: string | undefined,
): Promise<AtDoor> {
  const connection = await connectionByName(base, told.connection);
  const provider = connection?.strategy ?? told.connection;
  const draft = {
    provider,
    connection: told.connection,
    userIdAtProvider: told.answer.userId,
    // As Auth0 has it: an OpenID provider of one's own is no social network.
    isSocial: provider !== 'oidc',
    profileData,
    sealedTokens,
    facts,
    proofs: [],
    at: visit.at,
  };
  return joins === undefined ? createCustomer(tx, draft) : addIdentity(tx, joins, draft);
}

/** The network vouches for an address: the first proof of it drops what was claimed of it before without one. */
async function proveAddress(
  tx: Db,
  _visit: Visit,
  { customer, subject }: AtDoor,
  { proof }: Learned,
  used: readonly string[],
): Promise<AtDoor> {
  if (!proof) return { customer, subject };
  const act = {
    customer: customer.id,
    subject,
    ...proof,
    how: 'provider',
    used,
    endSessions: endSessions,
  } as const;
  return { customer: (await recordProof(tx, act)).customer, subject };
}

async function labelOf(base: Base, newcomer: Newcomer): Promise<string> {
  const address = addressOf(newcomer)?.address;
  if (newcomer.kind !== 'network') return address ?? newcomer.connection;
  const connection = await connectionByName(base, newcomer.told.connection);
  const label = connection ? buttonOf(connection).label : newcomer.told.connection;
  return address ? `${label} (${address})` : label;
}
