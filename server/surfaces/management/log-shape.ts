import type { LogEntry } from '../../../contract/users.ts';
import type { Base } from '../../base/base.ts';
import { timelineNames } from '../../features/accounts/accounts.ts';
import { connectionByName } from '../../features/connections/connections.ts';
import type { Customer, TimelineEntry } from '../../features/customers/customers.ts';
import { portal } from '../../features/portals/portals.ts';
import { hideFromDetails } from './hide.ts';
import { type Sight, sees, seesBrand } from './sight.ts';

/** What of the timeline is sign-in history. */
export const logClasses = ['sign_in', 'security'] as const;

/** A row of the timeline in the shape of Auth0's logs, with Auth0's type code, as far as the caller may see it. */
export async function showLog(base: Base, customer: Customer, entry: TimelineEntry, sight: Sight): Promise<LogEntry> {
  const { data, ip, userAgent } = entry;
  const found = entry.portal === null ? undefined : await portal(base, entry.portal);
  const client = found && seesBrand(sight, found.brand) ? found : undefined;
  const name = typeof data.connection === 'string' ? data.connection : undefined;
  const connection = name === undefined ? undefined : await connectionByName(base, name);
  const id = logId(entry);
  return {
    log_id: id,
    _id: id,
    date: entry.occurredAt.toISOString(),
    type: typeOf(entry.name),
    description: entry.name.replaceAll('_', ' '),
    ...(entry.portal !== null && (client || !found) && { client_id: entry.portal }),
    ...(client && { client_name: client.name }),
    ...(name !== undefined && { connection: name }),
    ...(connection && {
      connection_id: connection.id,
      strategy: connection.strategy,
      strategy_type: strategyTypes[connection.strategy] ?? 'social',
    }),
    ...(ip !== null && sees(sight, 'last_ip') && { ip }),
    ...(userAgent !== null && { user_agent: userAgent }),
    user_id: customer.user_id,
    ...(customer.email !== null && sees(sight, 'email') && { user_name: customer.email }),
    details: hideFromDetails(data, sight),
  };
}

const strategyTypes: Readonly<Record<string, string>> = { auth0: 'database', sms: 'passwordless' };

/** Auth0's code; what Auth0 has none for is its `sapi`, a change that succeeded. */
function typeOf(name: string): string {
  const known = Object.entries(timelineNames).find(([one]) => one === name);
  return known?.[1].type ?? 'sapi';
}

/** `900`, the time to the second, and digits of the row's own id: in the order of time, as Auth0's are. */
function logId({ receivedAt, id }: TimelineEntry): string {
  const time = receivedAt.toISOString().replace(/\D/g, '').slice(0, 14);
  const digits = BigInt(`0x${id.replaceAll('-', '').slice(-16)}`);
  return `900${time}${digits.toString().padStart(20, '0')}`;
}
