import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';

/** The customers that were merged into this one, directly or by way of others, with itself. */
export async function readMergedInto(db: Db, customerId: string): Promise<string[]> {
  const found = await sql<{ id: string }>`
    with recursive family as (
      select id from customers where id = ${customerId}
      union all
      select loser.id from family join customers loser on loser.merged_into = family.id
    )
    select id from family`.execute(db);
  return found.rows.map((row) => row.id);
}

export type ProvenAddress = { kind: string; address: string; shared: boolean };

/** The addresses that were proven of these subjects. `shared`: somebody else has proven the same. */
export async function readProvenAddresses(db: Db, subjects: readonly string[]): Promise<ProvenAddress[]> {
  const found = await sql<ProvenAddress>`
    select distinct kind, address, exists (
      select from proofs other
      where other.kind = proofs.kind and other.address = proofs.address and other.subject <> all(${subjects})
    ) as shared
    from proofs where subject = any(${subjects})`.execute(db);
  return found.rows;
}

/** Deletes every row of these subjects, and devices that nobody uses any more. */
export async function deleteSubjects(tx: Db, subjects: readonly string[]): Promise<void> {
  await sql`
    with gone as (delete from device_subjects where subject = any(${subjects}) returning device)
    delete from devices where id in (select device from gone) and not exists (
      select from device_subjects other where other.device = devices.id and other.subject <> all(${subjects})
    )`.execute(tx);
  if (subjects.length === 0) return;
  await tx.deleteFrom('sign_in_places').where('subject', 'in', subjects).execute();
  await tx.deleteFrom('visits').where('subject', 'in', subjects).execute();
  await tx.deleteFrom('made_for').where('subject', 'in', subjects).execute();
  await tx.deleteFrom('timeline').where('subject', 'in', subjects).execute();
  await tx.deleteFrom('proofs').where('subject', 'in', subjects).execute();
  await tx.deleteFrom('facts').where('subject', 'in', subjects).execute();
  await tx.deleteFrom('identities').where('subject', 'in', subjects).execute();
  await tx.deleteFrom('members').where('subject', 'in', subjects).execute();
  await tx.deleteFrom('subjects').where('id', 'in', subjects).execute();
}

export async function deleteCustomers(tx: Db, customerIds: readonly string[]): Promise<void> {
  await tx.deleteFrom('watched_customers').where('customer', 'in', customerIds).execute();
  await tx.deleteFrom('search_words').where('customer', 'in', customerIds).execute();
  await tx.deleteFrom('customers').where('id', 'in', customerIds).execute();
}
