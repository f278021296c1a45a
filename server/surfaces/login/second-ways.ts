import type { Base } from '../../base/base.ts';
import { type Factor, factorsOf } from '../../features/accounts/accounts.ts';
import { proofsOf } from '../../features/customers/customers.ts';
import type { FlowState } from './flow-state.ts';
import type { Visit } from './visit.ts';

/**
 * The factors that somebody who came in this way can be asked for. Whoever came by a mailed code has shown that the
 * mailbox is theirs: a second code to it would prove nothing more. Where it may have been another mailbox, it does.
 */
export async function challengeable({ db }: Base, customer: string, amr: readonly string[]): Promise<Factor[]> {
  const factors = (await factorsOf(db, customer)).filter(({ kind }) => kind !== 'recovery_codes');
  if (!cameByMail(amr) || !factors.some(({ kind }) => kind === 'email')) return factors;
  const mailboxes = new Set(
    (await proofsOf(db, customer)).flatMap(({ kind, address }) => (kind === 'email' ? address : [])),
  );
  return factors.filter((one) => one.kind !== 'email' || mailboxes.size > 1 || !mailboxes.has(one.address));
}

/** Proven addresses that could be added as a second factor by somebody who came in this way. */
export async function enrollable({ db }: Base, customer: string, amr: readonly string[]): Promise<string[]> {
  if (cameByMail(amr)) return [];
  const proofs = await proofsOf(db, customer);
  return [...new Set(proofs.filter(({ kind }) => kind === 'email').map(({ address }) => address))];
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

function cameByMail(amr: readonly string[]): boolean {
  return amr.includes('otp');
}
