import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { isActionBound, runPreRegistration } from '../../features/actions/actions.ts';
import type { FactDraft } from '../../features/customers/customers.ts';
import { deadlineOf, hostOf, keepRuns } from './code.ts';
import { eventOfRegistration, type Registration } from './events.ts';

/** What actions have decided of a new customer. */
type Decided = {
  /** What they add. */
  readonly facts: readonly FactDraft[];
  /** Paths of which they have decided, also that there is to be nothing: what others say of these does not count. */
  readonly paths: ReadonlySet<string>;
};

const undecided: Decided = { facts: [], paths: new Set() };

/**
 * Runs the actions at pre-user-registration.
 *
 * @throws Problem `access_denied` (extra: reason `registration_refused`, code) with the message for the person
 */
export async function beforeRegistration(base: Base, registration: Registration): Promise<Decided> {
  if (!(await isActionBound(base, 'pre-user-registration'))) return undecided;
  const deadlineMs = await deadlineOf(base);
  if (deadlineMs === undefined) return undecided;
  const event = await eventOfRegistration(base, registration);
  const outcome = await runPreRegistration(base, { event, host: hostOf(base, { ip: registration.ip }), deadlineMs });
  if (!outcome) return undecided;
  keepRuns(base, undefined, outcome);
  const { refused, userMetadata, appMetadata } = outcome;
  if (refused) {
    base.log.info({ action: refused.action, by: refused.by, reason: refused.code }, 'an action refused a registration');
    const message = refused.message.trim() || 'You cannot sign up here.';
    throw new Problem('access_denied', message, { reason: 'registration_refused', code: refused.code });
  }
  const said = { source: 'umbrella', origin: 'actions', at: registration.at } as const;
  const decided = [...valuesIn('user_metadata', userMetadata), ...valuesIn('app_metadata', appMetadata)];
  return {
    facts: decided.flatMap(({ path, value }) => (value === null ? [] : [{ ...said, path, value }])),
    paths: new Set(decided.map(({ path }) => path)),
  };
}

function valuesIn(place: 'user_metadata' | 'app_metadata', values: JsonObject) {
  return Object.entries(values).map(([key, value]) => ({ path: `${place}.${key}`, value }));
}
