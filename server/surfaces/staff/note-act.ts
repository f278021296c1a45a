import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { recordAudit } from '../../features/audit/audit.ts';
import type { From } from '../../features/staff/staff.ts';

/** What one of the staff did at these pages, from where. */
export type Done = {
  readonly staff: { readonly id: string; readonly name: string };
  readonly from: Pick<From, 'ip' | 'userAgent'>;
  readonly act: 'create' | 'change' | 'delete';
  /** Of the form, below `/staff`. */
  readonly path: string;
  /** What it did, in words. */
  readonly summary: string;
};

/** Writes into the audit log what somebody did about themselves; in the transaction of the act. */
export function noteAct({ db }: Pick<Base, 'db'>, { staff, from, act, path, summary }: Done): Promise<void> {
  const { id: who, name: whoName } = staff;
  const route = `POST /staff/${path}`;
  const what = { act, route, summary, about: 'staff', thing: who, customer: null, paths: [] };
  return recordAudit(db, { at: now(), by: 'staff', who, whoName, ...what, ip: from.ip, userAgent: from.userAgent });
}
