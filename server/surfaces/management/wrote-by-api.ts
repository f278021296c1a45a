import type { TimelineDraft } from '../../features/customers/customers.ts';
import type { Caller } from './route.ts';

/** The row of the timeline for a profile that a machine wrote: who and which paths, never the values. */
export function wroteByApi(
  name: 'profile_created' | 'profile_changed',
  subject: string,
  caller: Caller,
  at: Date,
  changes: readonly { path: string }[],
): TimelineDraft {
  const paths = changes.slice(0, 1000).map(({ path }) => path);
  return { class: 'profile', subject, portal: caller.clientId, source: 'api', name, occurredAt: at, data: { paths } };
}
