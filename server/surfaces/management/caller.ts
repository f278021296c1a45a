import { Problem } from '../../base/errors.ts';
import type { Sight } from './sight.ts';

type Powers = { readonly scopes: ReadonlySet<string>; readonly access: Sight };

/** Who calls: a machine with an access token of its own, or one of the staff by the console; and what they may. */
export type Caller =
  | (Powers & { readonly kind: 'machine'; readonly clientId: string; readonly name: string })
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

/** 403 with Auth0's words, unless the caller may do one of these. */
export function demandScope({ scopes }: Pick<Caller, 'scopes'>, ...may: readonly string[]): void {
  if (may.some((scope) => scopes.has(scope))) return;
  throw new Problem('access_denied', `Insufficient scope, expected any of: ${may.join(',')}`, {
    errorCode: 'insufficient_scope',
  });
}

/** Who saves something, as versions keep it: under the name that they have now. */
export function authorOf(caller: Caller): { by: string; name: string } {
  return { by: originOf(caller), name: caller.name };
}
