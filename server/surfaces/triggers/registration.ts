import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { isActionBound, runPreRegistration } from '../../features/actions/actions.ts';
import type { FactDraft } from '../../features/customers/customers.ts';
import { deadlineOf, hostOf, keepRuns } from './code.ts';
import { eventOfRegistration, type Registration } from './events.ts';

/**
 * Runs the actions at pre-user-registration.
 *
 * @returns what they add, as facts for the new customer
 * @throws Problem `access_denied` (extra: reason `registration_refused`, code) with the message for the person
 */
export async function beforeRegistration(base: Base, registration: Registration): Promise<FactDraft[]> {
  if (!(await isActionBound(base, 'pre-user-registration'))) return [];
  const deadlineMs = await deadlineOf(base);
  if (deadlineMs === undefined) return [];
  const event = await eventOfRegistration(base, registration);
  const outcome = await runPreRegistration(base, { event, host: hostOf(base, { ip: registration.ip }), deadlineMs });
  if (!outcome) return [];
  keepRuns(base, undefined, outcome);
  const { refused, userMetadata, appMetadata } = outcome;
  if (refused) {
    base.log.info({ action: refused.action, by: refused.by, reason: refused.code }, 'an action refused a registration');
    const message = refused.message.trim() || 'You cannot sign up here.';
    throw new Problem('access_denied', message, { reason: 'registration_refused', code: refused.code });
  }
  const said = { source: 'umbrella', origin: 'actions', at: registration.at } as const;
  return [
    ...factsIn('user_metadata', userMetadata).map((one) => ({ ...said, ...one })),
    ...factsIn('app_metadata', appMetadata).map((one) => ({ ...said, ...one })),
  ];
}

function factsIn(place: 'user_metadata' | 'app_metadata', values: JsonObject) {
  return Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [{ path: `${place}.${key}`, value }]));
}
