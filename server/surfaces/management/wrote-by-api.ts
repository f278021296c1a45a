import type { TimelineDraft } from '../../features/customers/customers.ts';
import { type Caller, clientOf, originOf } from './caller.ts';

/** The row of the timeline for a profile that a machine or staff wrote: who and which paths, never the values. */
export function wroteByApi(
  name: 'profile_created' | 'profile_changed',
  subject: string,
  caller: Caller,
  at: Date,
  changes: readonly { path: string }[],
): TimelineDraft {
  const paths = changes.slice(0, 1000).map(({ path }) => path);
  const who = caller.kind === 'staff' ? { by: originOf(caller) } : {};
  const source = caller.kind === 'staff' ? 'staff' : 'api';
  return {
    class: 'profile',
    subject,
    portal: clientOf(caller),
    source,
    name,
    occurredAt: at,
    data: { paths, ...who },
  };
}
