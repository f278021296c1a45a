import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventPage, openEventPage } from '../../../test/event-page.ts';
import { type ManagementTest, managementTest, object } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { appendTimeline, findByUserId, subjectsOf } from '../../features/customers/customers.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
let user = '';
let subject = '';
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  await api.call('POST', '/connections', { name: 'Username-Password-Authentication', strategy: 'auth0' });
  const draft = { connection: 'Username-Password-Authentication', password: 'correct horse battery' };
  const made = await api.call('POST', '/users', { ...draft, email: 'live@example.com', email_verified: true });
  user = String(object(made).user_id);
  [subject = ''] = await subjectsOf(api.base.db, (await findByUserId(api.base.db, user))?.id ?? '');
  await api.app.listen({ port: 0, host: '127.0.0.1' });
});
after(() => api.close());

const happen = (name: string) =>
  appendTimeline(api.base.db, [
    { class: 'sign_in', subject, source: 'login', name, occurredAt: new Date(), data: { given_name: 'Planted' } },
  ]);

// A page may still be told that the customer was created, just before it was opened.
const told = ({ events }: EventPage) =>
  events.map(({ data }) => data.name).filter((name) => name !== 'profile_created');

test('security row 16: an open page tells nothing more once a role is another, or the session is over', async () => {
  const { db, config } = api.base;
  const takings: [what: string, take: (staff: string) => Promise<unknown>][] = [
    ['a role that hides more', (staff) => changeRole(staff, { reads: ['*', '-given_name'] })],
    ['a role without the scope', (staff) => changeRole(staff, { scopes: [] })],
    ['no role', (staff) => db.deleteFrom('staff_role_holders').where('staff', '=', staff).execute()],
    ['blocked', (staff) => db.updateTable('staff').set({ blocked: true }).where('id', '=', staff).execute()],
    ['signed out', (staff) => db.deleteFrom('staff_sessions').where('staff', '=', staff).execute()],
  ];
  const pages = await Promise.all(
    takings.map(async ([what, take]) => {
      const { id, headers } = await signInStaff(api, { ready: 'associate', reads: ['*'] });
      const url = `/api/v2/users/${encodeURIComponent(user)}/live`;
      const page = await openEventPage(api.app.server.address(), url, { ...headers, host: new URL(config.url).host });
      assert.equal(page.status, 200);
      return { what, take, id, page };
    }),
  );
  await happen('before');
  for (const { page } of pages) while (told(page).length === 0) await page.until(page.events.length + 1);
  await Promise.all(pages.map(({ take, id }) => take(id)));
  await sleep(1100);
  await happen('after');
  for (const { what, page } of pages) {
    await page.ended;
    assert.deepEqual(told(page), ['before'], what);
  }
});

async function changeRole(staff: string, columns: { reads?: string[]; scopes?: string[] }): Promise<void> {
  const { db } = api.base;
  const { role } = await db
    .selectFrom('staff_role_holders')
    .select('role')
    .where('staff', '=', staff)
    .executeTakeFirstOrThrow();
  await db.updateTable('staff_roles').set(columns).where('id', '=', role).execute();
}
