// Staff who are signed in, without their pages: for tests of what the API shows them.
import { now } from '../server/base/clock.ts';
import { uuid } from '../server/base/ids.ts';
import { insertSession } from '../server/features/staff/session-store.ts';
import type { ManagementTest } from './management.ts';

export type Member = {
  /** A ready role; its lists and brands are replaced by those below, if any are given. */
  ready: string;
  scopes?: readonly string[];
  reads?: readonly string[];
  writes?: readonly string[];
  brands?: readonly string[] | null;
};

/** Makes one of the staff with a role of their own, like a ready one. @returns their id and the headers of their calls */
export async function signInStaff(
  { base }: Pick<ManagementTest, 'base'>,
  { ready, brands = null, ...own }: Member,
): Promise<{ id: string; headers: Record<string, string> }> {
  const { db, config } = base;
  const at = now();
  const [id, role] = [uuid(), uuid()];
  const like = await db.selectFrom('staff_roles').selectAll().where('ready', '=', ready).executeTakeFirstOrThrow();
  const { scopes, reads, writes } = { ...like, ...own };
  const times = { created_at: at, updated_at: at };
  const lists = { scopes: [...scopes], reads: [...reads], writes: [...writes] };
  await db
    .insertInto('staff_roles')
    .values({ ...lists, id: role, name: `${ready} ${role}`, brands: brands && [...brands], ...times })
    .execute();
  await db
    .insertInto('staff')
    .values({ id, email: `${id}@umbrella.example`, name: `Staff ${ready}`, ...times })
    .execute();
  await db.insertInto('staff_role_holders').values({ staff: id, role }).execute();
  const draft = { staff: id, amr: ['pwd'], ip: '192.0.2.7', userAgent: 'test', at };
  const token = await insertSession(db, draft);
  const cookie = `staff=${token}`;
  return { id, headers: { cookie, 'x-regulars-console': '1', origin: config.url } };
}
