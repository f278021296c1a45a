// What the command line does with the audit log.
import type { Base } from './base/base.ts';
import { type Break, openAuditKey, verifyAudit } from './features/audit/audit.ts';
import { livingOf } from './features/customers/customers.ts';

const words: Readonly<Record<Break['what'], string>> = {
  row_changed: 'a row is not as it was written',
  values_changed: 'the values of a row are not as they were written',
  values_missing: 'the values of a row are gone, and its customer is not',
  rows_missing: 'rows are missing',
  row_added: 'a row is in no seal that there is',
  chain_cut: 'the chain is cut: a seal is missing or changed, or its rows were moved',
};

/** `audit verify`: goes through the whole log and tells where it is not as it was written. */
export async function verifyAuditLog(base: Base): Promise<{ ok: boolean; told: string }> {
  await openAuditKey(base);
  const { ok, rows, unsealed, head, breaks } = await verifyAudit(base.db, (ids) => livingOf(base.db, ids));
  const found = breaks.map(({ what, entry, seal }) => {
    const where = [entry && `row ${entry}`, seal && `seal ${seal}`].filter((one) => one !== undefined).join(', ');
    return `  ${words[what]} (${where})`;
  });
  const looked = `${rows} rows in the chain, ${unsealed} not sealed yet.`;
  const newest = head ? `Newest seal: ${head.number} ${head.hash}` : 'Nothing is sealed yet.';
  const told = ok
    ? ['The audit log is as it was written.', looked]
    : ['The audit log was tampered with:', ...found, looked];
  return { ok, told: [...told, newest].join('\n') };
}
