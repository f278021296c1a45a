import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { makeRecoveryCodes } from '../../base/credentials/recovery-codes.ts';
import { type ProvenFactor, provenFactor } from '../../features/accounts/accounts.ts';
import { waitingFlow } from './second-ways.ts';
import type { Visit } from './visit.ts';

const newFactor = z.object({
  proven: provenFactor,
  /** How its first code was proven. */
  amr: z.array(z.string()),
  /** Shown to the customer already, and written with the factor. */
  codes: z.array(z.string()),
});

/** A factor that was added on the pages: written when the sign-in is recorded, not before. */
export type NewFactor = z.infer<typeof newFactor>;

/** The first code was typed: the factor and ten recovery codes, sealed for this waiting of this flow. */
export function sealNewFactor(
  { vault }: Pick<Base, 'vault'>,
  visit: Visit,
  proven: ProvenFactor,
  how: 'otp' | 'sms' | 'tel',
): string {
  const made: NewFactor = { proven, amr: [how, 'mfa'], codes: makeRecoveryCodes() };
  return vault.encrypt(JSON.stringify(made), contextOf(visit));
}

/** The factor that was proven in this waiting of this flow, if one was. */
export function provenInFlow({ vault }: Pick<Base, 'vault'>, visit: Visit): NewFactor | undefined {
  const sealed = visit.page?.state.enrolment?.proven;
  if (sealed === undefined) return undefined;
  try {
    return newFactor.parse(JSON.parse(vault.decrypt(sealed, contextOf(visit))));
  } catch {
    return undefined; // of another waiting
  }
}

function contextOf(visit: Visit): string {
  return `new factor ${waitingFlow(visit)}`;
}
