import type { Powers } from '../../features/staff/staff.ts';

/** Who calls: a machine with an access token of its own, or one of the staff by the console; and what they may. */
export type Caller =
  | (Powers & { readonly kind: 'machine'; readonly clientId: string })
  | (Powers & { readonly kind: 'staff'; readonly staffId: string; readonly name: string });

/** Who wrote, as facts, proofs and consents keep it: a `client_id`, or `staff|<id>`. */
export function originOf(caller: Caller): string {
  return caller.kind === 'machine' ? caller.clientId : `staff|${caller.staffId}`;
}

/** The machine's `client_id`; none for staff. */
export function clientOf(caller: Caller): string | undefined {
  return caller.kind === 'machine' ? caller.clientId : undefined;
}

/** Who changes something, as acts on customers name it. */
export function actOf(caller: Caller): { by: 'api' | 'staff'; origin: string } {
  return { by: caller.kind === 'machine' ? 'api' : 'staff', origin: originOf(caller) };
}
