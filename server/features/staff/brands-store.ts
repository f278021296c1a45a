import { sql } from 'kysely';
import type { Db } from '../../base/db.ts';

/**
 * Takes a brand that is removed out of everything that is limited to brands: staff, roles and open invitations. What was
 * limited to it alone is limited to none.
 */
export async function forgetBrand(tx: Db, brand: string, at: Date): Promise<void> {
  for (const table of ['staff', 'staff_roles'] as const) {
    await sql`
      update ${sql.table(table)} set brands = array_remove(brands, ${brand}::uuid), version = version + 1,
        updated_at = ${at}
      where ${brand}::uuid = any(brands)`.execute(tx);
  }
  await sql`
    update staff_tickets set data = jsonb_set(data, '{brands}', (data -> 'brands') - ${brand}::text)
    where data -> 'brands' ? ${brand}::text`.execute(tx);
}
