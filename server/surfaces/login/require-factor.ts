import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { textChannels } from '../../base/text-provider.ts';
import { type FactorKind, issueMfaToken, type MfaToken } from '../../features/accounts/accounts.ts';
import { type Held, openHeld, sealHeld } from './held.ts';
import { challengeable } from './second-ways.ts';
import type { Visit } from './visit.ts';

// A sign-in that passes no page of ours (password grant, refresh) and needs a second factor: the portal gets a token
// with which it asks the customer itself, as Auth0's MFA API has it.

/** What the portal had asked for, to be given once the factor is passed. */
export type AskedTokens = { readonly scope: readonly string[]; readonly audience?: string | undefined };

const content = z.object({ held: z.string(), scope: z.array(z.string()), audience: z.string().optional() });
const context = 'mfa_token';

/** In Auth0's words. */
const types: Readonly<Record<FactorKind, string>> = {
  totp: 'otp',
  phone: 'phone',
  email: 'email',
  recovery_codes: 'recovery-code',
};

/** Refuses the sign-in with Problem `mfa_required` (extra: mfa_token, mfa_requirements). */
export async function requireFactor(base: Base, visit: Visit, held: Held, asked: AskedTokens): Promise<never> {
  if (held.found.kind !== 'known') throw new Problem('access_denied', 'A page is needed first: sign in there.');
  const { customer } = held.found;
  const token = await issueMfaToken(base.db, {
    customer,
    portal: visit.portal.client_id,
    content: {
      held: sealHeld(base, context, held),
      scope: [...asked.scope],
      ...(asked.audience !== undefined && { audience: asked.audience }),
    },
  });
  const usable = await challengeable(base, customer, held.proven.amr);
  const kinds = [...new Set(usable.map(({ kind }) => types[kind]))];
  const phone = (await textChannels(base)).length > 0 ? ['phone'] : [];
  const requirements =
    kinds.length > 0
      ? { challenge: kinds.map((type) => ({ type })) }
      : { enroll: ['otp', ...phone].map((type) => ({ type })) };
  throw new Problem('mfa_required', undefined, { mfa_token: token, mfa_requirements: requirements });
}

/** What a token of `requireFactor` goes on with: the door `held` of the journey, and what was asked for. */
export function openRequired(base: Base, { content: stored }: MfaToken): { held: Held; asked: AskedTokens } {
  const { held, scope, audience } = content.parse(stored);
  return { held: openHeld(base, context, held), asked: { scope, audience } };
}
