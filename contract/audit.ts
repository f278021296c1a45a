import { z } from 'zod';

const instant = z.iso.datetime();
const change = z.strictObject({ before: z.json().optional(), after: z.json().optional() });

/** A row of the audit log, as the API shows it. */
export const auditEntry = z
  .strictObject({
    id: z.uuid(),
    at: instant,
    /** Who: one of the staff, or a machine; called as they were then. */
    by: z.strictObject({ kind: z.literal(['staff', 'machine']), id: z.string(), name: z.string() }),
    /** `refuse`: it was not allowed, and nothing happened. */
    act: z.literal(['read', 'create', 'change', 'delete', 'refuse']),
    /** The operation, `PATCH /users/{id}`, and what it is in words. */
    route: z.string(),
    summary: z.string(),
    /** What it was about: `customer`, `customers` (a list), `brand`, ... */
    about: z.string(),
    /** Which one; null: a customer, or none in particular. */
    thing: z.string().nullable(),
    /** The customer; null: none, or erased since. */
    user_id: z.string().nullable(),
    /** Attributes or settings that were written, as far as you may see them. */
    paths: z.array(z.string()),
    /** What their values were and became, as far as you may see them; gone when the customer was erased. */
    changes: z.record(z.string(), change),
    ip: z.string().nullable(),
    user_agent: z.string(),
    /** Is it in the chain already? It is within seconds. */
    sealed: z.boolean(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntry>;

/** GET /audit/verify: what was found in a part of the log. */
export const auditVerified = z
  .strictObject({
    ok: z.boolean(),
    /** Rows of the chain that were looked at. */
    rows: z.int(),
    /** Newer ones that are not in the chain yet. */
    unsealed: z.int(),
    /** The newest seal: noted elsewhere, it shows a log that was put back to an older state. */
    head: z.strictObject({ number: z.string(), hash: z.string() }).nullable(),
    /** Where the log is not as it was written, at most 100. */
    breaks: z.array(
      z.strictObject({
        what: z.literal(['row_changed', 'values_changed', 'values_missing', 'rows_missing', 'row_added', 'chain_cut']),
        entry: z.uuid().optional(),
        seal: z.string().optional(),
      }),
    ),
    /** Given as `from`, it goes on from here; missing where the log ends. */
    next: z.string().optional(),
  })
  .meta({ id: 'AuditVerified' });
