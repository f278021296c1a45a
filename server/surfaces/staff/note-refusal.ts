import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import type { Json } from '../../base/json.ts';
import { recordAudit } from '../../features/audit/audit.ts';
import { getStaff } from '../../features/staff/staff.ts';

const refusal = z.object({
  staff: z.uuid().nullable(),
  ip: z.string(),
  step: z.enum(['first', 'factor']),
  at: z.iso.datetime(),
  isShut: z.boolean(),
});

const words = { first: 'Not their password, passkey or code', factor: 'Not their second factor' } as const;

/**
 * Job `note_staff_refusal`: that somebody who is not them tried a secret of one of the staff, from where, is in the audit
 * log. It is queued for an address that nobody has, too, and ends here then: so both take the same time at the door.
 */
export async function noteStaffRefusal({ db }: Pick<Base, 'db'>, payload: Json): Promise<void> {
  const { staff: who, ip, step, at, isShut } = refusal.parse(payload);
  const staff = who === null ? undefined : await getStaff(db, who);
  if (!staff) return;
  const summary = isShut ? `${words[step]}: shut out from now on` : words[step];
  const route = step === 'factor' ? 'POST /staff/factor' : 'POST /staff/sign-in';
  const what = { act: 'refuse', route, summary, about: 'staff', thing: staff.id, customer: null, paths: [] } as const;
  const from = { ip, userAgent: '' };
  await recordAudit(db, { at: new Date(at), by: 'staff', who: staff.id, whoName: staff.name, ...what, ...from });
}
