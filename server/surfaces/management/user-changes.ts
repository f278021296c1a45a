import { partsOfPath } from '../../../contract/attribute-paths.ts';
import type { Json } from '../../base/json.ts';
import type { Change } from '../../features/audit/audit.ts';
import type { Customer } from '../../features/customers/customers.ts';

/** What stood at these paths before an act and what stands there after it; what is no attribute is left out. */
export function changesOf(before: Customer, after: Customer, paths: readonly string[]): Record<string, Change> {
  const changes: Record<string, Change> = {};
  for (const path of paths) {
    const change = { before: valueAt(before, path), after: valueAt(after, path) };
    if (change.before !== undefined || change.after !== undefined) changes[path] = change;
  }
  return changes;
}

function valueAt(customer: Customer, path: string): Json | undefined {
  if (path === 'email_verified') return customer.email_verified;
  if (path === 'phone_verified') return customer.phone_verified;
  if (path === 'blocked') return customer.blocked;
  const parts = partsOfPath(path);
  if (parts?.place === 'root') return customer.attributes[parts.key];
  return parts && parts.place !== 'brands' ? customer[parts.place][parts.key] : undefined;
}
