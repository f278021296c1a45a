import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import type { EndSessions } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { beginCodeSignIn, redeemCodeSignIn } from './code-sign-in.ts';
import { readOpenCodeOf } from './code-store.ts';
import type { MailedCode } from './codes.ts';
import { acceptEmail } from './identifiers.ts';
import { findAccount } from './store.ts';

/**
 * Mails a code that this portal itself will take. There is no page of ours, so what holds the code together is the
 * portal and the address: it is good nowhere else, and the newest one alone. Any address gets one.
 *
 * @throws Problem invalid_body (extra: field), too_many_attempts
 */
export async function beginPortalCode(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  ask: { email: string; portal: string; asked: Asked },
): Promise<MailedCode> {
  const email = acceptEmail(ask.email);
  return beginCodeSignIn(base, { email, flow: placeOf(base, ask.portal, email), asked: ask.asked });
}

/**
 * Proves the address by the code that the portal hands over. Nobody can be asked which profile is meant: where several
 * customers have proven the address, it is the one whose account in this connection has it.
 *
 * @returns without `owner` when nobody has the address: `completeCodeSignUp` may make an account, in this `flow`
 * @throws Problem code_wrong (extra: remaining), code_expired, too_many_attempts, busy, invalid_body (extra: field);
 *   access_denied when it is one of several that have no account there
 */
export async function redeemPortalCode(
  base: Pick<Base, 'db' | 'vault'>,
  typed: {
    email: string;
    typed: string;
    portal: string;
    connection: string;
    asked: Asked;
    endSessions: EndSessions;
  },
): Promise<{ address: string; code: string; flow: string; owner: AtDoor | undefined }> {
  const { portal, connection, ...rest } = typed;
  const address = acceptEmail(typed.email);
  const flow = placeOf(base, portal, address);
  const open = await readOpenCodeOf(base.db, { flow, purpose: 'sign_in' }, now());
  if (!open) throw new Problem('code_expired');
  const { owners } = await redeemCodeSignIn(base, { ...rest, code: open.id, flow, connection });
  const known = { address, code: open.id, flow };
  const [only, another] = owners;
  if (!another) return { ...known, owner: only };
  const account = await findAccount(base.db, connection, { kind: 'email', value: address });
  const owner = owners.find((one) => one.subject === account?.subject);
  if (!owner) throw new Problem('access_denied', 'Several profiles share this address. Sign in on the page to choose.');
  return { ...known, owner };
}

/**
 * Stands where a page's flow would: no flow has such an id, and nothing of the address (or number) can be read from it.
 */
export function placeOf({ vault }: Pick<Base, 'vault'>, portal: string, address: string): string {
  return `portal.${vault.keyedHash('portal-code', JSON.stringify([portal, address])).toString('base64url')}`;
}
