import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import type { Json } from '../../base/json.ts';
import { runPostChangePassword, runPostRegistration } from '../../features/actions/actions.ts';
import { findBySubject, identitiesOf } from '../../features/customers/customers.ts';
import { portal as portalOf } from '../../features/portals/portals.ts';
import { deadlineOf, hostOf, keepRuns } from './code.ts';
import { eventAfter } from './events.ts';

const queued = z.object({
  trigger: z.literal(['post-user-registration', 'post-change-password']),
  subject: z.uuid(),
  connection: z.string().optional(),
  ip: z.string().optional(),
  userAgent: z.string().optional(),
  language: z.string().optional(),
  portal: z.string().optional(),
  /** See `ownCallDepth`. */
  depth: z.int().default(0),
});

/** Job `run_actions`: the actions for which nobody waits. Who is erased by now is not told of. */
export async function runActionsLater(base: Base, payload: Json): Promise<void> {
  const { trigger, subject, portal: clientId, depth, ...about } = queued.parse(payload);
  const customer = await findBySubject(base.db, subject);
  const deadlineMs = await deadlineOf(base);
  if (!customer || deadlineMs === undefined) return;
  const identities = await identitiesOf(base.db, customer.id);
  const connection = about.connection ?? identities.find((one) => one.subject === subject)?.connection;
  const portal = clientId === undefined ? undefined : await portalOf(base, clientId);
  const event = await eventAfter(base, about, { trigger, customer, connection, portal });
  const run = { event, host: hostOf(base, { ip: about.ip, depth }), customer: customer.id, deadlineMs };
  const runs = trigger === 'post-user-registration' ? runPostRegistration : runPostChangePassword;
  const outcome = await runs(base, run);
  if (outcome) keepRuns(base, customer.id, outcome);
}
