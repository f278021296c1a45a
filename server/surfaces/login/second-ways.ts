import type { Base } from '../../base/base.ts';
import { textChannels } from '../../base/text-provider.ts';
import {
  detailOf,
  type Factor,
  type FactorKind,
  factorsOf,
  type PhoneChannel,
} from '../../features/accounts/accounts.ts';
import { proofsOf } from '../../features/customers/customers.ts';
import type { FlowState } from './flow-state.ts';
import type { Visit } from './visit.ts';

/** Our kinds in Auth0's words. */
export const factorNames = {
  totp: 'otp',
  phone: 'phone',
  email: 'email',
  recovery_codes: 'recovery-code',
} as const satisfies Record<FactorKind, string>;

/**
 * The factors that somebody who came in this way can be asked for. Whoever came by a code has shown that the mailbox or
 * the phone is theirs: a second code to it would prove nothing more. Where it may have been another one, it does.
 *
 * @param kinds those that code asks for, recovery codes among them if it names them; left out: all but these
 */
export async function challengeable(
  base: Pick<Base, 'db'>,
  customer: string,
  amr: readonly string[],
  kinds?: readonly FactorKind[],
): Promise<Factor[]> {
  const all = await factorsOf(base.db, customer);
  const own = await provesMore(
    base,
    customer,
    amr,
    all.filter(({ kind }) => kind !== 'recovery_codes'),
  );
  if (!kinds) return own;
  const codes = all.filter((one) => one.kind === 'recovery_codes' && one.left > 0);
  return [...own, ...codes].filter(({ kind }) => kinds.includes(kind));
}

async function provesMore(
  { db }: Pick<Base, 'db'>,
  customer: string,
  amr: readonly string[],
  factors: Factor[],
): Promise<Factor[]> {
  const came = cameByText(amr) ? 'phone' : cameByMail(amr) ? 'email' : undefined;
  if (!factors.some(({ kind }) => kind === came)) return factors;
  const shown = new Set((await proofsOf(db, customer)).flatMap(({ kind, address }) => (kind === came ? address : [])));
  if (shown.size > 1) return factors;
  return factors.filter((one) => {
    if (one.kind === 'email') return came !== 'email' || !shown.has(one.address);
    return one.kind !== 'phone' || came !== 'phone' || !shown.has(one.phone);
  });
}

/** May this number be added as a second factor by somebody who came in this way? Not the one that they came in by. */
export async function isAnotherPhone(
  { db }: Base,
  customer: string,
  amr: readonly string[],
  phone: string,
): Promise<boolean> {
  if (!cameByText(amr)) return true;
  return !(await proofsOf(db, customer)).some(({ kind, address }) => kind === 'phone' && address === phone);
}

/** Proven addresses that could be added as a second factor by somebody who came in this way. */
export async function enrollable({ db }: Base, customer: string, amr: readonly string[]): Promise<string[]> {
  if (cameByMail(amr)) return [];
  const proofs = await proofsOf(db, customer);
  return [...new Set(proofs.filter(({ kind }) => kind === 'email').map(({ address }) => address))];
}

/** A code that can be sent: how, to which factor, and the masked address. */
export type Sending = {
  readonly by: 'email' | PhoneChannel;
  readonly factor: string;
  readonly to: string | undefined;
};

/** The codes that can be sent to these factors: a phone gets one by each channel that somebody carries here. */
export async function sendingsTo(base: Base, factors: readonly Factor[]): Promise<Sending[]> {
  const channels = await textChannels(base);
  return factors.flatMap((factor): Sending[] => {
    const [id, to] = [factor.id, detailOf(factor)];
    if (factor.kind === 'email') return [{ by: 'email', factor: id, to }];
    return factor.kind === 'phone' ? channels.map((by) => ({ by, factor: id, to })) : [];
  });
}

/** What codes and drafts of the second step are bound to: this flow and this waiting in it, or the `mfa_token`. */
export function waitingFlow({ page, waiting }: Pick<Visit, 'page' | 'waiting'>, nonce?: string): string {
  if (waiting) return waiting.flow;
  if (!page) return `no page ${nonce ?? ''}`;
  return `${page.flow.id} ${nonce ?? nonceOf(page.state, page.flow.session?.uid)}`;
}

/** Names the waiting: of a sign-in that is held, or of the session that is stepped up. */
export function nonceOf({ held }: Pick<FlowState, 'held'>, sessionUid: string | undefined): string {
  return held?.nonce ?? `session ${sessionUid ?? ''}`;
}

// The first step stands first.
function cameByText(amr: readonly string[]): boolean {
  return amr[0] === 'sms';
}

/** By a mailed code or link: an app's code as second factor has the same name (RFC 8176). */
export function cameByMail(amr: readonly string[]): boolean {
  return amr[0] === 'otp' || (amr.includes('otp') && !amr.includes('mfa'));
}
