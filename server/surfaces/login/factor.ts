import type { UsedPasskey } from '../../../contract/passkeys.ts';
import type { MfaPolicy } from '../../../contract/second-factors.ts';
import type { Base } from '../../base/base.ts';
import {
  checkFactor,
  deviceStanding,
  factorsOf,
  multiFactorAcr,
  policyAt,
  type TypedFactor,
} from '../../features/accounts/accounts.ts';
import type { Customer } from '../../features/customers/customers.ts';
import type { Decided } from '../oidc/oidc.ts';
import { type NewFactor, provenInFlow } from './enrolment.ts';
import type { Found, PageNeeded } from './found.ts';
import { type Held, hold, sealHeld } from './held.ts';
import { secondByPasskey } from './prove-passkey.ts';
import type { Proven } from './proven.ts';
import { challengeable, waitingFlow } from './second-ways.ts';
import { askedBy, type Visit } from './visit.ts';

/** What was sent to pass the second factor. */
export type Second =
  /** A passkey of the customer, instead of a factor. */
  | { readonly by: 'passkey'; readonly used: UsedPasskey }
  | (TypedFactor & { /** Not again on this device, for 30 days. */ readonly remember: boolean })
  /** The factor that was added just now: on the pages of the flow, or (`made`) by the portal's. */
  | { readonly by: 'enrolled'; readonly made?: NewFactor | undefined };

/** The second factor is passed, or none was asked for. */
export type Passed = {
  /** Customer's uuid: whose second factors were looked at; undefined for somebody who was nobody yet. */
  readonly whose: string | undefined;
  /** How the whole sign-in was proven. */
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
  /** It was proven in this very run. */
  readonly anew: boolean;
  /** It was left out because the device is remembered. */
  readonly remembered: boolean;
  /** May this visit make the device one that the customer is known to use? */
  readonly vouches: boolean;
  /** The customer wants this device to be remembered. */
  readonly remember: boolean;
  /** To be written with the sign-in. */
  readonly enrolled?: NewFactor | undefined;
};

/** A page for the second factor is needed; `held` is how far the sign-in has come. */
export type FactorNeeded = PageNeeded & { readonly held: Held };

/**
 * Step 6: a second factor, when policy, portal (`acr_values`), a rule or the customer's own choice asks for one. What was typed
 * is checked here and nowhere else, in the run that also records the sign-in: there is no state that says "passed".
 *
 * @throws Problem `code_wrong`, `code_expired`, `passkey_refused`, `passkey_expired`, `too_many_attempts`, `busy`
 */
export async function factor(
  base: Base,
  visit: Visit,
  { proven, found, decided }: { proven: Proven; found: Found; decided: Decided },
  second?: Second,
): Promise<Passed | FactorNeeded> {
  const customer = found.kind === 'new' ? undefined : found.customer;
  const asked = await whatIsAsked(base, visit, proven, customer, decided);
  const amr = [...proven.amr];
  const whose = customer?.id;
  if (asked !== 'factor') {
    const said = { remembered: asked === 'remembered', vouches: asked !== 'left_out' };
    return { whose, anew: false, remember: false, amr, acr: proven.acr ?? acrOf(amr), ...said };
  }
  const has = customer !== undefined && (await challengeable(base, customer.id, proven.amr)).length > 0;
  const passed = second && (await pass(base, visit, { customer, has, amr }, second));
  if (passed) {
    const all = [...new Set([...amr, ...passed.amr])];
    return { ...passed, whose, amr: all, acr: acrOf(all), anew: true, remembered: false, vouches: true };
  }
  const held = hold(proven, found, decided);
  const { page } = visit;
  const sealed = page && { nonce: held.nonce, sealed: sealHeld(base, page.flow.id, held) };
  const ruled = customer && { ruled: { customer: customer.id, decided } };
  const remember = sealed ? { held: sealed, sent: undefined, enrolment: undefined } : { ...ruled };
  return { page: has ? 'factor' : 'enrol', remember, held };
}

async function pass(
  base: Base,
  visit: Visit,
  { customer, has, amr }: { customer: Customer | undefined; has: boolean; amr: readonly string[] },
  second: Second,
): Promise<Pick<Passed, 'amr' | 'remember' | 'enrolled'> | undefined> {
  if (second.by === 'enrolled') {
    // Who has a factor proves that one: another cannot be added instead.
    const enrolled = has ? undefined : (second.made ?? provenInFlow(base, visit));
    return enrolled && { amr: enrolled.amr, remember: false, enrolled };
  }
  if (!customer) return undefined;
  if (second.by === 'passkey') {
    return { amr: await secondByPasskey(base, visit, { customer: customer.id, amr }, second.used), remember: false };
  }
  const { remember, ...typed } = second;
  const check = { customer: customer.id, flow: waitingFlow(visit), typed, asked: askedBy(visit) };
  return { amr: (await checkFactor(base, check)).amr, remember };
}

/**
 * Is a second factor asked for now? `remembered`: it would be, but this device is remembered. `left_out`: it would be,
 * but there is a session that was begun before.
 */
async function whatIsAsked(
  base: Base,
  visit: Visit,
  { amr, anew, isMultiFactor, hasFactor }: Proven,
  customer: Customer | undefined,
  { multifactor }: Decided,
): Promise<'nothing' | 'left_out' | 'remembered' | 'factor'> {
  if (isMultiFactor || amr.includes('mfa')) return 'nothing';
  if (visit.acrValues.includes(multiFactorAcr)) return 'factor';
  if (multifactor) {
    const isRemembered = multifactor.remembers && (await standingOf(base, visit, customer)).remembered;
    return isRemembered ? 'remembered' : 'factor';
  }
  const policy = await policyAt(base, { portal: visit.portal.settings.mfa, brand: visit.brand.mfa });
  const factors = customer && hasFactor !== false ? await factorsOf(base.db, customer.id) : [];
  const own = factors.filter(({ kind }) => kind !== 'recovery_codes');
  if (policy === 'never' && own.length === 0) return 'nothing';
  if (policy !== 'always' && !anew) return 'left_out';
  const standing = await standingOf(base, visit, customer);
  if (standing.remembered) return 'remembered';
  if (policy === 'always') return 'factor';
  // Only a sign-in since the first factor was added says that the device is theirs: it had to pass one.
  const since = own[0]?.createdAt;
  return standing.lastSeen && (!since || standing.lastSeen >= since) ? 'nothing' : 'factor';
}

async function standingOf({ db }: Base, { device }: Visit, customer: Customer | undefined) {
  if (!device || !customer) return { lastSeen: null, remembered: false };
  return deviceStanding(db, customer.id, device.cookieHash);
}

function acrOf(amr: readonly string[]): string | undefined {
  return amr.includes('mfa') ? multiFactorAcr : undefined;
}

/** Does a refresh need a second factor that its sign-in did not have? Where every sign-in must have one, or a rule says. */
export async function lacksFactor(
  base: Base,
  visit: Visit,
  signIn: { amr: readonly string[]; remembered?: boolean | undefined },
  { multifactor }: Decided,
): Promise<boolean> {
  if (multifactor && !signIn.amr.includes('mfa') && !(multifactor.remembers && signIn.remembered)) return true;
  const policy: MfaPolicy = await policyAt(base, { portal: visit.portal.settings.mfa, brand: visit.brand.mfa });
  return policy === 'always' && !signIn.amr.includes('mfa') && !signIn.remembered;
}
