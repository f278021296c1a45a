import type { Base } from '../../base/base.ts';
import type { CarriedText } from '../../base/send-text.ts';
import { isActionBound, runSendPhoneMessage } from '../../features/actions/actions.ts';
import { findBySubject } from '../../features/customers/customers.ts';
import { portal as portalOf } from '../../features/portals/portals.ts';
import { deadlineOf, hostOf, keepRuns } from './code.ts';
import { eventOfMessage } from './events.ts';

/**
 * Has the actions at send-phone-message carry a message, instead of a provider.
 *
 * @returns false: none is bound, or all have failed without which one goes on: the provider is to carry it
 * @throws Error when they have refused, or one has failed without which nothing goes on: the message was not sent
 */
export async function carryByAction(base: Base, message: CarriedText): Promise<boolean> {
  if (!(await isActionBound(base, 'send-phone-message'))) return false;
  const deadlineMs = await deadlineOf(base);
  if (deadlineMs === undefined) return false;
  const { whose, portal: clientId } = message;
  const customer = whose === null ? undefined : await findBySubject(base.db, whose);
  const portal = clientId === undefined ? undefined : await portalOf(base, clientId);
  const event = await eventOfMessage(base, message, { customer, portal });
  const outcome = await runSendPhoneMessage(base, {
    event,
    host: hostOf(base, { ip: message.ip }),
    customer: customer?.id,
    deadlineMs,
  });
  if (outcome) keepRuns(base, customer?.id, outcome);
  if (outcome?.refused) throw new Error('The actions that send messages have failed.');
  return outcome?.runs.some(({ error }) => !error) ?? false;
}
