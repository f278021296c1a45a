import type { UsedPasskey } from '../../../contract/passkeys.ts';
import type { MfaPolicy } from '../../../contract/second-factors.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import {
  checkFactor,
  deviceStanding,
  type FactorKind,
  factorsOf,
  multiFactorAcr,
  policyAt,
  type TypedFactor,
} from '../../features/accounts/accounts.ts';
import type { Customer } from '../../features/customers/customers.ts';
import type { AskedFactor, Decided, SignIn } from '../oidc/oidc.ts';
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
  /** The second factor among that, if there is one. */
  readonly factor?: FactorKind | undefined;
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
 * Where code asks for certain kinds, only these are asked for, and no other passes.
 *
 * @throws Problem `code_wrong`, `code_expired`, `passkey_refused`, `passkey_expired`, `too_many_attempts`, `busy`;
 *   `flow_expired` when the customer has by now no factor that code asks for, or one instead of none
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
    const { factor: before } = proven;
    return { whose, anew: false, remember: false, amr, acr: proven.acr ?? acrOf(amr), factor: before, ...said };
  }
  const wanted = decided.multifactor;
  const has = customer !== undefined && (await challengeable(base, customer.id, amr, wanted?.kinds)).length > 0;
  if (wanted?.kinds && !has) await mustBeAdded(base, customer, amr, wanted);
  const passed = second && (await pass(base, visit, { customer, has, amr }, second, wanted));
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
  wanted: AskedFactor | undefined,
): Promise<Pick<Passed, 'amr' | 'factor' | 'remember' | 'enrolled'> | undefined> {
  if (second.by === 'enrolled') {
    // Who has a factor proves that one: another cannot be added instead.
    const enrolled = has ? undefined : (second.made ?? provenInFlow(base, visit));
    if (!enrolled || !isWanted(wanted, enrolled.proven.kind)) return undefined;
    return { amr: enrolled.amr, factor: enrolled.proven.kind, remember: false, enrolled };
  }
  if (!customer) return undefined;
  if (second.by === 'passkey') {
    // Code that asks for certain kinds does not know it as one.
    if (wanted?.kinds) throw new Problem('passkey_refused');
    return { amr: await secondByPasskey(base, visit, { customer: customer.id, amr }, second.used), remember: false };
  }
  const { remember, ...typed } = second;
  // What it would be is known before for all but a code that was sent.
  const would = { totp: 'totp', recovery_code: 'recovery_codes', code: undefined } as const;
  const kind = would[typed.by];
  if (kind && !isWanted(wanted, kind)) throw new Problem('code_wrong');
  const check = { customer: customer.id, flow: waitingFlow(visit), typed, asked: askedBy(visit) };
  const passed = await checkFactor(base, check);
  if (!isWanted(wanted, passed.kind)) throw new Problem('code_wrong');
  return { amr: passed.amr, factor: passed.kind, remember };
}

/**
 * Somebody has none of the kinds that code asks for: they add one if they have none at all and code wants that.
 *
 * @throws Problem `flow_expired` when things have changed since code was told of them: the sign-in begins anew
 */
async function mustBeAdded(
  base: Base,
  customer: Customer | undefined,
  amr: readonly string[],
  { adds }: AskedFactor,
): Promise<void> {
  const hasOther = customer !== undefined && (await challengeable(base, customer.id, amr)).length > 0;
  if (!adds || hasOther) throw new Problem('flow_expired');
}

/** Does a factor of this kind do? */
export function isWanted(wanted: AskedFactor | undefined, kind: FactorKind): boolean {
  return !wanted?.kinds || wanted.kinds.includes(kind);
}

/**
 * Is a second factor asked for now? `remembered`: it would be, but this device is remembered. `left_out`: it would be,
 * but there is a session that was begun before.
 */
async function whatIsAsked(
  base: Base,
  visit: Visit,
  { amr, anew, isMultiFactor, hasFactor, factor: passed }: Proven,
  customer: Customer | undefined,
  { multifactor }: Decided,
): Promise<'nothing' | 'left_out' | 'remembered' | 'factor'> {
  // Of certain kinds one must have been passed: a passkey, or a factor of another kind, does not do.
  if (multifactor?.kinds) return passed !== undefined && isWanted(multifactor, passed) ? 'nothing' : 'factor';
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
  signIn: Pick<SignIn, 'amr' | 'remembered' | 'factor'>,
  { multifactor }: Decided,
): Promise<boolean> {
  if (multifactor?.kinds && !(signIn.factor && isWanted(multifactor, signIn.factor))) return true;
  if (multifactor && !signIn.amr.includes('mfa') && !(multifactor.remembers && signIn.remembered)) return true;
  const policy: MfaPolicy = await policyAt(base, { portal: visit.portal.settings.mfa, brand: visit.brand.mfa });
  return policy === 'always' && !signIn.amr.includes('mfa') && !signIn.remembered;
}
